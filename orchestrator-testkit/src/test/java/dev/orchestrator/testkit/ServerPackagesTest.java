package dev.orchestrator.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.testkit.ContinuousWriter.Write;
import dev.orchestrator.testkit.server.SemiSync;
import dev.orchestrator.testkit.server.ServerPackage;
import dev.orchestrator.testkit.server.TestkitException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@RealServers
class ServerPackagesTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MYSQL_8_0")
    void replicatesPromotesAndRestartsOnEveryVersion(ServerPackage server) {
        SkipPolicy.skipUnlessAvailable(server);
        try (ReplicationTopology topology =
                        ReplicationTopology.primaryWithReplicas(1).on(server).start();
                ContinuousWriter writer = ContinuousWriter.start(topology.primary())) {
            writer.awaitAcknowledged(20, LIMIT);
            writer.stop();
            topology.awaitReplication(LIMIT);

            assertThat(topology.primary().queryValue("SELECT version()"))
                    .startsWith(server.id().replaceFirst("^[a-z]+-", ""));
            assertThat(writer.acknowledged()).extracting(Write::gtid).doesNotContainNull();
            assertThat(writer.missingOn(topology.server(1))).isEmpty();
            assertThat(topology.server(1).replicaStatus())
                    .containsEntry("Replica_IO_Running", "Yes")
                    .containsEntry("Replica_SQL_Running", "Yes");

            topology.server(1).execute(server.usesSourceAndReplicaWords() ? "STOP REPLICA" : "STOP SLAVE");
            topology.server(1).awaitApplied(LIMIT);
            topology.primary().kill9();
            topology.primary().startAgain();
            assertThat(writer.missingOn(topology.primary())).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_9", "MARIADB_10_11", "MARIADB_11_8"})
    void aSemiSyncCommitWaitsForAReplica(ServerPackage server) {
        SkipPolicy.skipUnlessAvailable(server);
        try (ReplicationTopology topology = ReplicationTopology.primaryWithReplicas(1)
                        .on(server)
                        .semiSync(SemiSync.lossless())
                        .start();
                ContinuousWriter writer = ContinuousWriter.start(topology.primary())) {
            writer.awaitAcknowledged(20, LIMIT);

            topology.server(1).freeze();
            assertThatThrownBy(() -> writer.awaitAcknowledged(1_000_000, Duration.ofMillis(300)))
                    .isInstanceOf(TestkitException.class);
            int before = writer.acknowledged().size();
            assertThatThrownBy(() -> writer.awaitAcknowledged(before + 1, Duration.ofMillis(300)))
                    .isInstanceOf(TestkitException.class);

            topology.server(1).thaw();
            writer.awaitAcknowledged(before + 20, LIMIT);
        }
    }

    @Test
    void refusesSemiSyncWhereThereIsNoneAndNamesWhoHasIt() {
        assertThatThrownBy(() -> ReplicationTopology.primaryWithReplicas(1)
                        .semiSync(SemiSync.lossless())
                        .start())
                .isInstanceOf(TestkitException.class)
                .hasMessageContaining("mysql-8.0 has no semi-sync")
                .hasMessageContaining("mysql-9");
    }
}
