package dev.orchestrator.spi;

/** Monotonic time, for durations and deadlines. Not related to the time of day. */
@FunctionalInterface
public interface Ticker {
    /**
     * The present reading.
     *
     * @return nanoseconds since an arbitrary moment; only differences mean something
     */
    long nanos();

    /**
     * The ticker of this JVM.
     *
     * @return a reader of {@link System#nanoTime()}
     */
    static Ticker system() {
        return System::nanoTime;
    }
}
