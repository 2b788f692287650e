package dev.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TopologyExtension;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A primary with one replica, polled every second: what no recovery is for has its reason all the same. */
@RealServers
class RealReasonsTest extends RecoveryOnRealServers {
    RealReasonsTest() {
        super(
                TopologyExtension.primaryWithReplicas(1),
                c -> c.primaryRecoveryFilters(List.of("*")).pollInterval(Duration.ofSeconds(1)));
    }

    private List<String> reasons() {
        return backend.audit().read(topology.primary().key(), 0, 100).stream()
                .filter(e -> e.type().equals("recovery-refused"))
                .map(e -> e.message())
                .toList();
    }

    @Test
    void whyNothingIsDoneAboutReplicationThatStandsIsWrittenDownOnce() {
        topology.server(1).execute("STOP REPLICA");
        await().atMost(PATIENCE).until(() -> reasons().size() == 1);
        assertThat(reasons().get(0))
                .contains("MasterSingleReplicaNotReplicating", "expected: ", "next: ", "start-replica");
        assertThat(engine.lastDecision(topology.primary().key()).orElseThrow().refusal())
                .hasValueSatisfying(v -> assertThat(v.refusal()).isEqualTo(RefusalReason.UNSUPPORTED_TOPOLOGY));

        topology.server(1).execute("START REPLICA");
        await().atMost(PATIENCE).until(() -> engine.analyses().isEmpty());
        assertThat(reasons()).hasSize(1);
    }
}
