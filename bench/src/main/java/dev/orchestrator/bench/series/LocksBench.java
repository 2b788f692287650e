package dev.orchestrator.bench.series;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Many processes try to lock the same instances at the same time, through the public lock API. Flags:
 * {@code --processes N} (20), {@code --attempts N} in all (1000), {@code --instances N} (10),
 * {@code --backend mysql|mariadb|sqlite}. Ends with status 1 when there ever were two holders, an error or a lock left
 * over, or when the median of the refusals is 50 ms or more.
 */
public final class LocksBench {
    private static final Duration LIMIT = Duration.ofMillis(50);

    private LocksBench() {}

    /**
     * Runs it.
     *
     * @param args see the class
     */
    public static void main(String[] args) {
        Flags flags = new Flags(args);
        SharedBackend.Kind kind = flags.backend();
        int processes = flags.count("processes", 20);
        int each = Math.max(1, flags.count("attempts", 1000) / processes);
        int instances = flags.count("instances", 10);
        flags.end();
        System.out.printf(
                Locale.ROOT,
                "%d processes, %d attempts each, %d instances, %s%n",
                processes,
                each,
                instances,
                kind.name().toLowerCase(Locale.ROOT));
        LockSeries.Result result = LockSeries.run(kind, processes, each, instances);
        System.out.printf(
                Locale.ROOT,
                "%d granted, %d refused, %d wrong, in %.1f s; locks left over %d; deadlocks the backend resolved: %s%n",
                result.granted(),
                result.refusals().size(),
                result.wrong().size(),
                result.took().toMillis() / 1000.0,
                result.leftOver(),
                result.deadlocks());
        print("refusals", result.refusals());
        print("grants", result.grants());
        result.wrong().forEach(line -> System.out.println("NOT OK  " + line));
        boolean quick = LockSeries.Result.median(result.refusals()).compareTo(LIMIT) < 0;
        System.exit(result.good() && quick ? 0 : 1);
    }

    private static void print(String what, List<Duration> times) {
        if (!times.isEmpty()) {
            System.out.printf(
                    Locale.ROOT,
                    "%s: median %.1f ms, worst %.1f ms%n",
                    what,
                    LockSeries.Result.median(times).toNanos() / 1e6,
                    Collections.max(times).toNanos() / 1e6);
        }
    }
}
