package dev.orchestrator.engine.internal.core.recovery;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where a run begins. */
class UndertakingTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Fleet fleet =
            new FleetBuilder(NOW).primary("p").replica("r2", "p").build();
    private final Terms terms = RecoveryScope.of(
            fleet,
            key("p"),
            Map.of(),
            Map.of(),
            null,
            true,
            OrchestratorConfig.builder().build());
    private final RecoveryRecord record = RecoveryRecord.builder(
                    "uid",
                    fleet.member(key("p")).orElseThrow().cluster(),
                    AnalysisCode.DEAD_PRIMARY,
                    key("p"),
                    new Actor("orchestrator", Origin.AUTOMATIC, "n"),
                    NOW)
            .build();

    @Test
    void oneThatBeginsGoesForwardAndOneThatCannotIsGivenUpAtOnce() {
        Undertaking begins = Undertaking.of(record, Procedures.deadPrimary(), terms, fleet);
        assertThat(begins.begin(new Moment(NOW, 0)).memory().givenUp()).isNull();
        Undertaking interrupted = new Undertaking(record, begins.procedure(), terms, fleet, 7, "nobody was named");
        assertThat(interrupted.begin(new Moment(NOW, 0)).memory().givenUp()).isEqualTo("nobody was named");
    }
}
