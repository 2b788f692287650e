package dev.orchestrator.engine.internal.core.recovery;

import dev.orchestrator.api.recovery.RecoveryRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * Which recoveries nobody attends to any more, by what a leader knows of those of its own process.
 *
 * @param epoch of its lease
 * @param nodeToken the text of this run of the process
 * @param running whether the process runs one, by its identity
 * @param abandoned whether the process has run one and lost its right on the way
 */
public record Unattended(long epoch, String nodeToken, Predicate<String> running, Predicate<String> abandoned) {
    /** So long a recovery may be between its registration and its run. */
    private static final Duration REGISTERING = Duration.ofSeconds(10);

    /**
     * Whether nobody runs a recovery any more, as far as this leader can tell.
     *
     * @param record as the backend has it
     * @param now the present
     * @return true when it is to be gone on with, unless its locks say that somebody else still does
     */
    public boolean holds(RecoveryRecord record, Instant now) {
        if (!record.isActive() || running.test(record.uid())) {
            return false;
        }
        // A right that was away for a moment is the same right afterwards: what was abandoned meanwhile is nobody's.
        return abandoned.test(record.uid()) || !mayBeRegistering(record, now);
    }

    /** Registered by this very unattended and not yet among those that run. */
    private boolean mayBeRegistering(RecoveryRecord record, Instant now) {
        return record.epoch() == epoch
                && record.nodeToken().equals(nodeToken)
                && record.startedAt().isAfter(now.minus(REGISTERING));
    }
}
