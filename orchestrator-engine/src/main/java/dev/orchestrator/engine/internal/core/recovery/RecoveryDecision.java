package dev.orchestrator.engine.internal.core.recovery;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.engine.internal.core.decision.RecoveryAttempt;
import dev.orchestrator.engine.internal.core.decision.RecoveryGates;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import dev.orchestrator.spi.RecoveryStore.Registration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is decided about an attempt to recover when all that it depends on was read. */
public final class RecoveryDecision {
    private RecoveryDecision() {}

    /**
     * What is done.
     *
     * @param attempt what is attempted
     * @return the procedure for what was found
     */
    public static Procedure procedure(RecoveryAttempt attempt) {
        return Procedures.of(attempt.type(), null, false);
    }

    /**
     * Who takes part.
     *
     * @param attempt what is attempted
     * @param fleet the snapshot
     * @param rules what operators want, by any key of the instance
     * @param leftAlone servers that must not be touched, with the reason
     * @param config the settings
     * @return the terms
     */
    public static Terms terms(
            RecoveryAttempt attempt,
            Fleet fleet,
            Map<InstanceKey, PromotionRule> rules,
            Map<InstanceKey, String> leftAlone,
            OrchestratorConfig config) {
        InstanceKey wanted = attempt.candidate();
        return RecoveryScope.of(
                fleet,
                attempt.failed(),
                leftAlone,
                RecoveryScope.byOwnKey(fleet, rules),
                wanted == null ? null : fleet.canonical(wanted),
                attempt.automatic(),
                config);
    }

    /**
     * The decision on a fresh snapshot, with the plan or the reason why there is none: what a dry run of the very procedure
     * would do.
     *
     * @param attempt what is attempted
     * @param verdicts the gates before
     * @param terms who takes part
     * @param fleet the snapshot
     * @param now the present
     * @return go with the plan, or refused
     */
    public static Decision decide(
            RecoveryAttempt attempt, List<GateVerdict> verdicts, Terms terms, Fleet fleet, Instant now) {
        if (!RecoveryGates.passed(verdicts)) {
            return new Decision(attempt.finding(), verdicts, null);
        }
        boolean intermediate = !attempt.type().promotes();
        String title = intermediate
                ? "move the replicas of the dead intermediate source " + terms.primary()
                : "replace the dead primary " + terms.primary();
        Preview preview = Preview.of(title, procedure(attempt), terms, fleet, now);
        String gate =
                intermediate ? "is there a server that can feed its replicas" : "is there a replica that may take over";
        @Nullable InstanceKey successor = preview.successor();
        if (successor == null) {
            RefusalReason nobody =
                    attempt.candidate() == null ? RefusalReason.NO_CANDIDATE : RefusalReason.CANDIDATE_UNFIT;
            return attempt.refusedBy(
                    verdicts,
                    gate,
                    nobody,
                    Objects.requireNonNullElse(preview.result().whyNot(), "nobody"));
        }
        List<GateVerdict> all = new ArrayList<>(verdicts);
        all.add(new GateVerdict(gate, null, successor + " by a dry run"));
        List<String> notes = intermediate
                ? List.of("the source is chosen again after the receivers have stopped")
                : List.of("the choice is made again after the receivers have stopped; now it would be " + successor);
        String whole = title + (intermediate ? " below " : " by ") + successor;
        return new Decision(attempt.finding(), all, preview.plan(whole, notes));
    }

    /**
     * The decision when it cannot be registered.
     *
     * @param attempt what is attempted
     * @param decision what was decided before
     * @param answer what registering it brought; null when it was not tried, as the leadership ended while deciding
     * @return the refusal, empty when it is registered
     */
    public static Optional<Decision> unregistered(
            RecoveryAttempt attempt, Decision decision, @Nullable Registration answer) {
        if (answer == null) {
            return unregistered(attempt, decision, RefusalReason.STALE_EPOCH, "the leadership ended while deciding");
        }
        return switch (answer.outcome()) {
            case STALE_EPOCH ->
                unregistered(attempt, decision, RefusalReason.STALE_EPOCH, "the backend knows a later leader");
            case CLUSTER_BUSY ->
                unregistered(attempt, decision, RefusalReason.RECOVERY_ACTIVE, Records.busy(answer.other()));
            case REGISTERED -> Optional.empty();
        };
    }

    private static Optional<Decision> unregistered(
            RecoveryAttempt attempt, Decision decision, RefusalReason reason, String facts) {
        return Optional.of(attempt.with(decision.analysis())
                .refusedBy(decision.verdicts(), "can it be registered", reason, facts));
    }
}
