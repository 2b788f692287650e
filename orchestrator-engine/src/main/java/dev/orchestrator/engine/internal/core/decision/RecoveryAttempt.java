package dev.orchestrator.engine.internal.core.decision;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryRequest;
import dev.orchestrator.api.recovery.RecoveryType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An attempt to recover: the engine's own, or an operator's.
 *
 * @param failed the failed instance
 * @param candidate the replica to promote, null to choose
 * @param actor who asks for it
 * @param automatic whether nobody ordered it
 * @param finding what was found about the instance, null for nothing
 * @param confirmedAt when it was found
 */
public record RecoveryAttempt(
        InstanceKey failed,
        @Nullable InstanceKey candidate,
        Actor actor,
        boolean automatic,
        @Nullable FailureAnalysis finding,
        Instant confirmedAt) {
    /**
     * What the engine attempts by itself.
     *
     * @param finding what was found
     * @param actor the engine
     * @param at when it was found
     * @return the attempt
     */
    public static RecoveryAttempt automatic(FailureAnalysis finding, Actor actor, Instant at) {
        return new RecoveryAttempt(finding.instance(), null, actor, true, finding, at);
    }

    /**
     * An operator's order.
     *
     * @param request the order
     * @param at when it was given
     * @return the attempt
     */
    public static RecoveryAttempt ordered(RecoveryRequest request, Instant at) {
        return new RecoveryAttempt(request.failed(), request.candidate(), request.actor(), false, null, at);
    }

    /**
     * What kind of recovery it would be.
     *
     * @return by what was found
     */
    public RecoveryType type() {
        return Optional.ofNullable(finding)
                .flatMap(f -> RecoveryType.about(f.code()))
                .orElse(RecoveryType.DEAD_PRIMARY);
    }

    /**
     * The same attempt after another look.
     *
     * @param fresh what was found now, null for nothing
     * @return with that finding
     */
    public RecoveryAttempt with(@Nullable FailureAnalysis fresh) {
        return new RecoveryAttempt(failed, candidate, actor, automatic, fresh, confirmedAt);
    }

    /**
     * The decision when the backend does not answer.
     *
     * @param before the gates that were asked before it
     * @param e what asking it brought
     * @return the refusal, with all gates before
     */
    public Decision withoutBackend(List<GateVerdict> before, OrchestratorException e) {
        return refusedBy(
                before,
                "does the backend answer",
                RefusalReason.BACKEND_UNAVAILABLE,
                e.getMessage() == null ? e.code().name() : e.getMessage());
    }

    /**
     * The decision when a gate refuses.
     *
     * @param before the gates that were asked before it
     * @param gate the question
     * @param reason the reason
     * @param facts what was seen
     * @return the refusal, with all gates before
     */
    public Decision refusedBy(List<GateVerdict> before, String gate, RefusalReason reason, String facts) {
        List<GateVerdict> all = new ArrayList<>(before);
        all.add(new GateVerdict(gate, reason, facts));
        return new Decision(finding, all, null);
    }
}
