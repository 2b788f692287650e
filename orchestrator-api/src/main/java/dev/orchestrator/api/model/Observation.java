package dev.orchestrator.api.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** What one poll of one server brought: the server's facts, or why there are none. */
public sealed interface Observation permits Observation.Seen, Observation.Failed {
    /**
     * The server that was asked.
     *
     * @return the key the poll was sent to
     */
    InstanceKey key();

    /**
     * When the poll was started.
     *
     * @return by the backend's clock, as this process knows it, where it passed through the engine
     */
    Instant startedAt();

    /**
     * How long the poll took.
     *
     * @return never negative
     */
    Duration latency();

    /**
     * Tells the two cases apart.
     *
     * @param seen called when the server answered
     * @param failed called when it did not
     * @param <T> the result's type
     * @return what the called function returned
     */
    <T> T match(Function<? super Seen, ? extends T> seen, Function<? super Failed, ? extends T> failed);

    /**
     * What the server told.
     *
     * @return empty when it did not answer
     */
    default Optional<Instance> facts() {
        return match(seen -> Optional.of(seen.instance()), failed -> Optional.empty());
    }

    /**
     * How the poll failed.
     *
     * @return empty when it did not
     */
    default Optional<ProbeFailure> failed() {
        return match(seen -> Optional.empty(), failed -> Optional.of(failed.failure()));
    }

    /**
     * The server answered.
     *
     * @param instance its facts; what could not be read is in {@link Instance#limitations()}
     * @param startedAt see {@link Observation#startedAt()}
     * @param latency see {@link Observation#latency()}
     */
    record Seen(Instance instance, Instant startedAt, Duration latency) implements Observation {
        @Override
        public InstanceKey key() {
            return instance.key();
        }

        @Override
        public <T> T match(Function<? super Seen, ? extends T> seen, Function<? super Failed, ? extends T> failed) {
            return seen.apply(this);
        }
    }

    /**
     * The server did not answer, or not completely.
     *
     * @param key see {@link Observation#key()}
     * @param failure how far the poll came and why it ended
     * @param startedAt see {@link Observation#startedAt()}
     * @param latency see {@link Observation#latency()}
     */
    record Failed(InstanceKey key, ProbeFailure failure, Instant startedAt, Duration latency) implements Observation {
        @Override
        public <T> T match(Function<? super Seen, ? extends T> seen, Function<? super Failed, ? extends T> failed) {
            return failed.apply(this);
        }
    }
}
