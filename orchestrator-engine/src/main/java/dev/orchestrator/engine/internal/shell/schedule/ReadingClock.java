package dev.orchestrator.engine.internal.shell.schedule;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.spi.Backend;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clock that readings of servers are stamped by: the backend's, as this node knows it. All nodes have that one in
 * common, so their readings of one server can be put in order, whatever their own clocks show.
 *
 * <p>The backend is asked now and then; between that, monotonic time goes on. It looked at its clock at some moment
 * between question and answer, so what is known is right to one round trip. A stamp is taken when a reading begins and never
 * corrected later: how long it takes to be written does not matter. Until the backend has answered, it is the wall clock.
 *
 * <p>On a node that leads it is a {@link SteadyClock}, because ages are told by it. A node that does not lead, and
 * one that begins to, takes the backend's time as it is: there it is order that matters. Thread-safe.
 */
public final class ReadingClock implements InstantSource {
    private static final Logger log = LoggerFactory.getLogger(ReadingClock.class);
    /** How long monotonic time is trusted to go like the backend's clock. */
    public static final Duration TRUSTED = Duration.ofSeconds(10);
    /** SQLite's clock shows whole milliseconds. */
    private static final Duration RESOLUTION = Duration.ofMillis(1);

    /** What is stamped later than that after now was stamped by a clock that is wrong. */
    private static final Duration FUTURE = Duration.ofSeconds(1);

    private final InstantSource wall;
    private final Ticker ticker;
    private final long origin;
    private final SteadyClock steady;

    /** The backend's time when the ticker showed {@link #origin}. */
    private volatile @Nullable Instant atOrigin;

    private volatile Instant latestSeen = Instant.EPOCH;
    private volatile long asked;

    /**
     * A clock that shows the wall clock until the backend was asked.
     *
     * @param wall the wall clock
     * @param ticker monotonic time
     */
    public ReadingClock(InstantSource wall, Ticker ticker) {
        this.wall = wall;
        this.ticker = ticker;
        this.origin = ticker.nanos();
        this.steady = new SteadyClock(this::latest, ticker);
    }

    @Override
    public Instant instant() {
        Instant now = steady.instant();
        Instant seen = latestSeen;
        return seen.isAfter(now) && !seen.isAfter(now.plus(FUTURE)) ? seen : now;
    }

    /**
     * Takes note of another node's stamp: a reading that begins here after that was seen is stamped no earlier, also where
     * the two nodes know the backend's clock differently by a round trip.
     *
     * @param stamp when that reading was begun, null when it is not known
     */
    public synchronized void saw(@Nullable Instant stamp) {
        if (stamp != null && stamp.isAfter(latestSeen)) {
            latestSeen = stamp;
        }
    }

    private Instant latest() {
        Instant base = atOrigin;
        return base == null ? wall.instant() : base.plusNanos(ticker.nanos() - origin);
    }

    /**
     * Asks the backend for its time, and closes up to it slowly. While it does not answer, what is known holds.
     *
     * @param backend the backend
     */
    public void closeUpTo(Backend backend) {
        try {
            ask(backend);
        } catch (OrchestratorException e) {
            log.atDebug().setCause(e).log("the backend cannot be asked for its time");
        }
    }

    /**
     * Takes over the backend's time, unless it was asked a moment ago. While it does not answer, what is known holds.
     *
     * @param backend the backend
     */
    public void setBy(Backend backend) {
        if (atOrigin == null || ticker.nanos() - asked > TRUSTED.toNanos()) {
            closeUpTo(backend);
        }
        steady.restart();
    }

    private synchronized void ask(Backend backend) {
        long question = ticker.nanos();
        Instant shown = backend.now();
        long answer = ticker.nanos();
        Instant earliest = shown.minusNanos(answer - origin);
        Instant latest = shown.plus(RESOLUTION).minusNanos(question - origin);
        Instant known = atOrigin;
        if (known == null) {
            atOrigin = earliest.plus(Duration.between(earliest, latest).dividedBy(2));
        } else if (known.isBefore(earliest)) {
            atOrigin = earliest;
        } else if (known.isAfter(latest)) {
            atOrigin = latest;
        }
        asked = answer;
    }
}
