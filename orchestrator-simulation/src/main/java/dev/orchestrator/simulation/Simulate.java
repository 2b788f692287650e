package dev.orchestrator.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs many schedules on all cores and prints the rate, what was covered and what was violated. Flags:
 * {@code --schedules N}, {@code --from SEED}, {@code --story SEED}. Exit status 1 when something was violated.
 */
public final class Simulate {
    private static final int SHOWN = 10;
    /** A place that is come to more rarely is met by chance only. */
    private static final long OFTEN = 500;

    private Simulate() {}

    /**
     * What was seen.
     *
     * @param coverage which faults met what
     * @param refusals why nothing was done where nothing was done, and in how many schedules
     * @param violations by seed
     */
    record Seen(Coverage coverage, Map<String, Long> refusals, TreeMap<Long, String> violations) {
        static Seen nothing() {
            return new Seen(new Coverage(), new TreeMap<>(), new TreeMap<>());
        }

        void add(Seen other) {
            coverage.add(other.coverage);
            other.refusals.forEach((why, times) -> refusals.merge(why, times, Long::sum));
            violations.putAll(other.violations);
        }
    }

    /**
     * Runs them.
     *
     * @param args see the class
     * @throws InterruptedException when somebody ends it
     */
    public static void main(String[] args) throws InterruptedException {
        List<String> flags = List.of(args);
        if (flags.contains("--story")) {
            tell(number(flags, "--story", 0));
            return;
        }
        long count = number(flags, "--schedules", 10_000);
        long from = number(flags, "--from", 0);
        long begun = System.nanoTime();
        Seen seen = run(from, count);
        double seconds = (System.nanoTime() - begun) / 1e9;
        seen.coverage().cells().forEach((cell, times) -> System.out.printf("%10d  %s%n", times, cell));
        List<String> empty = seen.coverage().empty(OFTEN);
        empty.forEach(cell -> System.out.println("     empty  " + cell));
        System.out.printf(
                "%10d cells were met, %d are empty%n", seen.coverage().cells().size(), empty.size());
        seen.refusals().forEach((why, times) -> System.out.printf("%10d  refused: %s%n", times, why));
        seen.violations().entrySet().stream()
                .limit(SHOWN)
                .forEach(v -> System.out.println("seed " + v.getKey() + ": " + v.getValue()));
        System.out.printf(
                Locale.ROOT,
                "%d schedules from seed %d in %.1f s, %.0f a second, %d violations%n",
                count,
                from,
                seconds,
                count / seconds,
                seen.violations().size());
        System.exit(seen.violations().isEmpty() ? 0 : 1);
    }

    /** Runs as many schedules, from that seed on, on all cores. */
    static Seen run(long from, long count) throws InterruptedException {
        int cores = Runtime.getRuntime().availableProcessors();
        ExecutorService threads = Executors.newFixedThreadPool(cores);
        try {
            List<Callable<Seen>> parts = new ArrayList<>();
            for (int core = 0; core < cores; core++) {
                long first = from + core;
                parts.add(() -> part(first, from + count, cores));
            }
            Seen all = Seen.nothing();
            for (Future<Seen> part : threads.invokeAll(parts)) {
                all.add(part.get());
            }
            return all;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a part of the schedules could not be run", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Seen part(long from, long to, int every) {
        Seen part = Seen.nothing();
        for (long seed = from; seed < to; seed += every) {
            try {
                new Schedule(seed, part.coverage(), false)
                        .run()
                        .forEach(why -> part.refusals().merge(why, 1L, Long::sum));
            } catch (RuntimeException e) {
                part.violations().put(seed, e instanceof Violation ? String.valueOf(e.getMessage()) : e.toString());
            }
        }
        return part;
    }

    private static void tell(long seed) {
        Schedule schedule = new Schedule(seed, new Coverage(), true);
        String end;
        try {
            end = "no violation; refused: " + schedule.run();
        } catch (RuntimeException e) {
            end = e instanceof Violation ? "VIOLATION " + e.getMessage() : "FAILED " + e;
        }
        schedule.story().lines().forEach(System.out::println);
        System.out.println(end);
    }

    private static long number(List<String> flags, String flag, long otherwise) {
        int at = flags.indexOf(flag);
        return at < 0 ? otherwise : Long.parseLong(flags.get(at + 1));
    }
}
