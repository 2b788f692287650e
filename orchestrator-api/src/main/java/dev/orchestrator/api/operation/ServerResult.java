package dev.orchestrator.api.operation;

import dev.orchestrator.api.model.InstanceKey;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an operation has done to one server, and how that ended.
 *
 * @param ending how it ended
 * @param done what it was told and has done, in order, for people
 * @param why why it is not as it was wanted, or not known to be; empty when it is
 * @param source what it replicates from by its last reading, null for nobody
 */
public record ServerResult(
        InstanceKey server,
        Ending ending,
        List<String> done,
        String why,
        @Nullable InstanceKey source) {
    /** How it ended. */
    public enum Ending {
        /** It was changed, and is as it was wanted. */
        DONE,
        /** Nothing was done to it: it was as it was wanted, or its turn did not come. */
        UNCHANGED,
        /** It is not as it was wanted. */
        FAILED,
        /** It was told something, and whether it has done it is not known. */
        UNKNOWN
    }

    /** Copies the list. */
    public ServerResult {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(ending, "ending");
        Objects.requireNonNull(why, "why");
        done = List.copyOf(done);
    }

    /**
     * Whether it is as it was wanted, as far as the operation came to it.
     *
     * @return false when it failed, or nobody knows
     */
    public boolean isFine() {
        return ending == Ending.DONE || ending == Ending.UNCHANGED;
    }

    /**
     * The result in a sentence.
     *
     * @return such as {@code db3:3306: failed (does not answer)}
     */
    public String describe() {
        String words = server + ": "
                + switch (ending) {
                    case DONE -> "done";
                    case UNCHANGED -> "unchanged";
                    case FAILED -> "failed";
                    case UNKNOWN -> "unknown";
                };
        String facts = ending == Ending.DONE || done.isEmpty()
                ? why
                : "was told and has done: " + String.join(", ", done) + (why.isEmpty() ? "" : "; " + why);
        return facts.isEmpty() ? words : words + " (" + facts + ")";
    }
}
