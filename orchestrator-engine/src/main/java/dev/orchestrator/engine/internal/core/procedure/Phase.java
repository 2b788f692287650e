package dev.orchestrator.engine.internal.core.procedure;

import java.util.List;

/** A part of a procedure with one aim, shared by procedures. Pure: what it wants depends on the state alone. */
public interface Phase {
    /**
     * Its name, as records and people see it.
     *
     * @return such as {@code stop receivers}
     */
    String name();

    /**
     * Whether its aim is reached, so that the next phase may begin. Steps may outlive it.
     *
     * @param state what is known
     * @return true when nothing more is wanted of it
     */
    boolean done(State state);

    /**
     * What is to be done now. What is in flight or proved done is not wanted again.
     *
     * @param state what is known
     * @return effects to be carried out side by side; empty while it waits for what is in flight
     */
    List<Effect> wanted(State state);
}
