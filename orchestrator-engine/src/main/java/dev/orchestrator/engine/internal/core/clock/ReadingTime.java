package dev.orchestrator.engine.internal.core.clock;

import dev.orchestrator.engine.internal.core.discovery.TimeToCome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The time that readings of servers are stamped by: the backend's, as this node knows it, and the wall clock's until the
 * backend has answered. On a node that leads it is {@link SteadyTime}, because ages are told by it. A node that does not
 * lead, and one that begins to, takes the backend's time as it is: there it is order that matters.
 *
 * @param backends what is known of the backend's clock, null until it has answered
 * @param steady the time shown last
 * @param latestSeen the latest stamp that was seen
 */
public record ReadingTime(@Nullable RemoteTime backends, SteadyTime steady, Instant latestSeen) {
    /**
     * The time of a node that knows nothing of the backend.
     *
     * @param wall what the wall clock shows
     * @param nanos the ticker's reading
     * @return it
     */
    public static ReadingTime begin(Instant wall, long nanos) {
        return new ReadingTime(null, new SteadyTime(wall, nanos), Instant.EPOCH);
    }

    /**
     * The time somewhat later.
     *
     * @param wall what the wall clock shows
     * @param nanos the ticker's reading
     * @return the time to show
     */
    public ReadingTime on(Instant wall, long nanos) {
        return showing(steady.on(latest(wall, nanos), nanos));
    }

    /**
     * The time taken over as it is, where no age is told yet.
     *
     * @param wall what the wall clock shows
     * @param nanos the ticker's reading
     * @return the time to show
     */
    public ReadingTime setTo(Instant wall, long nanos) {
        return showing(new SteadyTime(latest(wall, nanos), nanos));
    }

    private Instant latest(Instant wall, long nanos) {
        return backends == null ? wall : backends.at(nanos);
    }

    private ReadingTime showing(SteadyTime time) {
        return new ReadingTime(backends, time, latestSeen);
    }

    /**
     * What a reading that begins now is stamped with.
     *
     * @return no earlier than any stamp that was seen, but for those of a time to come
     */
    public Instant stamp() {
        Instant now = steady.at();
        return latestSeen.isAfter(now) && !TimeToCome.holds(latestSeen, now) ? latestSeen : now;
    }

    /**
     * Takes note of another node's stamp: the two may know the backend's clock differently by a round trip. A stamp of a
     * time to come says nothing.
     *
     * @param stamp when that reading was begun
     * @return the time that knows of it
     */
    public ReadingTime saw(Instant stamp) {
        Instant now = steady.at();
        boolean tells = stamp.isAfter(latestSeen) || TimeToCome.holds(latestSeen, now);
        return tells && !TimeToCome.holds(stamp, now) ? new ReadingTime(backends, steady, stamp) : this;
    }

    /**
     * Takes note of what the backend's clock showed.
     *
     * @param shown its time
     * @param question the ticker's reading before it was asked
     * @param answer the ticker's reading after that
     * @return the time that knows of it
     */
    public ReadingTime told(Instant shown, long question, long answer) {
        RemoteTime known =
                backends == null ? RemoteTime.first(shown, question, answer) : backends.asked(shown, question, answer);
        return new ReadingTime(known, steady, latestSeen);
    }

    /**
     * Whether the backend should be asked.
     *
     * @param nanos the ticker's reading
     * @return true when it never answered, or its last answer is not trusted any more
     */
    public boolean isOld(long nanos) {
        return backends == null || backends.isOld(nanos);
    }
}
