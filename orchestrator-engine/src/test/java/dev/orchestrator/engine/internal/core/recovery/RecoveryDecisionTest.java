package dev.orchestrator.engine.internal.core.recovery;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryRequest;
import dev.orchestrator.engine.internal.core.decision.RecoveryAttempt;
import dev.orchestrator.spi.RecoveryStore.Registration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What keeps a recovery from being begun when its gates have let it through. */
class RecoveryDecisionTest {
    private static final GateVerdict BEFORE = new GateVerdict("before", null, "facts");
    private static final RecoveryAttempt ATTEMPT = RecoveryAttempt.ordered(
            new RecoveryRequest(key("p"), null, new Actor("alice", Origin.CLI, "n")),
            Instant.parse("2026-01-01T00:00:00Z"));

    @Test
    void whatCannotBeRegisteredIsRefused() {
        assertThat(unregistered(new Registration(Registration.Outcome.REGISTERED, null)))
                .isEmpty();
        assertRefused(unregistered(null), RefusalReason.STALE_EPOCH);
        assertRefused(
                unregistered(new Registration(Registration.Outcome.STALE_EPOCH, null)), RefusalReason.STALE_EPOCH);
        assertRefused(
                unregistered(new Registration(Registration.Outcome.CLUSTER_BUSY, null)), RefusalReason.RECOVERY_ACTIVE);
    }

    @Test
    void aBackendThatIsAwayRefuses() {
        OrchestratorException e = new OrchestratorException(ErrorCode.BACKEND_UNAVAILABLE, "it is away");
        assertRefused(Optional.of(ATTEMPT.withoutBackend(List.of(BEFORE), e)), RefusalReason.BACKEND_UNAVAILABLE);
    }

    private static Optional<Decision> unregistered(@Nullable Registration answer) {
        return RecoveryDecision.unregistered(ATTEMPT, new Decision(null, List.of(BEFORE), null), answer);
    }

    private static void assertRefused(Optional<Decision> decision, RefusalReason reason) {
        assertThat(decision.orElseThrow().verdicts().get(0)).isEqualTo(BEFORE);
        assertThat(decision.flatMap(Decision::refusal).orElseThrow().refusal()).isEqualTo(reason);
    }
}
