package dev.orchestrator.engine.internal.shell.execution;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.facade.MaintenanceLocks;
import dev.orchestrator.engine.internal.shell.audit.AuditTrail;
import dev.orchestrator.engine.internal.shell.audit.EventSink;
import dev.orchestrator.engine.internal.shell.discovery.FleetView;
import dev.orchestrator.engine.internal.shell.leader.Leadership;
import dev.orchestrator.engine.internal.shell.schedule.Clocks;
import dev.orchestrator.spi.FenceStore;
import dev.orchestrator.spi.InstanceGateway;
import dev.orchestrator.spi.IntentStore;
import dev.orchestrator.spi.RecoveryStore;

/**
 * Everything that what changes servers reaches out to: recoveries, operations, fences.
 *
 * @param config the settings
 * @param node this node's name
 * @param nodeToken the random text of this run of the node
 * @param gateway the way to the servers
 * @param fleet the snapshot
 * @param recoveries where recoveries are remembered
 * @param fences where fences are remembered
 * @param intents what operators want
 * @param locks the maintenance locks
 * @param leadership whether this node leads
 * @param events told what happens
 * @param audit told what was done
 * @param runs where all nodes see what runs
 * @param reanalysis detection's rules
 * @param clocks what time it is
 */
public record RecoveryPorts(
        OrchestratorConfig config,
        String node,
        String nodeToken,
        InstanceGateway gateway,
        FleetView fleet,
        RecoveryStore recoveries,
        FenceStore fences,
        IntentStore intents,
        MaintenanceLocks locks,
        Leadership leadership,
        EventSink events,
        AuditTrail audit,
        RunRegistry runs,
        Reanalysis reanalysis,
        Clocks clocks) {
    /**
     * The engine itself, as the one who acts.
     *
     * @return the automatic actor of this node
     */
    public Actor automatic() {
        return new Actor("orchestrator", Origin.AUTOMATIC, node.isEmpty() ? "local" : node);
    }
}
