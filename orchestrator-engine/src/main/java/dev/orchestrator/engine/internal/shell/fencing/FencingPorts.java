package dev.orchestrator.engine.internal.shell.fencing;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.MaintenanceLocks;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.engine.internal.core.recovery.Losses;
import dev.orchestrator.engine.internal.shell.audit.AuditTrail;
import dev.orchestrator.engine.internal.shell.discovery.FleetView;
import dev.orchestrator.engine.internal.shell.leader.Leadership;
import dev.orchestrator.spi.FenceStore;
import dev.orchestrator.spi.InstanceGateway;
import dev.orchestrator.spi.RecoveryStore;
import dev.orchestrator.spi.Right;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What fencing reaches out to.
 *
 * @param observeOnly whether servers are left alone
 * @param pollInterval how far apart two readings must be to be two
 * @param gateway the way to the servers
 * @param fleet the picture
 * @param fences where fences are remembered
 * @param recoveries where recoveries are remembered
 * @param locks the maintenance locks
 * @param leadership whether this node leads
 * @param audit told of what was done
 * @param self this node, as the one who acts
 * @param clock the time of day
 * @param ticker monotonic time
 * @param records completes the record of a recovery
 * @param findings what is wrong with servers, and why nothing is done about it
 */
public record FencingPorts(
        boolean observeOnly,
        Duration pollInterval,
        InstanceGateway gateway,
        FleetView fleet,
        FenceStore fences,
        RecoveryStore recoveries,
        MaintenanceLocks locks,
        Leadership leadership,
        AuditTrail audit,
        Actor self,
        InstantSource clock,
        Ticker ticker,
        Records records,
        Findings findings) {

    /** Completes records of recoveries with what is found out late. */
    @FunctionalInterface
    public interface Records {
        /**
         * What the former primary turned out to hold alone. What was said to be missing stays named, unless the primary
         * turns out to hold it.
         *
         * @param fence its fence
         * @param losses what is missing in the primary
         * @param held what the primary holds
         * @param right by what right
         */
        void complete(Fence fence, Losses losses, GtidSet held, Right right);
    }

    /** What is found wrong with servers. */
    public interface Findings {
        /**
         * Analyses one server.
         *
         * @param fleet the picture
         * @param key the server
         * @return empty when nothing is wrong
         */
        Optional<FailureAnalysis> analyze(Fleet fleet, InstanceKey key);

        /**
         * Says why nothing is done about a finding, once per change of the reason: in the audit, the log and as the last
         * decision about that server.
         *
         * @param key the server
         * @param clusterName its cluster's name
         * @param decision the refusal
         */
        void notActedOn(InstanceKey key, String clusterName, Decision decision);
    }
}
