package dev.orchestrator.engine.internal.mysql;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a server's answer that the driver cannot read. The driver reads all results of a batch before it hands over
 * the first, and a connection that it could not read on is of no use: the next one asks part by part to find which it was,
 * the one after that leaves it out. Used by one poll at a time.
 */
final class UnreadParts {
    private final Map<PollPart, String> parts = new EnumMap<>(PollPart.class);
    private @Nullable PollPart asked;
    private boolean searching;
    private boolean news;

    /** Whether the parts are to be asked one by one. */
    boolean isSearching() {
        return searching;
    }

    /** It is this one that is being asked now. */
    void asking(PollPart part) {
        asked = part;
    }

    /** Every part could be read. */
    void found() {
        searching = false;
    }

    /** An answer could not be read. */
    void learn(String seen) {
        if (!searching) {
            searching = true;
            news = true;
            return;
        }
        searching = false;
        if (asked != null && !asked.indispensable()) {
            parts.put(asked, seen);
            news = true;
        }
    }

    /** Whether something was learned since it was asked last: a new connection tells more, or does without. */
    boolean takeNews() {
        boolean taken = news;
        news = false;
        return taken;
    }

    /** It is tried again. */
    void forget() {
        parts.clear();
    }

    boolean contains(PollPart part) {
        return parts.containsKey(part);
    }

    List<String> limitations() {
        return parts.entrySet().stream()
                .map(part -> part.getKey().unreadable(part.getValue()))
                .toList();
    }
}
