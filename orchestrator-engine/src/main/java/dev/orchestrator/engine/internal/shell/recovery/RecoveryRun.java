package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.plan.DeadPrimaryPlanner;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * What the phases of one recovery share.
 *
 * @param ports what it reaches out to
 * @param order what it was told
 * @param authority its right to act
 * @param executor runs its steps
 * @param log tells what happens
 * @param keeper its record
 * @param planner plans its phases
 * @param pauses pauses that end when the engine closes
 * @param threads for what goes on side by side
 */
record RecoveryRun(
        RecoveryPorts ports,
        RecoveryOrder order,
        Authority authority,
        PlanExecutor executor,
        RunLog log,
        RecordKeeper keeper,
        DeadPrimaryPlanner planner,
        Pauses pauses,
        Executor threads) {
    /** How long a server may take to be read while others wait for it. */
    static final Duration READ = Duration.ofSeconds(1);

    /** The same for a server that is expected not to answer. */
    static final Duration GLANCE = Duration.ofMillis(300);

    /** Reads servers anew. */
    Fleet read(Collection<InstanceKey> keys, Duration deadline) {
        return keys.isEmpty() ? ports.fleet().current() : ports.fleet().refresh(keys, deadline);
    }

    /** Reads two groups of servers side by side, each with its own patience. */
    Fleet read(Collection<InstanceKey> keys, Collection<InstanceKey> doubtful) {
        if (doubtful.isEmpty()) {
            return read(keys, READ);
        }
        CompletableFuture<Fleet> glance = CompletableFuture.supplyAsync(() -> read(doubtful, GLANCE), threads);
        read(keys, READ);
        glance.join();
        return ports.fleet().current();
    }

    /** A server's facts, if its last reading brought any. */
    static Optional<Instance> answering(Fleet fleet, InstanceKey key) {
        return fleet.member(key).filter(FleetMember::isReachable).flatMap(FleetMember::facts);
    }

    /** Ends the recovery when there is no right to go on, or the engine closes. */
    void mayGoOn() {
        if (pauses.isClosing()) {
            throw new RecoveryAborted("the engine is closing");
        }
        if (executor.isRightLost()) {
            throw new RecoveryAborted("the right to act is gone: "
                    + (order.automatic() ? "the leadership" : "the locks") + " of this recovery ended");
        }
    }

    List<InstanceKey> others(InstanceKey chosen) {
        return order.replicas().stream().filter(k -> !k.equals(chosen)).toList();
    }
}
