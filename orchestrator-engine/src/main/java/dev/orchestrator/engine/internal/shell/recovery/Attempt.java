package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryType;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A wish to recover: the engine's own, or a person's.
 *
 * @param failed the failed instance
 * @param candidate the replica to promote, null to choose
 * @param actor who wishes it
 * @param automatic whether nobody ordered it
 * @param finding what was found about the instance, null for nothing
 * @param confirmedAt when it was found
 */
record Attempt(
        InstanceKey failed,
        @Nullable InstanceKey candidate,
        Actor actor,
        boolean automatic,
        @Nullable FailureAnalysis finding,
        Instant confirmedAt) {
    /** What kind of recovery it would be. */
    RecoveryType type() {
        return Optional.ofNullable(finding)
                .flatMap(f -> RecoveryType.about(f.code()))
                .orElse(RecoveryType.DEAD_PRIMARY);
    }

    Attempt with(@Nullable FailureAnalysis fresh) {
        return new Attempt(failed, candidate, actor, automatic, fresh, confirmedAt);
    }
}
