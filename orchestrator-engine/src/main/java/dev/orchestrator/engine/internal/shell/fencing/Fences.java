package dev.orchestrator.engine.internal.shell.fencing;

import dev.orchestrator.api.Fence;
import dev.orchestrator.engine.internal.shell.execution.Authority;

/** Keeps former primaries from being written. */
public interface Fences {
    /**
     * Starts to enforce a fence that is already remembered in the backend.
     *
     * @param fence the fence
     * @param right the right of the operation that ordered it; the leader's own right is used where there is one
     */
    void enforce(Fence fence, Authority right);

    /**
     * Ends a fence whose recovery came to nothing: forgets it in the backend, and makes the server writable again if it
     * was made read-only because of it.
     *
     * @param fence the fence
     * @param right as in {@link #enforce}
     * @param why for people
     */
    void lift(Fence fence, Authority right, String why);

    /**
     * Frees a server that is about to be promoted, or by an operator's order, from any fence of its past. Whoever enforces it
     * elsewhere notices within a second or two.
     *
     * @param serverUuid its identity
     * @param right the right of the operation
     * @param why for people
     * @return false when that could not be written, because the right has ended
     * @throws dev.orchestrator.api.OrchestratorException when the backend does not answer
     */
    boolean release(String serverUuid, Authority right, String why);

    /**
     * An operation is over: nothing more is sent by its right, and what is under way by it is awaited for a moment, so that
     * no server is told anything once its locks are released. What this node sends as the leader goes on, and is not awaited.
     *
     * @param right the right of the operation
     */
    void withdraw(Authority right);
}
