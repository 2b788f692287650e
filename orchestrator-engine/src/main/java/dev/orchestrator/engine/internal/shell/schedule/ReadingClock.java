package dev.orchestrator.engine.internal.shell.schedule;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.engine.internal.core.clock.RemoteTime;
import dev.orchestrator.engine.internal.core.clock.SteadyTime;
import dev.orchestrator.engine.internal.core.discovery.TimeToCome;
import dev.orchestrator.spi.Backend;
import dev.orchestrator.spi.Ticker;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clock that readings of servers are stamped by: the backend's, as this node knows it. All nodes have that one in
 * common, so their readings of one server can be put in order, whatever their own clocks show.
 *
 * <p>The backend is asked now and then ({@link RemoteTime}). A stamp is taken when a reading begins and never corrected
 * later: how long it takes to be written does not matter. Until the backend has answered, it is the wall clock.
 *
 * <p>On a node that leads it is {@link SteadyTime}, because ages are told by it. A node that does not lead, and
 * one that begins to, takes the backend's time as it is: there it is order that matters. Thread-safe.
 */
public final class ReadingClock implements InstantSource {
    private static final Logger log = LoggerFactory.getLogger(ReadingClock.class);

    private final InstantSource wall;
    private final Ticker ticker;

    // Guarded by the monitor, all of them.
    private @Nullable RemoteTime backends;
    private SteadyTime steady;
    private Instant latestSeen = Instant.EPOCH;

    /**
     * A clock that shows the wall clock until the backend was asked.
     *
     * @param wall the wall clock
     * @param ticker monotonic time
     */
    public ReadingClock(InstantSource wall, Ticker ticker) {
        this.wall = wall;
        this.ticker = ticker;
        this.steady = new SteadyTime(wall.instant(), ticker.nanos());
    }

    @Override
    public synchronized Instant instant() {
        Instant now = now();
        return latestSeen.isAfter(now) && !TimeToCome.holds(latestSeen, now) ? latestSeen : now;
    }

    private Instant now() {
        long nanos = ticker.nanos();
        steady = steady.on(latest(nanos), nanos);
        return steady.at();
    }

    /**
     * Takes note of another node's stamp: a reading that begins here after that was seen is stamped no earlier, also where
     * the two nodes know the backend's clock differently by a round trip. A stamp of a time to come says nothing.
     *
     * @param stamp when that reading was begun, null when it is not known
     */
    public synchronized void saw(@Nullable Instant stamp) {
        Instant now = now();
        if (stamp == null || TimeToCome.holds(stamp, now)) {
            return;
        }
        if (stamp.isAfter(latestSeen) || TimeToCome.holds(latestSeen, now)) {
            latestSeen = stamp;
        }
    }

    private Instant latest(long nanos) {
        return backends == null ? wall.instant() : backends.at(nanos);
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
        if (isOld()) {
            closeUpTo(backend);
        }
        restart();
    }

    private synchronized boolean isOld() {
        return backends == null || backends.isOld(ticker.nanos());
    }

    /** Shows the backend's time at once, where no age is told yet. */
    private synchronized void restart() {
        long nanos = ticker.nanos();
        steady = new SteadyTime(latest(nanos), nanos);
    }

    /** Nobody who tells the time waits for the backend. */
    private void ask(Backend backend) {
        long question = ticker.nanos();
        Instant shown = backend.now();
        long answer = ticker.nanos();
        synchronized (this) {
            backends = backends == null
                    ? RemoteTime.first(shown, question, answer)
                    : backends.asked(shown, question, answer);
        }
    }
}
