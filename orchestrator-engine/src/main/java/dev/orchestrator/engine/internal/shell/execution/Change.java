package dev.orchestrator.engine.internal.shell.execution;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.MaintenanceLock;

/**
 * Something that somebody wants changed, from the request to its end.
 *
 * @param <R> what its run is told
 * @param <T> what comes of it
 */
public interface Change<R, T> {
    /**
     * Who wants it.
     *
     * @return the owner of its locks
     */
    Actor actor();

    /**
     * Its identity: by it it is shown and cancelled while it runs.
     *
     * @return of a recovery, the recovery's
     */
    String uid();

    /**
     * What kind of change it is.
     *
     * @return for people
     */
    String kind();

    /**
     * The text by which its locks are known.
     *
     * @return for people
     */
    String lockReason();

    /**
     * Looks whether it may be made. Locks and changes nothing.
     *
     * @return the decision, and what is to be locked
     */
    Prepared<R> look();

    /**
     * With the locks in hand: reads anew and asks again; what no longer holds is not acted on.
     *
     * @param lock the locks
     * @return the decision, and what its run is told
     */
    Prepared<R> lookAgain(MaintenanceLock lock);

    /**
     * Somebody else holds the locks.
     *
     * @param first what was decided before they were asked for
     * @param holder who, for people
     * @return the outcome
     */
    T lockedOut(Prepared<R> first, String holder);

    /**
     * It may not be made.
     *
     * @param prepared the decision
     * @return the outcome
     */
    T refused(Prepared<R> prepared);

    /**
     * Makes it.
     *
     * @param prepared what was decided under the locks
     * @param lock the locks
     * @param running told of its phases; asks it to stop
     * @return the outcome
     */
    T run(Prepared<R> prepared, MaintenanceLock lock, RunRegistry.Run running);
}
