package dev.orchestrator.engine.internal.shell.recovery;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Pauses that end at once when the engine closes. */
final class Pauses {
    private final CountDownLatch closing = new CountDownLatch(1);

    /**
     * Waits.
     *
     * @param time how long
     * @return false when the engine is closing or the thread was interrupted, so that nothing new should be begun
     */
    boolean pause(Duration time) {
        try {
            return !closing.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Waits also while the engine closes, for what has to be seen to its end; ends early when interrupted. */
    void rest(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    boolean isClosing() {
        return closing.getCount() == 0;
    }

    void close() {
        closing.countDown();
    }
}
