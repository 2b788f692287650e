package dev.orchestrator.engine.internal.shell.schedule;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.engine.internal.core.clock.ReadingTime;
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
 * <p>The backend is asked now and then. A stamp is taken when a reading begins and never corrected later: how long it takes
 * to be written does not matter. What it shows is said by {@link ReadingTime}. Thread-safe.
 */
public final class ReadingClock implements InstantSource {
    private static final Logger log = LoggerFactory.getLogger(ReadingClock.class);

    private final InstantSource wall;
    private final Ticker ticker;

    /** Guarded by the monitor. */
    private ReadingTime time;

    /**
     * A clock that shows the wall clock until the backend was asked.
     *
     * @param wall the wall clock
     * @param ticker monotonic time
     */
    public ReadingClock(InstantSource wall, Ticker ticker) {
        this.wall = wall;
        this.ticker = ticker;
        this.time = ReadingTime.begin(wall.instant(), ticker.nanos());
    }

    @Override
    public synchronized Instant instant() {
        time = time.on(wall.instant(), ticker.nanos());
        return time.stamp();
    }

    /**
     * Takes note of another node's stamp: a reading that begins here after that was seen is stamped no earlier.
     *
     * @param stamp when that reading was begun, null when it is not known
     */
    public synchronized void saw(@Nullable Instant stamp) {
        if (stamp != null) {
            time = time.on(wall.instant(), ticker.nanos()).saw(stamp);
        }
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
        synchronized (this) {
            time = time.setTo(wall.instant(), ticker.nanos());
        }
    }

    private synchronized boolean isOld() {
        return time.isOld(ticker.nanos());
    }

    /** Nobody who tells the time waits for the backend. */
    private void ask(Backend backend) {
        long question = ticker.nanos();
        Instant shown = backend.now();
        long answer = ticker.nanos();
        synchronized (this) {
            time = time.told(shown, question, answer);
        }
    }
}
