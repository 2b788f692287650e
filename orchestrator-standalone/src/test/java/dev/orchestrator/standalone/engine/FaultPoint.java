package dev.orchestrator.standalone.engine;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Told before and after everything an engine says to servers and to its records, on the thread that says it: whatever is
 * done here happens exactly there.
 *
 * <p>Points are {@code before} or {@code after} and a command as its text has it ({@code SetReadOnly[readOnly=false]}), or a
 * write: {@code Fence[add]}, {@code Fence[FENCED]} and the other states, {@code Record[register]}, {@code Record[named]}
 * once it names a successor, {@code Record[promoted]}, {@code Record[ended]}, else {@code Record[open]}.
 */
@FunctionalInterface
interface FaultPoint {
    /** Nothing happens anywhere. */
    FaultPoint NONE = point -> {};

    /**
     * Something is about to be said, or was said.
     *
     * @param point which
     */
    void reached(String point);

    /** Something that is done once, at the first point that begins with that text. */
    static FaultPoint at(String where, Runnable action) {
        AtomicBoolean done = new AtomicBoolean();
        return point -> {
            if (point.startsWith(where) && done.compareAndSet(false, true)) {
                action.run();
            }
        };
    }
}
