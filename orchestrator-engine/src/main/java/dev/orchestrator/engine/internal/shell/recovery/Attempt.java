package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.InstanceKey;
import java.time.Instant;
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
    /** Whether it is about an intermediate source: then nobody is promoted. */
    boolean isOfIntermediateSource() {
        return finding != null && finding.code().isOfIntermediateSource();
    }

    Attempt with(@Nullable FailureAnalysis fresh) {
        return new Attempt(failed, candidate, actor, automatic, fresh, confirmedAt);
    }
}
