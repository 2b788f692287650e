package dev.orchestrator.bench.series;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.bench.process.Launcher;
import dev.orchestrator.bench.process.SeriesScope;
import dev.orchestrator.bench.process.Waiting;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.server.TestkitException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Command lines that set what operators want, each a process of its own, side by side. What a command said it stored is
 * looked for in the backend's tables at once, and again at the end.
 */
final class CommandLines implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String RECOVERIES = "recoveries";
    private static final int LONGEST_REASON = 200;

    private final ChaosSetup setup;
    private final SeriesScope scope;
    private final Launcher launcher;
    private final Path configuration;
    private final DatabaseServer backend;
    private final String schema;
    private final List<InstanceKey> instances;
    private final ExecutorService slots;
    private final AtomicInteger given = new AtomicInteger();
    private final AtomicInteger stored = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final Map<String, Integer> failures = new TreeMap<>();
    private final List<String> lost = Collections.synchronizedList(new ArrayList<>());

    /** What the backend may show for a target: more than one value after a command of which the end is not known. */
    private final Map<String, Set<String>> expected = new HashMap<>();

    private final Set<String> busy = new LinkedHashSet<>();

    CommandLines(
            ChaosSetup setup,
            Launcher launcher,
            SeriesScope scope,
            Path configuration,
            SharedBackend shared,
            List<InstanceKey> instances) {
        this.setup = setup;
        this.launcher = launcher;
        this.scope = scope;
        this.configuration = configuration;
        this.backend = shared.server();
        this.schema = shared.schema();
        this.instances = List.copyOf(instances);
        this.slots = Executors.newFixedThreadPool(setup.slots());
    }

    /** Begins one more, in a slot that is free or will be. */
    void giveOne() {
        int number = given.incrementAndGet();
        slots.execute(() -> {
            try {
                switch (number % 10) {
                    case 0 -> switchRecoveries(number);
                    case 1, 2, 3, 4 -> downtime(number);
                    default -> maintenance(number);
                }
            } catch (IOException | TestkitException e) {
                lost.add("command " + number + " could not be followed: " + e);
            }
        });
    }

    private void downtime(int number) throws IOException {
        InstanceKey key = any();
        String target = "downtime of " + key;
        if (!begin(target)) {
            return;
        }
        try {
            String reason = reason(number);
            String said = run(
                    "begin-downtime",
                    "-i",
                    key.toString(),
                    "-reason",
                    reason,
                    "-owner",
                    owner(number),
                    "-duration",
                    "2h");
            note(target, reason, said, () -> downtimeOf(key));
        } finally {
            end(target);
        }
    }

    private void maintenance(int number) throws IOException {
        InstanceKey key = any();
        String reason = reason(number);
        long seconds = 2 + ThreadLocalRandom.current().nextLong(ChaosSetup.MAINTENANCE.toSeconds() - 2);
        String said = run(
                "begin-maintenance",
                "-i",
                key.toString(),
                "-reason",
                reason,
                "-owner",
                owner(number),
                "-duration",
                seconds + "s");
        if (!said.isEmpty()) {
            if (said.contains("slot-")) {
                refused.incrementAndGet();
            } else {
                failed(said);
            }
            return;
        }
        stored.incrementAndGet();
        String rows = backend.queryValue("SELECT COUNT(*) FROM " + schema + ".orc_maintenance_lock WHERE reason = '"
                + reason + "' AND hostname = '" + key.hostname() + "' AND port = " + key.port());
        if (!"1".equals(rows)) {
            lost.add("maintenance of " + key + " for '" + reason + "': " + rows + " rows");
        }
    }

    /** Off for a moment, and on again in any case: the crashes of primaries wait for it. */
    private void switchRecoveries(int number) throws IOException {
        if (!begin(RECOVERIES)) {
            return;
        }
        try {
            note(RECOVERIES, "false", run("disable-global-recoveries", "-owner", owner(number)), this::recoveries);
            Waiting.pause(Duration.ofMillis(500 + ThreadLocalRandom.current().nextInt(1500)));
            enableRecoveries(number);
        } finally {
            end(RECOVERIES);
        }
    }

    private void enableRecoveries(int number) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String said;
        do {
            said = run("enable-global-recoveries", "-owner", owner(number));
            note(RECOVERIES, "true", said, this::recoveries);
        } while (!said.isEmpty() && System.nanoTime() - end < 0);
    }

    private interface Shown {
        @Nullable
        String now();
    }

    private void note(String target, String wanted, String said, Shown shown) {
        synchronized (expected) {
            if (said.isEmpty()) {
                expected.put(target, Set.of(wanted));
            } else {
                Set<String> either = new LinkedHashSet<>(expected.getOrDefault(target, Set.of("null")));
                either.add(wanted);
                expected.put(target, either);
            }
        }
        if (!said.isEmpty()) {
            failed(said);
            return;
        }
        stored.incrementAndGet();
        String now = String.valueOf(shown.now());
        if (!now.equals(wanted)) {
            lost.add(target + ": stored '" + wanted + "', but the backend shows '" + now + "'");
        }
    }

    private void failed(String said) {
        String reason = said.replaceFirst("(?s)^.*?FATAL ", "").replaceAll("[0-9]+", "N");
        synchronized (failures) {
            failures.merge(
                    reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) : reason, 1, Integer::sum);
        }
    }

    private @Nullable String downtimeOf(InstanceKey key) {
        return backend.queryValue("SELECT reason FROM " + schema + ".orc_downtime WHERE hostname = '" + key.hostname()
                + "' AND port = " + key.port());
    }

    private @Nullable String recoveries() {
        return backend.queryValue("SELECT content FROM " + schema + ".orc_setting WHERE name = 'recoveries_enabled'");
    }

    private InstanceKey any() {
        return instances.get(ThreadLocalRandom.current().nextInt(instances.size()));
    }

    private String owner(int number) {
        return "slot-" + (number % setup.slots() + 1);
    }

    private String reason(int number) {
        return owner(number) + " command " + number;
    }

    /** Two commands on one target at once would leave open which one was last. */
    private boolean begin(String target) {
        synchronized (busy) {
            return busy.add(target);
        }
    }

    private void end(String target) {
        synchronized (busy) {
            busy.remove(target);
        }
    }

    /** What a command line said when it failed; empty when it did not. */
    private String run(String... words) throws IOException {
        Path output = Files.createTempFile(scope.folder(), "command", ".out");
        Process process = scope.start(new ProcessBuilder(launcher.commandLine(configuration, words))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile()));
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                lost.add("did not end within " + PATIENCE.toSeconds() + " s: " + String.join(" ", words));
                return "did not end";
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            return "interrupted";
        }
        String said = Files.readString(output, StandardCharsets.UTF_8).strip();
        Files.delete(output);
        return process.exitValue() == 0 ? "" : "status " + process.exitValue() + ": " + said;
    }

    /** Waits until the last one has ended and automatic recoveries are on; then says what was lost. */
    List<String> lost() {
        slots.shutdown();
        try {
            if (!slots.awaitTermination(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                lost.add("command lines still run after " + 2 * PATIENCE.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        instances.forEach(key -> look("downtime of " + key, downtimeOf(key)));
        look(RECOVERIES, recoveries());
        return List.copyOf(lost);
    }

    private void look(String target, @Nullable String now) {
        Set<String> may;
        synchronized (expected) {
            may = expected.get(target);
        }
        if (may != null && !may.contains(String.valueOf(now))) {
            lost.add(target + ": '" + now + "' in the end, expected " + may);
        }
    }

    @Override
    public void close() {
        slots.shutdownNow();
    }

    @Override
    public String toString() {
        synchronized (failures) {
            return given + " command lines begun: " + stored + " stored what they should, " + refused
                    + " were refused by a lock, "
                    + failures.values().stream().mapToInt(n -> n).sum()
                    + " failed and said why"
                    + failures.entrySet().stream()
                            .map(e -> "\n  " + e.getValue() + " x " + e.getKey())
                            .collect(Collectors.joining());
        }
    }
}
