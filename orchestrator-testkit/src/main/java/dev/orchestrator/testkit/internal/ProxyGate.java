package dev.orchestrator.testkit.internal;

import java.time.Duration;

/** Whether, when and how much a proxy passes on. Thread-safe. */
public final class ProxyGate {
    private static final long UNLIMITED = Long.MAX_VALUE;

    private boolean shut;
    private Duration delay = Duration.ZERO;
    private long allowed = UNLIMITED;

    /** Nothing passes from now on. */
    public synchronized void shut() {
        shut = true;
    }

    /** Everything passes, at once. */
    public synchronized void open() {
        shut = false;
        delay = Duration.ZERO;
        allowed = UNLIMITED;
        notifyAll();
    }

    /** Everything is held that long. */
    public synchronized void delay(Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException("negative delay: " + value);
        }
        delay = value;
    }

    /** That many more bytes from the target pass. */
    public synchronized void allow(long bytes) {
        allowed = bytes;
    }

    /** Waits as long as nothing may pass. */
    void pass() throws InterruptedException {
        Duration wait;
        synchronized (this) {
            while (shut) {
                wait();
            }
            wait = delay;
        }
        if (!wait.isZero()) {
            Thread.sleep(wait.toMillis(), wait.toNanosPart() % 1_000_000);
            synchronized (this) {
                while (shut) {
                    wait();
                }
            }
        }
    }

    /** How many of these bytes from the target may pass. */
    synchronized int take(int bytes) {
        if (allowed == UNLIMITED) {
            return bytes;
        }
        int taken = (int) Math.min(bytes, allowed);
        allowed -= taken;
        return taken;
    }

    /** True when no more bytes from the target may pass. */
    synchronized boolean isUsedUp() {
        return allowed == 0;
    }
}
