package dev.orchestrator.simulation;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServer.Running;
import java.util.ArrayList;
import java.util.List;

/** What must hold in switchovers beside what must hold everywhere. */
final class HandOvers {
    private final Schedule world;
    private final List<Writer.Acknowledged> owed = new ArrayList<>();

    HandOvers(Schedule world) {
        this.world = world;
    }

    private List<RecoveryRecord> switchovers() {
        return world.backend().rows().recoveries().stream()
                .filter(r -> r.type() == RecoveryType.SWITCHOVER)
                .toList();
    }

    /**
     * Clients are sent to a server: by a switchover it has what its predecessor acknowledged. What it lacks, as its
     * predecessor was started again meanwhile, is to be named before the end.
     */
    void promoted(InstanceKey primary) {
        GtidSet held = world.servers().get(primary).held();
        for (RecoveryRecord record : switchovers()) {
            if (record.isActive() && primary.equals(record.successor())) {
                world.writer().acknowledged().stream()
                        .filter(w -> w.server().equals(record.failed()))
                        .filter(w -> !w.gtid().isSubsetOf(held))
                        .forEach(owed::add);
            }
        }
    }

    /**
     * Whether a switchover, or a recovery that an operator ordered, is nobody's: its service does not run, and its locks have not run out yet. Until then nobody
     * else may go on with it, nor fence a former primary that was started again.
     */
    boolean isHeldByVanished() {
        long now = world.backend().now();
        List<String> running = world.nodes().stream()
                .filter(n -> n.process().runs())
                .map(n -> n.process().name())
                .toList();
        return world.backend().rows().recoveries().stream()
                .filter(r -> r.isActive() && r.epoch() == 0)
                .anyMatch(r -> world.backend().rows().locks().active(now).stream()
                        .anyMatch(l -> l.reason().contains(r.uid())
                                && !running.contains(l.owner().node())));
    }

    /** What an operator ordered does not keep the next recovery from being done. */
    void refused(GateVerdict verdict) {
        boolean bySwitchover = verdict.refusal() == RefusalReason.ANTI_FLAPPING
                && switchovers().stream().anyMatch(r -> verdict.facts().contains("(" + r.uid() + ")"));
        if (bySwitchover) {
            throw new Violation("a switchover blocks a recovery: " + verdict.facts());
        }
    }

    /** What a switchover left behind, and is neither in the last primary nor named. */
    void check(GtidSet held, GtidSet named) {
        for (Writer.Acknowledged write : owed) {
            if (!write.gtid().isSubsetOf(held) && !write.gtid().isSubsetOf(named)) {
                throw new Violation("lost in a switchover: " + write.gtid() + ", acknowledged by " + write.server());
            }
        }
    }

    /** Whether it was ordered that a former primary is to stay a replica that does not replicate. */
    boolean isOrderedToStand(SimulatedServer server) {
        return switchovers().stream()
                .anyMatch(r ->
                        r.successful() && r.formerLeftStopped() && r.failed().equals(server.key()));
    }

    /** A switchover from it was given up, as its successor died, too; both are silent, and nobody knows who may write. */
    boolean wasGivenUp(InstanceKey primary) {
        return switchovers().stream()
                .anyMatch(r -> !r.isActive() && !r.successful() && r.failed().equals(primary));
    }

    /** A primary that was demoted by the last switchover, which was given up, and never got its writes back unsaid. */
    List<String> problems() {
        List<RecoveryRecord> all = world.recoveries();
        if (all.isEmpty()) {
            return List.of();
        }
        RecoveryRecord last = all.get(all.size() - 1);
        SimulatedServer former = world.servers().get(last.failed());
        boolean givenUp = last.type() == RecoveryType.SWITCHOVER && !last.isActive() && !last.successful();
        boolean said = last.errors().stream().anyMatch(e -> e.startsWith("not restored: " + last.failed()));
        boolean closed = former.process() == Running.UP
                && former.isReadOnly()
                && !former.wasRestarted()
                // People may have made it a replica since, by hand.
                && !former.replicatesFrom(world.with(Running.UP));
        return givenUp && closed && !said
                ? List.of(last.failed() + " was left read-only by a switchover that was given up")
                : List.of();
    }
}
