package dev.orchestrator.simulation.server;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.simulation.kind.ServerKind;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What a channel has received and not executed yet, as it came. Not thread-safe. */
final class RelayLog {
    private final Deque<Piece> pieces = new ArrayDeque<>();

    /**
     * Transactions that were sent together.
     *
     * @param gtids them
     * @param empty those of them that came without their rows
     * @param from how they are logged
     * @param at when the last of them was committed on the source
     */
    record Piece(GtidSet gtids, GtidSet empty, ServerKind from, long at) {}

    void add(SimulatedServer source, Stream.Sent sent) {
        pieces.add(new Piece(
                sent.gtids(),
                source.contents().sentEmpty(sent.gtids()),
                source.settings().kind(),
                sent.at()));
    }

    @Nullable
    Piece peek() {
        return pieces.peek();
    }

    void remove() {
        pieces.remove();
    }

    void clear() {
        pieces.clear();
    }
}
