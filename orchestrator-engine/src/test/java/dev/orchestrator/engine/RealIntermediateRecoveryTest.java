package dev.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Door;
import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryRequest;
import dev.orchestrator.engine.fake.InMemoryBackend;
import dev.orchestrator.spi.Credentials;
import dev.orchestrator.spi.RecoveryStore;
import dev.orchestrator.testkit.ContinuousWriter;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.ReplicationTopology;
import dev.orchestrator.testkit.TopologyExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A primary (0) with two replicas (1, 2), the first of which feeds two more (3, 4). */
@RealServers
class RealIntermediateRecoveryTest {
    private static final Actor TESTER = new Actor("tester", Door.API, "here");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    final TopologyExtension topology =
            TopologyExtension.of(ReplicationTopology.tree(ReplicationTopology.NO_SOURCE, 0, 0, 1, 1));

    private final InMemoryBackend backend = InMemoryBackend.onSystemClock();
    private final OrchestratorEngine engine = OrchestratorEngine.builder()
            .backend(backend)
            .credentials(key -> new Credentials(DatabaseServer.ORCHESTRATOR_USER, DatabaseServer.ORCHESTRATOR_PASSWORD))
            .config(OrchestratorConfig.builder()
                    .nodeName("test")
                    .intermediateRecoveryFilters(List.of("*"))
                    .build())
            .build();

    @BeforeEach
    void watchTheTopology() {
        engine.start();
        await().atMost(PATIENCE).until(() -> engine.leaderElection().standing() == Standing.LEADING);
        engine.discover(topology.primary().key(), TESTER);
        await().atMost(PATIENCE)
                .until(() -> engine.fleet().members().stream()
                                .filter(FleetMember::isReachable)
                                .count()
                        == 5);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private static String sourcePort(DatabaseServer replica) {
        Map<String, String> status = replica.query("SHOW REPLICA STATUS").get(0);
        return status.get("Source_Port") + " " + status.get("Replica_IO_Running");
    }

    private void assertFollows(int replica, int source) {
        DatabaseServer feeding = topology.server(source);
        assertThat(sourcePort(topology.server(replica))).isEqualTo(feeding.port() + " Yes");
        topology.server(replica).awaitExecuted(feeding.executedGtids(), PATIENCE);
    }

    @Test
    void theReplicasOfADeadIntermediateSourceAreMovedBelowThePrimary() {
        try (ContinuousWriter writer = ContinuousWriter.start(topology.primary())) {
            writer.awaitAcknowledged(50, PATIENCE);
            topology.server(1).kill9();
            await().atMost(PATIENCE)
                    .until(() -> backend.recoveries().find(RecoveryStore.Filter.all(0, 1)).stream()
                            .anyMatch(r -> !r.isActive()));
            writer.awaitAcknowledged(writer.acknowledged().size() + 50, PATIENCE);
        }
        RecoveryRecord record =
                backend.recoveries().find(RecoveryStore.Filter.all(0, 1)).get(0);

        assertThat(record.successful()).as("%s", record.errors()).isTrue();
        assertThat(record.failed()).isEqualTo(topology.server(1).key());
        assertThat(record.successor()).isEqualTo(topology.primary().key());
        assertFollows(3, 0);
        assertFollows(4, 0);
        assertThat(topology.server(3).queryValue("SELECT @@global.super_read_only"))
                .as("nobody is promoted")
                .isEqualTo("1");
        assertThat(backend.intents().read().fences()).isEmpty();
    }

    @Test
    void aPersonMaySayWhoFeedsThem() {
        engine.close();
        topology.server(1).kill9();
        try (OrchestratorEngine byHand = OrchestratorEngine.builder()
                .backend(backend)
                .credentials(
                        key -> new Credentials(DatabaseServer.ORCHESTRATOR_USER, DatabaseServer.ORCHESTRATOR_PASSWORD))
                .config(OrchestratorConfig.builder().nodeName("by hand").build())
                .build()) {
            RecoveryRequest request = new RecoveryRequest(
                    topology.server(1).key(), topology.server(2).key(), TESTER);
            RecoveryRecord record = byHand.recover(request).recovery();

            assertThat(record).isNotNull().matches(RecoveryRecord::successful);
            assertFollows(3, 2);
            assertFollows(4, 2);
        }
    }
}
