package dev.orchestrator.engine.internal.shell.execution;

import dev.orchestrator.api.CancelOutcome;
import java.util.function.Consumer;

/** How a change that is being made is told that it shall not go on. Thread-safe; neither waits. */
public interface RunControl {
    /**
     * It shall stop: it goes back while it can, and else to its end.
     *
     * @param why who and why, for people
     * @param answer told what the change makes of that
     */
    void stop(String why, Consumer<CancelOutcome> answer);

    /**
     * It shall not act any more: nothing more is sent, put back or written, and whoever leads next goes on from its record.
     *
     * @param why for people
     */
    void abandon(String why);
}
