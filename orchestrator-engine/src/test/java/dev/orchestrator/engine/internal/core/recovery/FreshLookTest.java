package dev.orchestrator.engine.internal.core.recovery;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.engine.fleet.FleetBuilder;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Who is read before it is decided about a failed server. */
class FreshLookTest {
    private static final OrchestratorConfig CONFIG =
            OrchestratorConfig.builder().build();

    private static FreshLook at(Fleet fleet) {
        return FreshLook.at(fleet, key("p"), CONFIG);
    }

    @Test
    void theFailedServerGetsALastChanceAndItsReplicasTheirTime() {
        FreshLook look = at(new FleetBuilder(Instant.EPOCH)
                .primary("p")
                .replica("a", "p")
                .replica("b", "p")
                .build());
        assertThat(look.silent()).containsExactly(key("p"));
        assertThat(look.answering()).containsExactlyInAnyOrder(key("a"), key("b"));
    }

    @Test
    void theReplicasOfASilentReplicaAreReadAsWell() {
        FreshLook look = at(new FleetBuilder(Instant.EPOCH)
                .primary("p")
                .replica("a", "p")
                .add("b", m -> m.replicaOf("p").fails(ProbeFailure.Kind.TIMEOUT, Duration.ofSeconds(1)))
                .replica("c", "b")
                .replica("d", "a")
                .build());
        assertThat(look.silent()).containsExactly(key("p"), key("b"));
        assertThat(look.answering()).containsExactlyInAnyOrder(key("a"), key("c"));
    }

    @Test
    void anotherLookTellsMoreOnlyWhileItsReplicasMayNotHaveNoticed() {
        assertThat(FreshLook.isDoubtful(AnalysisCode.UNREACHABLE_PRIMARY)).isTrue();
        assertThat(FreshLook.isDoubtful(AnalysisCode.DEAD_PRIMARY)).isFalse();
        assertThat(FreshLook.isDoubtful(AnalysisCode.NO_PROBLEM)).isFalse();
    }
}
