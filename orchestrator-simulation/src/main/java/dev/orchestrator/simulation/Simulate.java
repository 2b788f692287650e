package dev.orchestrator.simulation;

import dev.orchestrator.simulation.node.Engine;
import dev.orchestrator.simulation.plan.SchedulePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
 * {@code --schedules N}, {@code --from SEED}. Exit status 1 when something was violated. Of one world, which a seed
 * chooses or a file says, {@code --story SEED|FILE} tells everything, {@code --brief SEED|FILE} as stories are kept, and
 * {@code --shrink SEED|FILE} tells of the smallest world that violates the same.
 */
public final class Simulate {
    private static final String STORY = "--story";
    private static final String BRIEF = "--brief";
    private static final String SHRINK = "--shrink";
    private static final List<String> TELLING = List.of(STORY, BRIEF, SHRINK);
    private static final int SHOWN = 10;
    /** A place that is come to more rarely than once in so many schedules is met by chance only. */
    private static final long SELDOM = 40;

    private static final int SHRINKING = 3000;
    private static final int MISUSED = 2;

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
        for (String telling : TELLING) {
            if (flags.contains(telling)) {
                System.exit(tell(telling, flags));
            }
        }
        long count = number(flags, "--schedules", 10_000);
        long from = number(flags, "--from", 0);
        long begun = System.nanoTime();
        Seen seen = run(from, count);
        double seconds = (System.nanoTime() - begun) / 1e9;
        seen.coverage().cells().forEach((cell, times) -> System.out.printf("%10d  %s%n", times, cell));
        List<String> empty = seen.coverage().empty(count / SELDOM);
        empty.forEach(cell -> System.out.println("     empty  " + cell));
        System.out.printf(
                "%10d cells were met, %d are empty%n", seen.coverage().cells().size(), empty.size());
        seen.refusals().forEach((why, times) -> System.out.printf("%10d  refused: %s%n", times, why));
        seen.violations().entrySet().stream()
                .limit(SHOWN)
                .forEach(v -> System.out.println("seed " + v.getKey() + ": " + v.getValue()));
        if (!seen.violations().isEmpty()) {
            System.out.println(
                    "next: bench/simulate --shrink " + seen.violations().firstKey());
        }
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

    private static int tell(String how, List<String> flags) {
        try {
            told(how, plan(value(flags, how))).forEach(System.out::println);
            return 0;
        } catch (IOException | IllegalArgumentException e) {
            System.err.println(
                    how + ": " + (e instanceof NoSuchFileException ? "no such file: " : "") + e.getMessage());
            return MISUSED;
        }
    }

    private static List<String> told(String how, SchedulePlan plan) {
        if (how.equals(SHRINK)) {
            return shrunk(plan);
        }
        Outcome outcome = Outcome.of(plan, Engine.DELIVERED);
        return how.equals(BRIEF) ? outcome.text() : outcome.everything();
    }

    /** The story of the smallest world that violates the same, as stories are kept. */
    static List<String> shrunk(SchedulePlan plan) {
        Shrinker shrinker = new Shrinker(() -> Engine.DELIVERED, SHRINKING);
        Outcome smallest = shrinker.shrink(plan);
        List<String> text = new ArrayList<>();
        text.add(
                smallest.isGood()
                        ? "# Nothing is violated: there is nothing to shrink."
                        : "# Shrunk from " + plan.lines().get(0) + " in " + shrinker.runs() + " worlds.");
        text.addAll(smallest.text());
        return text;
    }

    private static SchedulePlan plan(String told) throws IOException {
        return told.matches("-?[0-9]+")
                ? SchedulePlan.ofSeed(Long.parseLong(told))
                : SchedulePlan.parse(Files.readAllLines(Path.of(told)));
    }

    private static String value(List<String> flags, String flag) {
        int at = flags.indexOf(flag) + 1;
        if (at == flags.size()) {
            throw new IllegalArgumentException("nothing follows " + flag + "; expected a seed or a file with a story");
        }
        return flags.get(at);
    }

    private static long number(List<String> flags, String flag, long otherwise) {
        return flags.contains(flag) ? Long.parseLong(value(flags, flag)) : otherwise;
    }
}
