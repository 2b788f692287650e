package dev.orchestrator.engine.internal.core.analysis;

import dev.orchestrator.api.model.BinlogCoordinates;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known beyond one picture of the fleet, because it takes time to see.
 *
 * @param marks by failing source and its replica: how far that had received when it was first read since
 * @param tests receiver tests made, in any order
 * @param standingSince by primary: since when its binary log has not grown
 * @param notes by failing source: what is being done to find out more, for people
 */
public record Testimony(
        Map<InstanceKey, Map<InstanceKey, Mark>> marks,
        List<ReceiverTest> tests,
        Map<InstanceKey, Instant> standingSince,
        Map<InstanceKey, String> notes) {
    /** Nothing beyond the picture is known. */
    public static final Testimony NONE = new Testimony(Map.of(), List.of(), Map.of(), Map.of());

    /** Copies the collections. */
    public Testimony {
        Map<InstanceKey, Map<InstanceKey, Mark>> copies = new HashMap<>();
        marks.forEach((source, ofReplicas) -> copies.put(source, Map.copyOf(ofReplicas)));
        marks = Map.copyOf(copies);
        tests = List.copyOf(tests);
        standingSince = Map.copyOf(standingSince);
        notes = Map.copyOf(notes);
    }

    /**
     * What a replica showed when it was first read after its source began to fail, and later.
     *
     * @param at when it was first read
     * @param retrieved what its receiver had then written to the present relay logs
     * @param read how far the receiver had then read in the source's binary log, null when unknown
     * @param lost whether the receiver was seen connecting in vain then or later
     */
    public record Mark(
            Instant at, GtidSet retrieved, @Nullable BinlogCoordinates read, boolean lost) {
        /**
         * The same mark of a receiver that was seen connecting in vain.
         *
         * @return the mark
         */
        public Mark asLost() {
            return lost ? this : new Mark(at, retrieved, read, true);
        }
    }

    Optional<Mark> mark(InstanceKey source, InstanceKey replica) {
        return Optional.ofNullable(marks.getOrDefault(source, Map.of()).get(replica));
    }
}
