package dev.orchestrator.engine.internal.shell.recovery;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Sleeper that end at once when the engine closes. */
final class Sleeper {
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

    void close() {
        closing.countDown();
    }
}
