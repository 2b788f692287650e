package dev.orchestrator.engine.internal.core.detection;

import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.analysis.ReceiverTest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is being done about sources in doubt, one thing at a time for each, and what is remembered of what was done.
 *
 * @param underWay what is being done, by source
 * @param rereadFor since when a source was silent when its replicas were read again
 * @param restUntil until when a tested replica is left alone
 * @param answers what the last test said, by source: whoever analyses at this moment may hold older history
 * @param endedBy the clusters in which a test took a receiver away, and whose
 */
record Doubts(
        Map<InstanceKey, Doubt> underWay,
        Map<InstanceKey, Instant> rereadFor,
        Map<InstanceKey, Instant> restUntil,
        Map<InstanceKey, ReceiverTest> answers,
        Map<ClusterId, Harm> endedBy) {
    static final Doubts NONE = new Doubts(Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

    /** A receiver that did not come back after a test. */
    record Harm(InstanceKey replica, Instant at) {}

    Doubts {
        // In an order of its own: what is wanted at the same time is wanted in the same order in each process.
        underWay = Collections.unmodifiableMap(new TreeMap<>(underWay));
        rereadFor = Map.copyOf(rereadFor);
        restUntil = Map.copyOf(restUntil);
        answers = Map.copyOf(answers);
        endedBy = Map.copyOf(endedBy);
    }

    /**
     * A source that was found stays found for a while, one that was lost until it answers or is seen to live; then it is
     * asked again when it has shown no sign of life for as long.
     */
    boolean isAnswered(InstanceKey source, Instant since, Instant now, Duration rest, @Nullable Instant alive) {
        ReceiverTest last = answers.get(source);
        if (last == null || last.at().isBefore(since)) {
            return false;
        }
        return last.lostSource()
                ? alive == null || !alive.isAfter(last.at()) || alive.plus(rest).isAfter(now)
                : last.at().plus(rest).isAfter(now);
    }

    @Nullable
    Doubt of(InstanceKey source) {
        return underWay.get(source);
    }

    private static <K, V> Map<K, V> changed(Map<K, V> map, Consumer<Map<K, V>> change) {
        Map<K, V> next = new HashMap<>(map);
        change.accept(next);
        return next;
    }

    Doubts with(Doubt doubt) {
        return new Doubts(
                changed(underWay, m -> m.put(doubt.source().key(), doubt)), rereadFor, restUntil, answers, endedBy);
    }

    Doubts without(InstanceKey source) {
        return new Doubts(changed(underWay, m -> m.remove(source)), rereadFor, restUntil, answers, endedBy);
    }

    Doubts reread(InstanceKey source, Instant since) {
        return new Doubts(underWay, changed(rereadFor, m -> m.put(source, since)), restUntil, answers, endedBy);
    }

    /** Those whose rest is over are forgotten. */
    Doubts rested(Instant now) {
        return new Doubts(
                underWay,
                rereadFor,
                changed(restUntil, m -> m.values().removeIf(until -> until.isBefore(now))),
                answers,
                endedBy);
    }

    Doubts rest(InstanceKey replica, Instant until) {
        return new Doubts(underWay, rereadFor, changed(restUntil, m -> m.put(replica, until)), answers, endedBy);
    }

    Doubts answered(ReceiverTest test) {
        return new Doubts(underWay, rereadFor, restUntil, changed(answers, m -> m.put(test.source(), test)), endedBy);
    }

    Doubts harmed(ClusterId cluster, Harm harm) {
        return new Doubts(underWay, rereadFor, restUntil, answers, changed(endedBy, m -> m.put(cluster, harm)));
    }

    Doubts mended(ClusterId cluster) {
        return new Doubts(underWay, rereadFor, restUntil, answers, changed(endedBy, m -> m.remove(cluster)));
    }

    /** When the engine closes only what may leave a receiver stopped is seen to its end. */
    Doubts closing() {
        return new Doubts(
                changed(underWay, m -> m.values().removeIf(d -> !d.isRestarting())),
                rereadFor,
                restUntil,
                answers,
                endedBy);
    }
}
