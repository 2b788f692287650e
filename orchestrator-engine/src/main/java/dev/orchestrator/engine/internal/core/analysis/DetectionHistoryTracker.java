package dev.orchestrator.engine.internal.core.analysis;

import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.channel.BinlogCoordinates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what takes more than one snapshot to see: what replicas received since their source began to fail, receiver
 * tests, and primaries whose binary log stands still. Thread-safe.
 */
public final class DetectionHistoryTracker {
    private final AnalysisPolicy policy;

    // Guarded by the monitor.
    private final Map<InstanceKey, Map<InstanceKey, DetectionHistory.Mark>> marks = new HashMap<>();
    private final Map<InstanceKey, String> notes = new HashMap<>();
    private final Map<InstanceKey, Standing> standing = new HashMap<>();
    private final List<ReceiverTest> tests = new ArrayList<>();

    private volatile DetectionHistory history = DetectionHistory.NONE;

    private record Standing(BinlogCoordinates at, Instant since) {}

    /**
     * An empty book.
     *
     * @param policy limits
     */
    public DetectionHistoryTracker(AnalysisPolicy policy) {
        this.policy = policy;
    }

    /**
     * What is known at present.
     *
     * @return a snapshot
     */
    public DetectionHistory history() {
        return history;
    }

    /**
     * Takes down what a new snapshot of a cluster shows.
     *
     * @param fleet the snapshot
     * @param cluster the cluster
     * @param now the present
     */
    public synchronized void observe(Fleet fleet, ClusterId cluster, Instant now) {
        boolean changed = tests.removeIf(t -> isOver(fleet, t, now));
        changed |= marks.keySet().removeIf(source -> fleet.member(source).isEmpty());
        for (FleetMember member : fleet.membersOf(cluster)) {
            changed |= watchBinlog(member);
            Instant since = member.failingSince();
            if (since == null) {
                changed |= notes.remove(member.key()) != null;
                changed |= marks.remove(member.key()) != null;
            } else {
                changed |= mark(fleet, member, since);
            }
        }
        if (changed) {
            publish();
        }
    }

    /**
     * Adds the result of a receiver test.
     *
     * @param test the test
     */
    public synchronized void add(ReceiverTest test) {
        tests.removeIf(t -> t.replica().equals(test.replica()));
        tests.add(test);
        publish();
    }

    /**
     * Says what is being done about a silent source.
     *
     * @param source the source
     * @param text for people
     */
    public synchronized void note(InstanceKey source, String text) {
        if (!text.equals(notes.put(source, text))) {
            publish();
        }
    }

    private boolean isOver(Fleet fleet, ReceiverTest test, Instant now) {
        boolean stillFails = fleet.member(test.source())
                .map(FleetMember::failingSince)
                .filter(since -> !test.at().isBefore(since))
                .isPresent();
        return !stillFails && test.at().plus(policy.refutationHolds()).isBefore(now);
    }

    private boolean mark(Fleet fleet, FleetMember source, Instant since) {
        boolean changed = false;
        // One that reads from several sources has a mark for each.
        Map<InstanceKey, DetectionHistory.Mark> ofSource = marks.computeIfAbsent(source.key(), k -> new HashMap<>());
        for (FleetMember replica : fleet.replicasOf(source.key())) {
            Instant read = replica.lastSeen();
            DetectionHistory.Mark last = ofSource.get(replica.key());
            ReplicationChannel channel =
                    replica.facts().flatMap(Instance::mainChannel).orElse(null);
            if (read == null || read.isBefore(since) || channel == null) {
                continue;
            }
            DetectionHistory.Mark known = last == null || last.at().isBefore(since)
                    ? DetectionHistory.Mark.first(read, channel, false)
                    : last;
            if (read.isBefore(known.at())) {
                continue;
            }
            DetectionHistory.Mark next = isAlive(source.key(), since, replica.key(), known, read, channel)
                    ? DetectionHistory.Mark.alive(read, channel)
                    : ReplicaReport.hasLost(source, since, replica, policy) ? known.asLost() : known;
            changed |= !next.equals(ofSource.put(replica.key(), next));
        }
        return changed;
    }

    /** Whether a reading shows a connected receiver that got something since the one before, or had lost its source. */
    private boolean isAlive(
            InstanceKey source,
            Instant since,
            InstanceKey replica,
            DetectionHistory.Mark known,
            Instant read,
            ReplicationChannel channel) {
        return channel.receiver() == ReplicationThreadState.RUNNING
                && (known.lost()
                        || known.hasProgressed(channel)
                        || tests.stream()
                                .filter(t -> t.lostSource() && t.source().equals(source))
                                .filter(t -> t.replica().equals(replica))
                                .map(ReceiverTest::at)
                                .anyMatch(at -> !at.isBefore(since) && at.isBefore(read) && known.isBefore(at)));
    }

    /** Only a primary that waits for semi-sync acknowledgements is watched. */
    private boolean watchBinlog(FleetMember member) {
        Instance facts = member.instance();
        BinlogCoordinates end = facts == null ? null : facts.binlogCoordinates();
        Instant read = member.lastSeen();
        boolean watched = facts != null
                && member.isReachable()
                && facts.semiSync().sourceEnabled()
                && facts.semiSync().clients() < facts.semiSync().waitForReplicas();
        if (!watched || end == null || read == null) {
            return standing.remove(member.key()) != null;
        }
        @Nullable Standing last = standing.get(member.key());
        if (last != null && last.at.equals(end)) {
            return false;
        }
        standing.put(member.key(), new Standing(end, read));
        return true;
    }

    private void publish() {
        Map<InstanceKey, Instant> since = new HashMap<>();
        standing.forEach((key, value) -> since.put(key, value.since));
        history = new DetectionHistory(marks, tests, since, notes);
    }
}
