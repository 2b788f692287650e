package dev.orchestrator.standalone.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.operation.TakeoverOperation.GracefulTakeoverAuto;
import dev.orchestrator.engine.OrchestratorEngine;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.testkit.ContinuousWriter;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.ReplicationTopology;
import dev.orchestrator.testkit.TopologyExtension;
import dev.orchestrator.testkit.server.SemiSync;
import dev.orchestrator.testkit.server.ServerPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A living primary hands over under writes, where statements and defaults differ from 8.0. */
@RealServers
class TakeoverOnOtherVersionsTest {
    private static final Actor ALICE = new Actor("alice", Origin.CLI, "here");
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    private Path folder;

    private JooqBackend backend;
    private OrchestratorEngine engine;

    @BeforeEach
    void open() {
        backend = JooqBackend.sqlite(folder.resolve("backend.db"), JooqBackendOptions.forService());
        engine = RealEngines.engine(backend, "here");
    }

    @AfterEach
    void close() {
        engine.close();
        backend.close();
    }

    /** With semi-sync that never falls back: a flag switched at the wrong moment would hang a commit, or lose one. */
    @Nested
    class NineWithSemiSync {
        @RegisterExtension
        final TopologyExtension topology = TopologyExtension.of(ReplicationTopology.primaryWithReplicas(2)
                .on(ServerPackage.MYSQL_9)
                .semiSync(SemiSync.lossless()));

        @Test
        void handsOverThereAndBackAndSemiSyncGoesWithIt() {
            handOver(topology.topology(), 0, 1);
            assertSemiSync(topology.server(1), topology.server(0));
            handOver(topology.topology(), 1, 0);
            assertSemiSync(topology.server(0), topology.server(1));
        }

        private void assertSemiSync(DatabaseServer primary, DatabaseServer former) {
            assertThat(primary.queryValue("SELECT @@rpl_semi_sync_source_enabled"))
                    .isEqualTo("1");
            assertThat(former.queryValue("SELECT @@rpl_semi_sync_source_enabled"))
                    .isEqualTo("0");
            assertThat(former.queryValue("SELECT @@rpl_semi_sync_replica_enabled"))
                    .isEqualTo("1");
        }
    }

    /** Which knows only the old words. */
    @Nested
    class FiveSeven {
        @RegisterExtension
        final TopologyExtension topology =
                TopologyExtension.of(ReplicationTopology.primaryWithReplicas(2).on(ServerPackage.MYSQL_5_7));

        @Test
        void handsOverThereAndBack() {
            handOver(topology.topology(), 0, 1);
            handOver(topology.topology(), 1, 0);
        }
    }

    /** The account may only come over TLS, which the former primary's own channel never said, because it had none. */
    @Nested
    class OverTls {
        @RegisterExtension
        final TopologyExtension topology =
                TopologyExtension.of(ReplicationTopology.primaryWithReplicas(2).on(ServerPackage.MYSQL_8_0));

        @BeforeEach
        void requireTls() {
            for (DatabaseServer replica : topology.topology().replicas()) {
                replica.execute(
                        "STOP REPLICA",
                        "CHANGE REPLICATION SOURCE TO SOURCE_SSL = 1, SOURCE_COMPRESSION_ALGORITHMS = 'zlib'",
                        "START REPLICA");
            }
            topology.server(0).execute("ALTER USER '" + DatabaseServer.REPLICATION_USER + "'@'%' REQUIRE SSL");
            topology.topology().awaitReplication(PATIENCE);
        }

        @Test
        void handsOverThereAndBack() {
            handOver(topology.topology(), 0, 1);
            assertThat(topology.server(0).replicaStatus()).containsEntry("Source_SSL_Allowed", "Yes");
            handOver(topology.topology(), 1, 0);
        }

        @Test
        void aFormerPrimaryThatCannotConnectIsReportedWithItsStatement() throws IOException {
            DatabaseServer old = topology.server(0);
            DatabaseServer next = topology.server(1);
            Path authority = folder.resolve("ca.pem");
            Files.copy(
                    Path.of(requireNonNull(old.queryValue("SELECT @@datadir")))
                            .resolve(requireNonNull(old.queryValue("SELECT @@ssl_ca"))),
                    authority);
            next.execute(
                    "STOP REPLICA",
                    "CHANGE REPLICATION SOURCE TO SOURCE_SSL_CA = '" + authority + "'",
                    "START REPLICA");
            next.awaitExecuted(old.executedGtids(), PATIENCE);
            await().atMost(PATIENCE)
                    .until(() -> "Yes".equals(next.replicaStatus().get("Replica_IO_Running")));
            // The successor is connected and stays so; the former primary will look for the file and not find it.
            Files.delete(authority);

            engine.discover(old.key(), ALICE);
            OperationOutcome outcome = engine.operations().run(new GracefulTakeoverAuto(old.key(), next.key()), ALICE);

            assertThat(requireNonNull(outcome.recovery()).successor()).isEqualTo(next.key());
            assertThat(outcome.recovery().errors())
                    .anySatisfy(e -> assertThat(e)
                            .contains(old.key().toString(), "does not replicate")
                            .contains("CHANGE REPLICATION SOURCE TO", "SOURCE_PASSWORD = '***'")
                            .contains("TLS on CA " + authority));
        }
    }

    private void handOver(ReplicationTopology topology, int from, int to) {
        DatabaseServer old = topology.server(from);
        DatabaseServer next = topology.server(to);
        engine.discover(old.key(), ALICE);
        assertThat(engine.fleet().members()).hasSize(3);
        try (ContinuousWriter writer = ContinuousWriter.start(old)) {
            writer.awaitAcknowledged(30, PATIENCE);
            OperationOutcome outcome = engine.operations().run(new GracefulTakeoverAuto(old.key(), next.key()), ALICE);
            assertThat(outcome.problem()).isEmpty();
            assertThat(requireNonNull(outcome.recovery()).errors()).isEmpty();
            writer.switchTo(next);
            writer.awaitAcknowledgedBy(next.key(), PATIENCE);
            writer.stop();
            assertThat(writer.missingOn(next)).isEmpty();
        }
        assertThat(next.queryValue("SELECT @@read_only")).isEqualTo("0");
        assertThat(old.queryValue("SELECT @@super_read_only")).isEqualTo("1");
        for (DatabaseServer replica : topology.servers()) {
            if (replica != next) {
                replica.awaitExecuted(next.executedGtids(), PATIENCE);
                assertFollows(replica, next);
            }
        }
        assertThat(engine.maintenance().active()).isEmpty();
    }

    private void assertFollows(DatabaseServer replica, DatabaseServer source) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(engine.discover(replica.key(), ALICE))
                        .extracting(m -> m.facts()
                                .flatMap(Instance::mainChannel)
                                .filter(ReplicationChannel::isReplicating)
                                .map(ReplicationChannel::source))
                        .isEqualTo(Optional.of(source.key())));
    }
}
