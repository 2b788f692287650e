package dev.orchestrator.engine.internal.core.fencing;

import dev.orchestrator.api.model.GtidSet;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a fence from one thing that is done about it to the next.
 *
 * @param made whether the server was made read-only because of it
 * @param remembered whether the backend was seen to hold it: one it never held is not lifted but on its way there
 * @param rebuilt what the first reading showed that people made the server the primary again, null when none does
 * @param lastWords why it did not end when the server last answered
 * @param concluded what the server holds alone, as far as that was written down since it was made read-only
 * @param closed whether the engine closes
 */
record Known(
        boolean made,
        boolean remembered,
        @Nullable Rebuilding rebuilt,
        String lastWords,
        @Nullable GtidSet concluded,
        boolean closed) {
    static final Known NOTHING = new Known(false, false, null, "it was away", null, false);

    Known made(boolean now) {
        return new Known(now, remembered, rebuilt, lastWords, concluded, closed);
    }

    Known remembered(boolean now) {
        return new Known(made, now, rebuilt, lastWords, concluded, closed);
    }

    /** A rebuilding counts from the first of the readings in a row that show it. */
    Known showing(Rebuilding now) {
        Rebuilding first = rebuilt == null ? now : rebuilt;
        return new Known(made, remembered, now.isSeen() ? first : null, lastWords, concluded, closed);
    }

    Known saying(String words) {
        return new Known(made, remembered, rebuilt, words, concluded, closed);
    }

    Known ended() {
        return new Known(made, remembered, null, lastWords, concluded, closed);
    }

    Known concluded(@Nullable GtidSet alone) {
        return new Known(made, remembered, rebuilt, lastWords, alone, closed);
    }

    Known closing() {
        return new Known(made, remembered, rebuilt, lastWords, concluded, true);
    }
}
