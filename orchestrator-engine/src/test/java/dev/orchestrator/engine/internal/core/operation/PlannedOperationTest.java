package dev.orchestrator.engine.internal.core.operation;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.operation.MoveOperation.Relocate;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.simulation.DryRun;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What stands in the way of an order that its own gates have let through, and how it is told how it ended. */
class PlannedOperationTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Decision LET_THROUGH = new Decision(null, List.of(), null);

    private final Fleet fleet = new FleetBuilder(NOW)
            .primary("p")
            .replica("r2", "p")
            .replica("r3", "p")
            .build();
    private final PlannedOperation.Work work =
            requireNonNull(Proposed.of(fleet, new Relocate(key("r3"), key("r2")), List.of())
                    .proposal()
                    .work());

    @Test
    void onlyARecoveryOfTheSameClusterGoesFirst() {
        assertThat(work.whileRecovered(LET_THROUGH, List.of())).isEmpty();
        assertThat(work.whileRecovered(LET_THROUGH, List.of(recovery(new ClusterId("another")))))
                .isEmpty();
        Decision refused = work.whileRecovered(LET_THROUGH, List.of(recovery(work.cluster())))
                .orElseThrow();
        assertThat(refused.refusal().orElseThrow().refusal()).isEqualTo(RefusalReason.RECOVERY_ACTIVE);
        assertThat(refused.refusal().orElseThrow().facts()).contains("uid", "p:3306", NOW.toString());
    }

    @Test
    void nothingIsSaidOfOneThatReachedItsAim() {
        State end = DryRun.of(work.procedure(), State.begin(work.terms(), fleet, null, new Moment(NOW, 0)))
                .state();
        assertThat(work.failure(end)).isNull();
    }

    private static RecoveryRecord recovery(ClusterId cluster) {
        return RecoveryRecord.builder(
                        "uid",
                        cluster,
                        AnalysisCode.DEAD_PRIMARY,
                        key("p"),
                        new Actor("orchestrator", Origin.AUTOMATIC, "n"),
                        NOW)
                .build();
    }
}
