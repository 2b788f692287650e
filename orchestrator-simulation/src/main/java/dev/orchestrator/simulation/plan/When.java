package dev.orchestrator.simulation.plan;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When something goes wrong, or is ordered. */
public sealed interface When {
    /** In words, as they are parsed. */
    @Override
    String toString();

    /**
     * When that is, where it is known beforehand.
     *
     * @return nanoseconds since the world began
     */
    OptionalLong at();

    /**
     * Whether it is the beginning of all trouble, which meets the first primary.
     *
     * @return false for everything else
     */
    default boolean isFirst() {
        return false;
    }

    /**
     * Reads the words of one.
     *
     * @param words as {@code toString} writes them
     * @return the same
     */
    static When parse(String words) {
        if (words.startsWith(First.WORDS)) {
            return new First(Millis.parse(words.substring(First.WORDS.length())));
        }
        if (words.startsWith(At.WORDS)) {
            return new At(Millis.parse(words.substring(At.WORDS.length())));
        }
        return AtEffect.read(words);
    }

    /**
     * What happens to the first primary at the beginning of all trouble.
     *
     * @param nanos since the world began
     */
    record First(long nanos) implements When {
        private static final String WORDS = "first at ";

        @Override
        public OptionalLong at() {
            return OptionalLong.of(nanos);
        }

        @Override
        public boolean isFirst() {
            return true;
        }

        @Override
        public String toString() {
            return WORDS + Millis.of(nanos);
        }
    }

    /**
     * At some time.
     *
     * @param nanos since the world began
     */
    record At(long nanos) implements When {
        private static final String WORDS = "at ";

        @Override
        public OptionalLong at() {
            return OptionalLong.of(nanos);
        }

        @Override
        public String toString() {
            return WORDS + Millis.of(nanos);
        }
    }

    /**
     * Exactly before or after something that a procedure does.
     *
     * @param before whether before
     * @param procedure the procedure
     * @param effect what it does
     * @param time the how manieth time it does that in this world, since trouble began
     */
    record AtEffect(boolean before, String procedure, String effect, int time) implements When {
        private static final Pattern WORDS = Pattern.compile("(before|after) ([^|]+) \\| ([^|#]+?)(?: #([0-9]+))?");

        private static When read(String words) {
            Matcher matcher = WORDS.matcher(words);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("'" + words
                        + "' is no moment: expected 'first at 1 ms', 'at 1 ms' or" + " 'before PROCEDURE | effect #1'");
            }
            int time = matcher.group(4) == null ? 1 : Integer.parseInt(matcher.group(4));
            return new AtEffect("before".equals(matcher.group(1)), matcher.group(2), matcher.group(3), time);
        }

        @Override
        public OptionalLong at() {
            return OptionalLong.empty();
        }

        @Override
        public String toString() {
            return (before ? "before " : "after ") + procedure + " | " + effect + (time == 1 ? "" : " #" + time);
        }
    }
}
