package dev.orchestrator.engine.internal.core.clock;

import java.time.Duration;
import java.time.Instant;

/**
 * What is known of a clock that is elsewhere. It was looked at at some moment between question and answer, so what is known
 * is right to one round trip; between that, monotonic time goes on.
 *
 * @param base what it showed at the base reading
 * @param baseNanos the ticker's reading at the base
 * @param askedNanos the ticker's reading when it was asked last
 */
public record RemoteTime(Instant base, long baseNanos, long askedNanos) {
    /** How long monotonic time is trusted to go like the other clock. */
    public static final Duration TRUSTED = Duration.ofSeconds(10);

    /** SQLite's clock shows whole milliseconds. */
    private static final Duration RESOLUTION = Duration.ofMillis(1);

    /**
     * The first answer.
     *
     * @param shown what the other clock showed
     * @param question the ticker's reading before it was asked
     * @param answer the ticker's reading after that
     * @return what is known then: the middle of what can be
     */
    public static RemoteTime first(Instant shown, long question, long answer) {
        Instant latest = shown.plus(RESOLUTION).plusNanos(answer - question);
        return new RemoteTime(shown.plus(Duration.between(shown, latest).dividedBy(2)), answer, answer);
    }

    /**
     * Another answer.
     *
     * @param shown what the other clock showed
     * @param question the ticker's reading before it was asked
     * @param answer the ticker's reading after that
     * @return the same, moved only as far as the answer shows that it was wrong
     */
    public RemoteTime asked(Instant shown, long question, long answer) {
        Instant earliest = shown.minusNanos(answer - baseNanos);
        Instant latest = shown.plus(RESOLUTION).minusNanos(question - baseNanos);
        Instant next = base.isBefore(earliest) ? earliest : base.isAfter(latest) ? latest : base;
        return new RemoteTime(next, baseNanos, answer);
    }

    /**
     * What it shows.
     *
     * @param nanos the ticker's reading
     * @return its time then
     */
    public Instant at(long nanos) {
        return base.plusNanos(nanos - baseNanos);
    }

    /**
     * Whether it should be asked again.
     *
     * @param nanos the ticker's reading
     * @return true when the last answer is not trusted any more
     */
    public boolean isOld(long nanos) {
        return nanos - askedNanos > TRUSTED.toNanos();
    }
}
