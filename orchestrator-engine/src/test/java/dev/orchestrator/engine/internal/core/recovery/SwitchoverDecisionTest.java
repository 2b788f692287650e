package dev.orchestrator.engine.internal.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.spi.RecoveryStore.Registration;
import dev.orchestrator.spi.RecoveryStore.Registration.Outcome;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SwitchoverDecisionTest {
    private static final Decision ALLOWED = new Decision(null, List.of(), null);

    private static Optional<RefusalReason> refusal(Outcome outcome) {
        return SwitchoverDecision.unregistered(ALLOWED, new Registration(outcome, null))
                .flatMap(Decision::refusal)
                .map(GateVerdict::refusal);
    }

    /** Seen before: that its locks had ended was told as another recovery under way, which nobody found. */
    @Test
    void itIsToldApartWhetherAnotherRecoveryOrALostLockKeepsItFromBeingBegun() {
        assertThat(refusal(Outcome.REGISTERED)).isEmpty();
        assertThat(refusal(Outcome.CLUSTER_BUSY)).contains(RefusalReason.RECOVERY_ACTIVE);
        assertThat(refusal(Outcome.STALE_EPOCH)).contains(RefusalReason.LOCKED);
    }
}
