package dev.orchestrator.simulation.mutants;

import dev.orchestrator.simulation.Coverage;
import dev.orchestrator.simulation.Schedule;
import dev.orchestrator.simulation.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** Runs the first schedules, as far as none violates anything. */
final class FirstViolation {
    static final String NONE = "none violates anything";

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final long schedules;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong progressed = new AtomicLong(System.nanoTime());
    private final Map<Long, String> violations = new ConcurrentSkipListMap<>();

    private FirstViolation(long schedules) {
        this.schedules = schedules;
    }

    /**
     * Prints it.
     *
     * @param args how many schedules
     * @throws InterruptedException when somebody ends it
     */
    public static void main(String[] args) throws InterruptedException {
        System.out.println(in(Long.parseLong(args[0])).orElse(NONE));
        System.exit(0);
    }

    /** The first seed that violates something and what, empty when nothing was. Returns also when a schedule does not end. */
    static Optional<String> in(long schedules) throws InterruptedException {
        FirstViolation search = new FirstViolation(schedules);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            Thread thread = new Thread(search::run, "schedules " + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                if (search.stands()) {
                    search.violations.put(search.next.get() - 1, "this or one of the seeds before does not end");
                    return search.first();
                }
                thread.join(LOOK.toMillis());
            }
        }
        return search.first();
    }

    private Optional<String> first() {
        return violations.entrySet().stream().findFirst().map(v -> "seed " + v.getKey() + ": " + v.getValue());
    }

    private boolean stands() {
        return System.nanoTime() - progressed.get() > PATIENCE.toNanos();
    }

    private void run() {
        long seed = next.getAndIncrement();
        while (seed < schedules && violations.isEmpty()) {
            try {
                new Schedule(seed, new Coverage(), false).run();
            } catch (RuntimeException e) {
                violations.put(seed, e instanceof Violation ? String.valueOf(e.getMessage()) : e.toString());
            }
            progressed.set(System.nanoTime());
            seed = next.getAndIncrement();
        }
    }
}
