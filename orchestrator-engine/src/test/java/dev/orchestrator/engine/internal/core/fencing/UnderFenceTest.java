package dev.orchestrator.engine.internal.core.fencing;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.fleet.Findings;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which findings a fence explains. */
class UnderFenceTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Fleet fleet =
            new FleetBuilder(NOW).primary("p").replica("r2", "p").build();

    @Test
    void onlyASilentFencedServerWithReplicasIsExplainedByItsFence() {
        assertThat(explains(finding(List.of(key("r2")), false), "p")).isTrue();
        assertThat(explains(finding(List.of(), false), "p")).isFalse();
        assertThat(explains(finding(List.of(key("r2")), true), "p")).isFalse();
        assertThat(explains(finding(List.of(key("r2")), false), "r2")).isFalse();
    }

    private boolean explains(FailureAnalysis finding, String fenced) {
        Fence fence = new Fence(
                MemberBuilder.uuid(fenced),
                key(fenced),
                finding.cluster(),
                key("r2"),
                "uid",
                FenceState.PENDING,
                "",
                NOW);
        return UnderFence.explains(finding, fleet, List.of(fence));
    }

    private FailureAnalysis finding(List<InstanceKey> replicas, boolean reachable) {
        return Findings.deadPrimary(fleet, key("p"), replicas, reachable);
    }
}
