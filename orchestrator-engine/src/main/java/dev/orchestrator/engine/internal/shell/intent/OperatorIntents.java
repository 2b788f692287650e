package dev.orchestrator.engine.internal.shell.intent;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.facade.AuditLog;
import dev.orchestrator.api.facade.ClusterAliases;
import dev.orchestrator.api.facade.Downtimes;
import dev.orchestrator.api.facade.Nodes;
import dev.orchestrator.api.facade.Pools;
import dev.orchestrator.api.facade.PromotionRules;
import dev.orchestrator.api.facade.Recoveries;
import dev.orchestrator.api.facade.RecoverySwitch;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.spi.Backend;
import java.util.function.Supplier;

/**
 * What an orchestrator offers its users of what the backend remembers. Thread-safe.
 *
 * @param downtimes downtimes
 * @param promotionRules promotion rules
 * @param recoverySwitch the global switch
 * @param clusterAliases aliases of clusters
 * @param recoveries recoveries
 * @param audit the audit trail
 * @param pools pools
 * @param nodes nodes
 */
public record OperatorIntents(
        Downtimes downtimes,
        PromotionRules promotionRules,
        RecoverySwitch recoverySwitch,
        ClusterAliases clusterAliases,
        Recoveries recoveries,
        AuditLog audit,
        Pools pools,
        Nodes nodes) {
    /**
     * Gives each the store it writes to.
     *
     * @param backend where all is remembered
     * @param config the settings
     * @param fleet which servers and clusters are known
     * @return all of them
     */
    public static OperatorIntents in(Backend backend, OrchestratorConfig config, Supplier<Fleet> fleet) {
        AuditedOrders orders = new AuditedOrders(fleet, backend.audit());
        return new OperatorIntents(
                new StoredDowntimes(backend.intents(), orders, config.maintenanceDuration()),
                new StoredPromotionRules(backend.intents(), orders, config.promotionRuleDuration()),
                new StoredRecoverySwitch(backend.intents(), orders),
                new StoredClusterAliases(backend.intents(), orders),
                new StoredRecoveries(backend.recoveries(), orders, config.recoveryBlockPeriod()),
                backend.audit()::read,
                new StoredPools(backend.pools(), orders, config.poolExpiry()),
                backend.nodes()::alive);
    }
}
