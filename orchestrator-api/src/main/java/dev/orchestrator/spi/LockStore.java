package dev.orchestrator.spi;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Maintenance locks: per instance at most one active exclusive one, or any number of shared ones, enforced by the
 * backend. Only a recovery's exclusive lock may come to stand beside shared ones that are there already.
 */
public interface LockStore {
    /**
     * Takes all the locks, or none.
     *
     * @param request what to lock, and how; taken in key order
     * @param owner who
     * @param reason why, for people
     * @param duration how long unless extended; by the backend's clock
     * @return the token of all of them, or the locks that stand in the way
     */
    Attempt acquire(LockRequest request, Actor owner, String reason, Duration duration);

    /**
     * Extends all locks of a token.
     *
     * @param duration how long from now
     * @return the number of locks extended; fewer than were taken means that some were lost
     */
    int extend(String token, Duration duration);

    /**
     * Ends all locks of a token.
     *
     * @return the number of locks that were still active
     */
    int release(String token);

    /**
     * Ends the exclusive lock of one instance, whoever holds it.
     *
     * @return the lock that was ended, empty when there was none
     */
    Optional<LockInfo> end(InstanceKey instance);

    /**
     * Ends a lock by its number, whoever holds it.
     *
     * @param id the number
     * @return the lock that was ended, empty when there was none
     */
    Optional<LockInfo> end(long id);

    /**
     * The active exclusive lock of an instance.
     *
     * @return empty when there is none; it may be locked shared
     */
    Optional<LockInfo> find(InstanceKey instance);

    /**
     * All active locks, exclusive and shared.
     *
     * @return ordered by instance
     */
    List<LockInfo> active();

    /**
     * Removes ended locks that are older than given.
     *
     * @param age how old
     * @return how many were removed
     */
    int purge(Duration age);

    /**
     * The answer to an attempt.
     *
     * @param token the token, null when refused
     * @param blockers the locks that stand in the way, empty when granted
     */
    record Attempt(@Nullable String token, List<LockInfo> blockers) {
        /** Copies the blockers. */
        public Attempt {
            blockers = List.copyOf(blockers);
        }
    }
}
