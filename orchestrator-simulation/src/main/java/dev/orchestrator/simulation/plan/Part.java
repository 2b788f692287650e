package dev.orchestrator.simulation.plan;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something that goes wrong or is ordered.
 *
 * @param when when
 * @param what what
 * @param how whom it meets, for how long, ... in words
 */
public record Part(When when, String what, List<String> how) {
    private static final String BETWEEN = ", ";
    private static final Pattern WORDS = Pattern.compile("(.*): ([a-z][a-z ]*?)(?: \\((.*)\\))?");

    /** Copies the words. */
    public Part {
        how = List.copyOf(how);
    }

    static List<String> list(String words) {
        return words.isBlank() ? List.of() : List.of(words.split(BETWEEN, -1));
    }

    static String inBrackets(List<String> words) {
        return words.isEmpty() ? "" : " (" + String.join(BETWEEN, words) + ")";
    }

    static Part parse(String line) {
        Matcher matcher = WORDS.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + line + "' says nothing that happens: expected 'WHEN: what (how, how)'");
        }
        String how = matcher.group(3);
        return new Part(When.parse(matcher.group(1)), matcher.group(2), how == null ? List.of() : list(how));
    }

    @Override
    public String toString() {
        return when + ": " + what + inBrackets(how);
    }
}
