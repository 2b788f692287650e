package dev.orchestrator.engine.internal.core.analysis;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.channel.BinlogCoordinates;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known beyond one snapshot of the fleet, because it takes time to see.
 *
 * @param marks by failing source and its replica: what that one's readings showed since
 * @param tests receiver tests made, in any order
 * @param standingSince by primary: since when its binary log has not grown
 * @param notes by failing source: what is being done to find out more, for people
 */
public record DetectionHistory(
        Map<InstanceKey, Map<InstanceKey, Mark>> marks,
        List<ReceiverTest> tests,
        Map<InstanceKey, Instant> standingSince,
        Map<InstanceKey, String> notes) {
    /** Nothing beyond the snapshot is known. */
    public static final DetectionHistory NONE = new DetectionHistory(Map.of(), List.of(), Map.of(), Map.of());

    /** Copies the collections. */
    public DetectionHistory {
        Map<InstanceKey, Map<InstanceKey, Mark>> copies = new HashMap<>();
        marks.forEach((source, ofReplicas) -> copies.put(source, Map.copyOf(ofReplicas)));
        marks = Map.copyOf(copies);
        tests = List.copyOf(tests);
        standingSince = Map.copyOf(standingSince);
        notes = Map.copyOf(notes);
    }

    /**
     * What the readings of a replica showed since its source began to fail.
     *
     * @param at the first of them that showed how far it has received by now
     * @param retrieved what its receiver had then written to the present relay logs
     * @param read how far the receiver had then read in the source's binary log, null when unknown
     * @param lost whether the receiver was seen connecting in vain, and not connected after that
     * @param alive the last of them that showed it to have reached its source since the one before; null when none did
     */
    public record Mark(
            Instant at,
            GtidSet retrieved,
            @Nullable BinlogCoordinates read,
            boolean lost,
            @Nullable Instant alive) {
        static Mark first(Instant at, ReplicationChannel channel, boolean lost) {
            return new Mark(at, channel.retrievedGtids(), channel.readCoordinates(), lost, null);
        }

        static Mark alive(Instant at, ReplicationChannel channel) {
            return new Mark(at, channel.retrievedGtids(), channel.readCoordinates(), false, at);
        }

        /** Whether something that happened then came after the last sign that the source lives. */
        boolean isBefore(Instant then) {
            return alive == null || alive.isBefore(then);
        }

        Mark asLost() {
            return lost ? this : new Mark(at, retrieved, read, true, alive);
        }

        /** Whether a channel has received anything more. */
        boolean hasProgressed(ReplicationChannel channel) {
            BinlogCoordinates now = channel.readCoordinates();
            return !retrieved.equals(channel.retrievedGtids()) || (read != null && now != null && !read.equals(now));
        }
    }

    Optional<Mark> mark(InstanceKey source, InstanceKey replica) {
        return Optional.ofNullable(marks.getOrDefault(source, Map.of()).get(replica));
    }

    /**
     * When a reading of any replica last showed that it had reached a failing source.
     *
     * @param source the failing source
     * @return empty when none did since it began to fail
     */
    public Optional<Instant> lastAlive(InstanceKey source) {
        return marks.getOrDefault(source, Map.of()).values().stream()
                .flatMap(m -> Stream.ofNullable(m.alive()))
                .max(Comparator.naturalOrder());
    }

    /**
     * The replicas whose receivers a test found to have lost their source.
     *
     * @param source the failing source
     * @param since when it began to fail
     * @return those whose last test said so
     */
    public Set<InstanceKey> lostInTests(InstanceKey source, Instant since) {
        return tests.stream()
                .filter(t -> t.source().equals(source) && t.lostSource() && !t.at().isBefore(since))
                .map(ReceiverTest::replica)
                .collect(Collectors.toSet());
    }
}
