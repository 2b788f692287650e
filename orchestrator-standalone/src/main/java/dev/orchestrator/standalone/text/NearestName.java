package dev.orchestrator.standalone.text;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody may have meant. */
public final class NearestName {
    private NearestName() {}

    /**
     * The known name that differs least from a mistyped one.
     *
     * @param name what was written
     * @param known the names there are
     * @return empty when none is near: more than a third of the letters would have to change
     */
    public static Optional<String> of(String name, Collection<String> known) {
        String folded = name.toLowerCase(Locale.ROOT);
        String best = null;
        int bestDistance = Math.max(2, folded.length() / 3) + 1;
        for (String candidate : known) {
            int distance = distance(folded, candidate.toLowerCase(Locale.ROOT), bestDistance);
            if (distance < bestDistance) {
                bestDistance = distance;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Levenshtein's distance, as far as it is below a limit. */
    private static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) >= limit) {
            return limit;
        }
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
