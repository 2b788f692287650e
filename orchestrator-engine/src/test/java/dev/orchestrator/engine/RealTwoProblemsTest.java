package dev.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.ReplicationTopology;
import dev.orchestrator.testkit.TopologyExtension;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A primary (0) with two intermediate sources (1, 2), each with a replica (3 below 1, 4 below 2). */
@RealServers
class RealTwoProblemsTest extends RecoveryOnRealServers {
    RealTwoProblemsTest() {
        super(
                TopologyExtension.of(ReplicationTopology.tree(ReplicationTopology.NO_SOURCE, 0, 0, 1, 2)),
                c -> c.intermediateRecoveryFilters(List.of("*")));
    }

    @Test
    void aProblemThatIsRefusedDoesNotKeepAnotherFromBeingMended() {
        var downtimed = topology.server(1).key();
        backend.intents().beginDowntime(downtimed, TESTER, "for a test", Duration.ofHours(1));
        topology.server(1).kill9();
        await().atMost(PATIENCE)
                .until(() -> engine.lastDecision(downtimed)
                        .flatMap(d -> d.refusal())
                        .filter(v -> v.refusal() == RefusalReason.DOWNTIMED)
                        .isPresent());
        topology.server(2).kill9();
        RecoveryRecord record = awaitRecovery();

        assertThat(record.failed()).isEqualTo(topology.server(2).key());
        assertThat(record.successor()).isEqualTo(topology.primary().key());
    }
}
