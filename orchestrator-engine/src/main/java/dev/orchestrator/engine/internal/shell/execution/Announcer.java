package dev.orchestrator.engine.internal.shell.execution;

import dev.orchestrator.engine.internal.core.procedure.Announcement;
import dev.orchestrator.engine.internal.core.procedure.State;

/** Told of what a procedure has others told. */
@FunctionalInterface
public interface Announcer {
    /** For procedures that tell nobody. */
    Announcer NOBODY = (what, state) -> {};

    /**
     * Tells others. Returns soon: the procedure goes on only then.
     *
     * @param what what they are told
     * @param state what the procedure knows at this moment
     */
    void tell(Announcement what, State state);
}
