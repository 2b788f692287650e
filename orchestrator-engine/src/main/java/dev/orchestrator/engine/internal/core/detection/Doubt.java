package dev.orchestrator.engine.internal.core.detection;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.engine.internal.core.analysis.ReceiverTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What is being done about one source in doubt.
 *
 * @param source the source
 * @param fleet the snapshot that showed it in doubt
 * @param work what is being done
 * @param underWay what was begun and is awaited
 */
record Doubt(FleetMember source, Fleet fleet, Work work, List<DetectionEffect> underWay) {
    private static final Duration PROBE = Duration.ofMillis(300);
    private static final Duration BEFORE_IT_COUNTS = Duration.ofMillis(400);

    Doubt {
        underWay = List.copyOf(underWay);
    }

    /** What can be done about it. */
    sealed interface Work {}

    /**
     * The replicas are read until all have noticed the failure too, or patience ends.
     *
     * @param all the replicas that answered
     * @param connected those that still believe to be connected
     * @param unheard those of them that have not answered in this round
     * @param rounds how many rounds are left after this one
     * @param notBeforeNanos when this round begins
     */
    record Rereading(
            List<InstanceKey> all,
            Set<InstanceKey> connected,
            Set<InstanceKey> unheard,
            long rounds,
            long notBeforeNanos)
            implements Work {}

    /** All have noticed it: the snapshot is to show that. */
    record Refreshing(List<InstanceKey> all) implements Work {}

    /** The receiver of a replica is being restarted. */
    record Restarting(FleetMember replica, Instant at) implements Work {}

    /**
     * It is started again, as the restart failed.
     *
     * @param replica the replica
     * @param error why the restart failed
     * @param untilNanos up to when a start is allowed
     */
    record Starting(FleetMember replica, String error, long untilNanos) implements Work {}

    /**
     * A restarted receiver is watched. On a healthy source it is connecting for a moment too; only one that goes on
     * connecting has lost it.
     *
     * @param replica the replica
     * @param at when the restart was ordered
     * @param rounds how often it is read after this time
     * @param notBeforeNanos when it is read next
     */
    record Watching(FleetMember replica, Instant at, long rounds, long notBeforeNanos) implements Work {}

    /** The snapshot must hold what the test saw before the test counts. */
    record Concluding(ReceiverTest test, List<InstanceKey> all) implements Work {}

    /** Whether a receiver is stopped that is to run. */
    boolean isRestarting() {
        return work instanceof Restarting || work instanceof Starting;
    }

    /**
     * Whether a recovery has to wait: a receiver restarted by us must not start again under one that has stopped it, and
     * that it is not connected says nothing about its source before it has had its time.
     */
    boolean holdsBack() {
        boolean found = work instanceof Concluding w && !w.test().lostSource();
        return isRestarting() || work instanceof Watching || found;
    }

    /** What is to be done now; what is under way is not wanted again. */
    List<DetectionEffect> wanted(DoubtSettings settings, long nanos) {
        List<DetectionEffect> wanted = new ArrayList<>(all(settings, nanos));
        wanted.removeAll(underWay);
        return wanted;
    }

    private List<DetectionEffect> all(DoubtSettings settings, long nanos) {
        InstanceKey key = source.key();
        if (work instanceof Rereading w) {
            return w.notBeforeNanos() > nanos
                    ? wake(w.notBeforeNanos() - nanos)
                    : w.unheard().stream()
                            .<DetectionEffect>map(r -> new DetectionEffect.Probe(key, r, PROBE))
                            .toList();
        }
        if (work instanceof Refreshing w) {
            return List.of(new DetectionEffect.Refresh(key, w.all(), PROBE));
        }
        if (work instanceof Restarting w) {
            return List.of(new DetectionEffect.Restart(
                    key, w.replica().key(), uuid(w.replica()), channel(w.replica()), settings.restartTimeout()));
        }
        if (work instanceof Starting w) {
            return List.of(new DetectionEffect.StartAgain(
                    key,
                    w.replica().key(),
                    uuid(w.replica()),
                    channel(w.replica()),
                    w.untilNanos(),
                    settings.restartTimeout()));
        }
        if (work instanceof Watching w) {
            return w.notBeforeNanos() > nanos
                    ? wake(w.notBeforeNanos() - nanos)
                    : List.of(new DetectionEffect.Probe(key, w.replica().key(), PROBE));
        }
        Concluding w = (Concluding) work;
        return List.of(new DetectionEffect.Refresh(key, w.all(), BEFORE_IT_COUNTS));
    }

    private static List<DetectionEffect> wake(long nanos) {
        return List.of(new DetectionEffect.Wake(Duration.ofNanos(nanos)));
    }

    private static String uuid(FleetMember replica) {
        return replica.facts().map(Instance::serverUuid).orElse("");
    }

    private static String channel(FleetMember replica) {
        return replica.facts()
                .flatMap(Instance::mainChannel)
                .map(ReplicationChannel::name)
                .orElse("");
    }

    String clusterName() {
        return fleet.cluster(source.cluster()).map(Cluster::name).orElse("");
    }

    Doubt with(Work next) {
        return new Doubt(source, fleet, next, underWay);
    }

    Doubt begun(DetectionEffect effect) {
        List<DetectionEffect> all = new ArrayList<>(underWay);
        all.add(effect);
        return new Doubt(source, fleet, work, all);
    }

    Doubt ended(DetectionEffect effect) {
        List<DetectionEffect> left = new ArrayList<>(underWay);
        left.remove(effect);
        return new Doubt(source, fleet, work, left);
    }
}
