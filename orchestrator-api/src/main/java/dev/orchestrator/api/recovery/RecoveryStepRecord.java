package dev.orchestrator.api.recovery;

import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened in a recovery.
 *
 * @param number its place in the recovery, from 1
 * @param at when it began
 * @param phase the phase it belongs to
 * @param instance the server it was about, null for none
 * @param description what was done or found, for people
 * @param state how far it has come
 * @param result what came of it, empty while it runs
 * @param duration how long it took, zero while it runs
 */
public record RecoveryStepRecord(
        String recoveryUid,
        int number,
        Instant at,
        String phase,
        @Nullable InstanceKey instance,
        String description,
        State state,
        String result,
        Duration duration) {
    /** How far a step has come. */
    public enum State {
        /** Begun; the server may or may not have been told. */
        RUNNING,
        /** Done. */
        DONE,
        /** Failed; the result says why. */
        FAILED,
        /** Not done, and why. */
        SKIPPED,
        /** Nothing was done to a server: a finding or a decision. */
        NOTE
    }
}
