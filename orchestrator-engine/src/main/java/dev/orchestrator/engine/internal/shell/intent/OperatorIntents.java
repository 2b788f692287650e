package dev.orchestrator.engine.internal.shell.intent;

import dev.orchestrator.api.AuditLog;
import dev.orchestrator.api.ClusterAliases;
import dev.orchestrator.api.Downtimes;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.Nodes;
import dev.orchestrator.api.Pools;
import dev.orchestrator.api.PromotionRules;
import dev.orchestrator.api.Recoveries;
import dev.orchestrator.api.RecoverySwitch;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.spi.Backend;
import java.util.List;
import java.util.function.Supplier;

/** What an orchestrator offers its users of what the backend remembers. Thread-safe. */
public final class OperatorIntents {
    private final Backend backend;
    private final Downtimes downtimes;
    private final PromotionRules promotionRules;
    private final RecoverySwitch recoverySwitch;
    private final ClusterAliases clusterAliases;
    private final Recoveries recoveries;
    private final Pools pools;

    /**
     * Puts it together.
     *
     * @param backend where all is remembered
     * @param config the settings
     * @param fleet which servers and clusters are known
     */
    public OperatorIntents(Backend backend, OrchestratorConfig config, Supplier<Fleet> fleet) {
        AuditedOrders orders = new AuditedOrders(fleet, backend.audit());
        this.backend = backend;
        this.downtimes = new StoredDowntimes(backend.intents(), orders, config.maintenanceDuration());
        this.promotionRules = new StoredPromotionRules(backend.intents(), orders, config.promotionRuleDuration());
        this.recoverySwitch = new StoredRecoverySwitch(backend.intents(), orders);
        this.clusterAliases = new StoredClusterAliases(backend.intents(), orders);
        this.recoveries = new StoredRecoveries(backend.recoveries(), orders, config.recoveryBlockPeriod());
        this.pools = new StoredPools(backend.pools(), orders, config.poolExpiry());
    }

    /** Downtimes. */
    public Downtimes downtimes() {
        return downtimes;
    }

    /** Promotion rules. */
    public PromotionRules promotionRules() {
        return promotionRules;
    }

    /** The global switch. */
    public RecoverySwitch recoverySwitch() {
        return recoverySwitch;
    }

    /** Aliases of clusters. */
    public ClusterAliases clusterAliases() {
        return clusterAliases;
    }

    /** Recoveries. */
    public Recoveries recoveries() {
        return recoveries;
    }

    /** The audit trail. */
    public AuditLog audit() {
        return backend.audit()::read;
    }

    /** Pools. */
    public Pools pools() {
        return pools;
    }

    /** Nodes. */
    public Nodes nodes() {
        return backend.nodes()::alive;
    }

    /** Everything operators want, in one reading. */
    public Intents read() {
        return backend.intents().read();
    }

    /** The fences that hold. */
    public List<Fence> fences() {
        return backend.fences().standing();
    }
}
