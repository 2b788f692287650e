package dev.orchestrator.bench.series;

import dev.orchestrator.bench.process.Launcher;
import dev.orchestrator.bench.process.SeriesScope;
import dev.orchestrator.standalone.StandaloneOrchestrator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Many processes that try to lock the same instances at the same time. */
final class LockSeries {
    private static final String DEADLOCKS =
            "SELECT count FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks'";

    private LockSeries() {}

    /**
     * What came of it.
     *
     * @param granted how many attempts were granted
     * @param refusals how long each refusal took
     * @param grants how long each grant took
     * @param wrong what must not be: two holders, a lock lost, an error, a process that did not end
     * @param leftOver how many locks were active afterwards
     * @param deadlocks how many deadlocks the backend resolved meanwhile, which the callers did not notice
     * @param took from the first attempt to the end of the last
     */
    record Result(
            int granted,
            List<Duration> refusals,
            List<Duration> grants,
            List<String> wrong,
            int leftOver,
            String deadlocks,
            Duration took) {
        boolean good() {
            return wrong.isEmpty() && leftOver == 0 && granted > 0 && !refusals.isEmpty();
        }

        static Duration median(List<Duration> times) {
            List<Duration> sorted = new ArrayList<>(times);
            Collections.sort(sorted);
            return sorted.isEmpty() ? Duration.ZERO : sorted.get(sorted.size() / 2);
        }
    }

    static Result run(SharedBackend.Kind kind, int processes, int attempts, int instances) {
        try (SeriesScope scope = new SeriesScope();
                SharedBackend backend = SharedBackend.start(kind, scope);
                StandaloneOrchestrator onlooker = backend.onlooker()) {
            List<String> said = Collections.synchronizedList(new ArrayList<>());
            long begin = race(scope, backend, processes, attempts, instances, said);
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            List<Duration> refusals = times(said, "refused ");
            List<Duration> grants = times(said, "granted ");
            List<String> wrong = new ArrayList<>(said.stream()
                    .filter(line -> !line.matches("(granted|refused) \\d+"))
                    .toList());
            int answers = refusals.size() + grants.size() + wrong.size();
            if (answers != processes * attempts) {
                wrong.add("only " + answers + " of " + processes * attempts + " attempts were answered");
            }
            int leftOver = onlooker.orchestrator().maintenance().active().size();
            String deadlocks = kind == SharedBackend.Kind.SQLITE
                    ? "none possible"
                    : String.valueOf(backend.server().queryValue(DEADLOCKS));
            return new Result(grants.size(), refusals, grants, wrong, leftOver, deadlocks, took);
        }
    }

    private static long race(
            SeriesScope scope, SharedBackend backend, int processes, int attempts, int instances, List<String> said) {
        Path proofs = scope.folder().resolve("proofs");
        Path configuration = scope.write("locker.conf.json", new Configuration("locker", backend.keys()).json());
        try {
            Files.createDirectory(proofs);
            List<Process> lockers = new ArrayList<>();
            List<BufferedReader> readers = new ArrayList<>();
            for (int i = 0; i < processes; i++) {
                Process locker = scope.start(new ProcessBuilder(Launcher.java(
                                LockAttempts.class.getName(),
                                configuration.toString(),
                                proofs.toString(),
                                Integer.toString(attempts),
                                Integer.toString(instances),
                                Integer.toString(i)))
                        .redirectError(ProcessBuilder.Redirect.INHERIT));
                lockers.add(locker);
                readers.add(new BufferedReader(new InputStreamReader(locker.getInputStream(), StandardCharsets.UTF_8)));
            }
            for (BufferedReader reader : readers) {
                String line = reader.readLine();
                if (!"ready".equals(line)) {
                    throw new IllegalStateException("a process did not get ready: " + line);
                }
            }
            long begin = System.nanoTime();
            for (Process locker : lockers) {
                locker.getOutputStream().write('\n');
                locker.getOutputStream().flush();
            }
            for (BufferedReader reader : readers) {
                reader.lines().forEach(said::add);
            }
            return begin;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Duration> times(List<String> said, String word) {
        return said.stream()
                .filter(line -> line.startsWith(word))
                .map(line -> Duration.ofNanos(Long.parseLong(line.substring(word.length())) * 1000))
                .toList();
    }
}
