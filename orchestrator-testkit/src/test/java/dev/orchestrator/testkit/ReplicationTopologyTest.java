package dev.orchestrator.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReplicationTopologyTest {
    @Test
    void replicasOfAStarFollowThePrimaryAndAreReadOnly() {
        try (ReplicationTopology topology =
                ReplicationTopology.primaryWithReplicas(3).start()) {
            topology.primary()
                    .execute("CREATE TABLE testkit.t (id INT PRIMARY KEY)", "INSERT INTO testkit.t VALUES (7)");
            topology.awaitReplication(Duration.ofSeconds(20));

            assertThat(topology.replicas()).hasSize(3).allSatisfy(replica -> {
                assertThat(replica.queryValue("SELECT id FROM testkit.t")).isEqualTo("7");
                assertThat(replica.queryValue("SELECT @@super_read_only")).isEqualTo("1");
                assertThat(replica.replicaStatus().get("Source_Port"))
                        .isEqualTo(String.valueOf(topology.primary().port()));
                assertThat(replica.queryValue("SELECT @@replica_net_timeout")).isEqualTo("60");
            });
        }
    }
}
