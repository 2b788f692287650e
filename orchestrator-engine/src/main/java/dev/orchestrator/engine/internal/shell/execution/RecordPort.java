package dev.orchestrator.engine.internal.shell.execution;

import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Event;

/** Where a procedure's record goes: the backend, or a journal while there is none. Thread-safe; blocks. */
public interface RecordPort {
    /** For procedures that keep no record. */
    RecordPort NONE = save -> new Saved(Event.Saving.WRITTEN, "");

    /**
     * Writes the record and its fences, under the right that the procedure acts by.
     *
     * @param save what is to be written
     * @return how it ended; never an exception
     */
    Saved save(Effect.Save save);

    /**
     * How the writing ended.
     *
     * @param outcome whether it is there
     * @param words what went wrong, empty when nothing did
     */
    record Saved(Event.Saving outcome, String words) {}
}
