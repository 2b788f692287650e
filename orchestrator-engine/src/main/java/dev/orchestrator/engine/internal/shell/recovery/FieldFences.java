package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.engine.internal.shell.execution.Authority;
import dev.orchestrator.engine.internal.shell.fencing.Fences;
import java.util.ArrayList;
import java.util.List;

/** Fences of a recovery without backend: remembered in its book, and enforced as soon as the backend has them. */
final class FieldFences implements Fences {
    private final FieldBook book;
    private final Fences usual;
    // Guarded by the monitor.
    private final List<Fence> wanted = new ArrayList<>();

    FieldFences(FieldBook book, Fences usual) {
        this.book = book;
        this.usual = usual;
    }

    @Override
    public synchronized void enforce(Fence fence, Authority right) {
        wanted.add(fence);
    }

    @Override
    public synchronized void lift(Fence fence, Authority right, String why) {
        wanted.remove(fence);
        book.update(fence, FenceState.LIFTED, why, right.right());
    }

    @Override
    public boolean release(String serverUuid, Authority right, String why) {
        return book.standing().stream()
                .filter(f -> f.serverUuid().equals(serverUuid))
                .allMatch(f -> book.update(f, FenceState.LIFTED, why, right.right()));
    }

    /** The backend has the fences now. */
    synchronized void backendHasThem() {
        wanted.forEach(f -> usual.enforce(f, Authority.none()));
        wanted.clear();
    }
}
