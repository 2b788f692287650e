package dev.orchestrator.engine.internal.core.recovery;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.recovery.RecoveryRecord;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class UnattendedTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Unattended IDLE = new Unattended(7, "run-1", uid -> false, uid -> false);

    private static RecoveryRecord recovery(long epoch, String nodeToken) {
        return RecoveryRecord.builder(
                        "r1",
                        new ClusterId("c"),
                        AnalysisCode.DEAD_PRIMARY,
                        key("p"),
                        new Actor("orchestrator", Origin.AUTOMATIC, "n"),
                        NOON)
                .epoch(epoch)
                .nodeToken(nodeToken)
                .build();
    }

    @Test
    void oneThatThisTenureHasJustRegisteredIsNotLeft() {
        assertThat(IDLE.holds(recovery(7, "run-1"), NOON.plusSeconds(1))).isFalse();
        assertThat(IDLE.holds(recovery(7, "run-1"), NOON.plusSeconds(11))).isTrue();
        assertThat(IDLE.holds(recovery(6, "run-1"), NOON.plusSeconds(1))).isTrue();
        assertThat(IDLE.holds(recovery(0, "run-2"), NOON.plusSeconds(1))).isTrue();
    }

    @Test
    void oneThatLostItsRightForAMomentIsLeftAtOnce() {
        Unattended after = new Unattended(7, "run-1", uid -> false, uid -> true);

        assertThat(after.holds(recovery(7, "run-1"), NOON.plusSeconds(1))).isTrue();
    }

    @Test
    void oneThatRunsOrHasEndedIsNotLeft() {
        Unattended running = new Unattended(8, "run-1", uid -> true, uid -> false);
        RecoveryRecord ended = recovery(7, "run-1").toBuilder().endedAt(NOON).build();

        assertThat(running.holds(recovery(7, "run-1"), NOON)).isFalse();
        assertThat(IDLE.holds(ended, NOON.plusSeconds(60))).isFalse();
    }
}
