package dev.orchestrator.engine.internal.core.recovery;

import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.decision.RecoveryAttempt;
import dev.orchestrator.engine.internal.core.decision.Said;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The recovery of a failed server, as it would be run by what is known of it now.
 *
 * @param attempt what is attempted, with what was found
 * @param fleet the snapshot
 * @param terms who takes part
 */
public record ReadyRecovery(RecoveryAttempt attempt, Fleet fleet, Terms terms) {
    /**
     * Says who takes part.
     *
     * @param attempt what is attempted, with what was found
     * @param fleet the snapshot
     * @param said what the backend said; null before it was asked: nobody is left alone then
     * @param config the settings
     * @return the recovery
     */
    public static ReadyRecovery of(
            RecoveryAttempt attempt, Fleet fleet, @Nullable Said said, OrchestratorConfig config) {
        Terms terms = said == null
                ? RecoveryDecision.terms(attempt, fleet, Map.of(), Map.of(), config)
                : RecoveryDecision.terms(
                        attempt,
                        fleet,
                        said.facts().intents().promotionRules(),
                        said.locks().excluded(),
                        config);
        return new ReadyRecovery(attempt, fleet, terms);
    }

    /**
     * The decision.
     *
     * @param verdicts the gates before
     * @param now the present
     * @return go with the plan, or refused
     */
    public Decision decide(List<GateVerdict> verdicts, Instant now) {
        return RecoveryDecision.decide(attempt, verdicts, terms, fleet, now);
    }

    /**
     * Its record, as it is registered: detected when the server fell silent.
     *
     * @param beginning who begins it
     * @param readings the present by the clock that stamps readings, which is another one than that of recoveries
     * @return the record
     */
    public RecoveryRecord record(Records.Beginning beginning, Instant readings) {
        FailureAnalysis finding = Objects.requireNonNull(attempt.finding(), "nothing was found");
        Instant since = fleet.member(terms.primary()).orElseThrow().failingSince();
        Instant detectedAt =
                since == null ? attempt.confirmedAt() : beginning.at().minus(Duration.between(since, readings));
        return Records.ofFailure(beginning, finding, detectedAt, attempt.confirmedAt(), terms, fleet);
    }

    /**
     * What it is run by.
     *
     * @param record as it was registered
     * @return the undertaking
     */
    public Undertaking undertaking(RecoveryRecord record) {
        return Undertaking.of(record, RecoveryDecision.procedure(attempt), terms, fleet);
    }
}
