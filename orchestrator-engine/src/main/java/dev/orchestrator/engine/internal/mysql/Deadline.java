package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.spi.Ticker;
import java.time.Duration;

/** A moment on the ticker by which something must have ended. */
record Deadline(Ticker ticker, long nanos) {
    static Deadline in(Ticker ticker, Duration time) {
        return new Deadline(ticker, ticker.nanos() + time.toNanos());
    }

    long remainingNanos() {
        return nanos - ticker.nanos();
    }

    boolean passed() {
        return remainingNanos() <= 0;
    }

    /** For timeouts of sockets: at least 1, because 0 means for ever there. */
    int remainingMillis() {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, (remainingNanos() + 999_999) / 1_000_000));
    }

    Deadline notAfter(long otherNanos) {
        return otherNanos - nanos < 0 ? new Deadline(ticker, otherNanos) : this;
    }

    Deadline atMost(Duration time) {
        return notAfter(ticker.nanos() + time.toNanos());
    }
}
