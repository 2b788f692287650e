package dev.orchestrator.simulation.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One small mistake: a place of the engine's core, what stands there, and what a tired engineer could have written. Kept in
 * {@code src/test/mutants}, a file each:
 *
 * <pre>
 * # What it breaks, in the field's words.
 * in phase/StopReceivers.java
 * - what stands there, once; how it is broken into lines does not matter
 * + what stands there instead; nothing when this is left out
 * found by schedules
 * </pre>
 *
 * The last line names who is to find it: {@code schedules}, a unit test of the engine by its class, {@code nothing: why}, or
 * {@code nobody yet}, as long as nobody has looked far enough.
 *
 * @param name of its file, without the ending
 * @param breaks for people
 * @param file from {@code engine/internal/core} on
 * @param is what stands there
 * @param becomes what stands there instead
 * @param finder who is to find it
 */
record Mutant(String name, String breaks, String file, String is, String becomes, String finder) {
    static final String SCHEDULES = "schedules";

    private static final String OPEN = "nobody yet";
    private static final String NOTHING = "nothing: ";
    private static final String FOUND_BY = "found by ";
    private static final String ENDING = ".txt";

    /** All of a directory, by name. */
    static List<Mutant> allIn(Path directory) throws IOException {
        List<Mutant> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                all.add(parse(name.substring(0, name.length() - ENDING.length()), Files.readAllLines(file)));
            }
        }
        return all;
    }

    static Mutant parse(String name, List<String> lines) {
        Mutant mutant = new Mutant(
                name,
                after("# ", lines, " "),
                after("in ", lines, ""),
                after("- ", lines, "\n"),
                after("+ ", lines, "\n"),
                after(FOUND_BY, lines, ""));
        boolean whole = !mutant.breaks.isBlank() && !mutant.is.isBlank() && !mutant.finder.isBlank();
        if (!whole || !mutant.file.endsWith(".java")) {
            throw new IllegalArgumentException(
                    "mutant " + name + " does not say what it breaks (# ...), where (in ...),"
                            + " what stands there (- ...), and who finds it (found by ...)");
        }
        return mutant;
    }

    private static String after(String mark, List<String> lines, String between) {
        return lines.stream()
                .filter(l -> l.startsWith(mark))
                .map(l -> l.substring(mark.length()))
                .reduce((a, b) -> a + between + b)
                .orElse("");
    }

    boolean isForSchedules() {
        return finder.equals(SCHEDULES);
    }

    /** Nobody has found it yet, and nobody has shown that there is nothing to be found. */
    boolean isOpen() {
        return finder.equals(OPEN);
    }

    boolean isForNobody() {
        return finder.startsWith(NOTHING);
    }

    /**
     * The source with the mistake.
     *
     * @param source as it is
     * @return as it becomes
     * @throws IllegalArgumentException when what it replaces does not stand there exactly once
     */
    String in(String source) {
        StringBuilder bare = new StringBuilder();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < source.length(); i++) {
            if (!Character.isWhitespace(source.charAt(i))) {
                bare.append(source.charAt(i));
                places.add(i);
            }
        }
        String wanted = is.replaceAll("\\s", "");
        int at = bare.indexOf(wanted);
        if (at < 0 || bare.indexOf(wanted, at + 1) >= 0) {
            throw new IllegalArgumentException("mutant " + name + ": expected once in " + file + ", seen "
                    + (at < 0 ? "nowhere" : "more than once") + ": " + is
                    + "; next: say it anew by what stands there now, or delete the mutant");
        }
        int last = places.get(at + wanted.length() - 1);
        return source.substring(0, places.get(at)) + becomes + source.substring(last + 1);
    }
}
