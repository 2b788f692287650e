package dev.orchestrator.simulation.backend;

/** Whether rows may be written, how often they were, and what tokens were given. Not thread-safe. */
final class Writes {
    private final long[] tokens;
    private boolean refused;
    private long count;

    Writes() {
        this(new long[1]);
    }

    private Writes(long[] tokens) {
        this.tokens = tokens;
    }

    /** A statement that would write is refused: its server is read-only. */
    static final class ReadOnly extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ReadOnly() {
            super("the backend is read-only", null, false, false);
        }
    }

    /** Of a copy, which is written on its own; tokens are random, so no two copies give the same. */
    Writes copy() {
        return new Writes(tokens);
    }

    void refuse(boolean all) {
        refused = all;
    }

    boolean areAllowed() {
        return !refused;
    }

    /** Something is about to be written. */
    void one() {
        if (refused) {
            throw new ReadOnly();
        }
        count++;
    }

    long count() {
        return count;
    }

    long token() {
        return ++tokens[0];
    }
}
