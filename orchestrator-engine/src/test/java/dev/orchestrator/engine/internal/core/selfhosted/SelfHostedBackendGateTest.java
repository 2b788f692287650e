package dev.orchestrator.engine.internal.core.selfhosted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.engine.internal.core.decision.RecoveryAttempt;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When the primary that the backend itself lives on may be replaced. */
class SelfHostedBackendGateTest {
    private static final Duration ENOUGH = Duration.ofMillis(700);
    private static final RecoveryAttempt ATTEMPT = new RecoveryAttempt(
            new InstanceKey("db1", 3306),
            null,
            new Actor("orchestrator", Origin.AUTOMATIC, "n"),
            true,
            null,
            Instant.parse("2026-01-01T00:00:00Z"));

    @Test
    void anythingThatIsMissingRefuses() {
        assertThat(SelfHostedBackendGate.refusal(ATTEMPT, true, true, true, ENOUGH))
                .isEmpty();
        assertThat(why(SelfHostedBackendGate.refusal(ATTEMPT, false, true, true, ENOUGH)))
                .contains("does not lead");
        assertThat(why(SelfHostedBackendGate.refusal(ATTEMPT, true, false, true, ENOUGH)))
                .contains("never read");
        assertThat(why(SelfHostedBackendGate.refusal(ATTEMPT, true, true, false, ENOUGH)))
                .contains("db1:3306", "frozen");
        assertThat(why(SelfHostedBackendGate.refusal(ATTEMPT, true, true, true, ENOUGH.minusMillis(1))))
                .contains("699 ms");
    }

    @Test
    void whatItIsDecidedByStandsFirst() {
        GateVerdict other = new GateVerdict("another", null, "facts");
        Decision decision = SelfHostedBackendGate.explained(
                new Decision(null, List.of(other), null),
                SelfHostedBackendGate.remark(Duration.ofMillis(40), "file.log"));
        assertThat(decision.verdicts().get(0).facts()).contains("40 ms", "file.log");
        assertThat(decision.verdicts().get(1)).isEqualTo(other);
    }

    private static String why(Optional<Decision> refusal) {
        return refusal.flatMap(Decision::refusal).orElseThrow().facts();
    }
}
