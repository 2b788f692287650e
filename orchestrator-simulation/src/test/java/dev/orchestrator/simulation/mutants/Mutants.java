package dev.orchestrator.simulation.mutants;

import dev.orchestrator.simulation.Outcome;
import dev.orchestrator.simulation.node.Engine;
import dev.orchestrator.simulation.plan.SchedulePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes each mutant in a directory of its own, has schedules or a unit test look for it, and prints who found what. Exit
 * status 1 when one cannot be made, or is not found by whom it names. Called by {@code bench/mutants}, which says where
 * everything is: {@code --schedules N}, {@code --all}, and names; of all others nothing is looked for.
 */
final class Mutants {
    private static final Pattern SEED = Pattern.compile("seed ([0-9]+): ");
    private static final long MINUTES = 10;

    private final Path root;
    private final String path;
    private final String testPath;
    private final long schedules;
    private final boolean all;
    private final Map<String, Integer> found = new TreeMap<>();
    private boolean good = true;

    private Mutants(Path root, long schedules, boolean all) {
        this.root = root;
        this.path = System.getProperty("mutants.path");
        this.testPath = System.getProperty("mutants.testPath");
        this.schedules = schedules;
        this.all = all;
    }

    /**
     * Looks for them.
     *
     * @param args see the class
     * @throws Exception when one cannot be run
     */
    public static void main(String[] args) throws Exception {
        List<String> names = new ArrayList<>(List.of(args));
        boolean all = names.remove("--all");
        int flag = names.indexOf("--schedules");
        long schedules = 20_000;
        if (flag >= 0) {
            schedules = Long.parseLong(names.remove(flag + 1));
            names.remove(flag);
        }
        Path root = Path.of(System.getProperty("mutants.root"));
        Mutants mutants = new Mutants(root, schedules, all);
        for (Mutant mutant : Mutant.allIn(Sources.mutants(root.resolve("orchestrator-simulation")))) {
            if (names.isEmpty() || names.contains(mutant.name())) {
                mutants.look(mutant);
            }
        }
        System.out.println(mutants.found);
        System.exit(mutants.good ? 0 : 1);
    }

    private void look(Mutant mutant) throws Exception {
        Path file = Sources.core(root.resolve("orchestrator-engine")).resolve(mutant.file());
        String name = String.valueOf(file.getFileName());
        Path delivered = made(mutant).resolve("delivered");
        empty(made(mutant));
        try {
            String source = Files.readString(file);
            Compiled mutated = Compiled.of(mutant.in(source), name, path, made(mutant));
            found(mutant, Compiled.of(source, name, path, delivered), mutated);
        } catch (IllegalArgumentException e) {
            say(mutant, false, "ERROR", String.valueOf(e.getMessage()));
        }
    }

    private void found(Mutant mutant, Compiled delivered, Compiled mutated) throws Exception {
        String seen = mutant.isForSchedules() || mutant.isOpen() || all ? schedules(mutant, delivered, mutated) : "";
        if (!seen.isEmpty()) {
            String unexpected = mutant.isForSchedules() ? "" : " (expected: " + mutant.finder() + ")";
            say(mutant, true, "found by schedules", seen + unexpected);
        } else if (mutant.isForSchedules()) {
            say(mutant, false, "NOT FOUND", "in " + schedules + " schedules: " + mutant.breaks());
        } else if (mutant.isOpen()) {
            say(mutant, true, "not found yet", "in " + schedules + " schedules: " + mutant.breaks());
        } else if (mutant.isForNobody()) {
            say(mutant, true, "found by nothing", mutant.finder());
        } else {
            String failed = unitTest(mutant);
            boolean fails = !failed.isEmpty();
            String what = mutant.finder() + (fails ? ", " + failed : " passes: " + mutant.breaks());
            say(mutant, fails, fails ? "found by a unit test" : "NOT FOUND", what);
        }
    }

    private void say(Mutant mutant, boolean expected, String how, String what) {
        good &= expected;
        found.merge(how, 1, Integer::sum);
        System.out.printf(Locale.ROOT, "%-44s %-20s %s%n", mutant.name(), how, what);
    }

    private static void empty(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> inside = Files.walk(directory)) {
                for (Path file : inside.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** The first violation; empty when there is none. */
    private String schedules(Mutant mutant, Compiled delivered, Compiled mutated) throws Exception {
        Optional<Exchanged> exchanged = Exchanged.by(delivered, mutated);
        String seen;
        if (exchanged.isPresent()) {
            try (Exchanged running = exchanged.get()) {
                seen = FirstViolation.in(schedules).orElse("");
            }
        } else {
            String whole = path + java.io.File.pathSeparator + testPath;
            String said = run(mutant, whole, List.of(FirstViolation.class.getName(), "" + schedules));
            seen = said.lines()
                    .filter(l -> SEED.matcher(l).lookingAt())
                    .findFirst()
                    .orElse("");
            if (seen.isEmpty() && !said.contains(FirstViolation.NONE)) {
                throw new IllegalStateException("schedules could not be run: " + said);
            }
        }
        Matcher seed = SEED.matcher(seen);
        if (seed.lookingAt() && !isGood(Long.parseLong(seed.group(1)))) {
            throw new IllegalArgumentException("seed " + seed.group(1) + " violates something without it, too");
        }
        return seen;
    }

    private static boolean isGood(long seed) {
        return Outcome.of(SchedulePlan.ofSeed(seed), Engine.DELIVERED).isGood();
    }

    private Path made(Mutant mutant) {
        return root.resolve("target/mutants").resolve(mutant.name());
    }

    /** The first test that fails; empty when none does. */
    private String unitTest(Mutant mutant) throws IOException, InterruptedException {
        String test = className(mutant.finder());
        String said = run(mutant, testPath, List.of(UnitTests.class.getName(), test));
        if (!said.isEmpty() && !said.contains(UnitTests.RAN)) {
            throw new IllegalStateException(test + " could not be run: " + said);
        }
        return said.lines()
                .filter(l -> l.startsWith(UnitTests.FAILED))
                .findFirst()
                .orElse(said.isEmpty() ? "a test does not end" : "");
    }

    private String className(String simpleName) throws IOException {
        Path tests = root.resolve("orchestrator-engine/src/test/java");
        try (Stream<Path> files = Files.walk(tests)) {
            Path file = files.filter(f -> f.getFileName().toString().equals(simpleName + ".java"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no test of the engine is called " + simpleName));
            String name = tests.relativize(file).toString().replace(java.io.File.separatorChar, '.');
            return name.substring(0, name.length() - ".java".length());
        }
    }

    /** What it prints; empty when it does not end in time. */
    private String run(Mutant mutant, String classPath, List<String> what) throws IOException, InterruptedException {
        String first = Compiled.directory(made(mutant)) + java.io.File.pathSeparator;
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx768m",
                "-cp",
                first + classPath));
        command.addAll(what);
        Path said = made(mutant).resolve("said");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
            return "";
        }
        return Files.readString(said) + "\n";
    }
}
