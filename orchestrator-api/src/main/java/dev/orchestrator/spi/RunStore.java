package dev.orchestrator.spi;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.CancelOutcome;
import dev.orchestrator.api.RunningChange;
import java.util.List;
import java.util.Set;

/** The changes that are being made at present, by which node, and which of them somebody wants stopped. */
public interface RunStore {
    /**
     * Writes that a change begins. One of the same identity is replaced.
     *
     * @param run the change; its time is not used
     */
    void begin(RunningChange run);

    /**
     * Writes where a change is.
     *
     * @param uid the change
     * @param phase its phase, for people
     */
    void phase(String uid, String phase);

    /**
     * Removes a change that is over.
     *
     * @param uid the change
     * @param nodeToken the process that made it; another one's of the same identity stays
     */
    void end(String uid, String nodeToken);

    /**
     * All running changes.
     *
     * @return in the order they began
     */
    List<RunningChange> running();

    /**
     * Writes that somebody wants a change stopped. The first one who asked is kept.
     *
     * @param uid the change
     * @param by who
     * @return false when no such change is running
     */
    boolean askToStop(String uid, Actor by);

    /**
     * The changes of a process that somebody wants stopped.
     *
     * @param nodeToken the process
     * @return their identities
     */
    Set<String> askedToStop(String nodeToken);

    /**
     * Writes what a change does that was asked to stop.
     *
     * @param uid the change
     * @param outcome what it does
     */
    void answer(String uid, CancelOutcome outcome);

    /**
     * Removes changes of processes that are not registered as nodes any more, if they began more than a minute ago.
     *
     * @return how many were removed
     */
    int purge();
}
