package dev.orchestrator.examples.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ServerVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplicaSummaryTest {
    private static final String UUID = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
    private static final ClusterId SHOP = new ClusterId("c1");
    private static final InstanceKey PRIMARY = new InstanceKey("db1", 3306);
    private static final InstanceKey REPLICA = new InstanceKey("db2", 3306);

    @Test
    void saysWhatAReplicaLacks() {
        Fleet fleet = fleet(Instance.builder(REPLICA, ServerVersion.parse("8.0.30", ""))
                .executedGtids(GtidSet.parse(UUID + ":1-5:8"))
                .channels(List.of(ReplicationChannel.builder(PRIMARY)
                        .lag(Duration.ofSeconds(7))
                        .build()))
                .build());

        assertThat(ReplicaSummary.of(fleet, fleet.member(REPLICA).orElseThrow()).line())
                .isEqualTo("db2:3306 cluster=shop version=8.0.30 (source 8.0.31) lag=7s missing=4 (" + UUID
                        + ":6-7:9-10)" + " errant=none");
    }

    private static Fleet fleet(Instance replica) {
        Instance primary = Instance.builder(PRIMARY, ServerVersion.parse("8.0.31", ""))
                .executedGtids(GtidSet.parse(UUID + ":1-10"))
                .build();
        return Fleet.of(
                List.of(seen(primary), seen(replica)),
                List.of(new Cluster(SHOP, "db1:3306", "shop", "", PRIMARY)),
                Map.of());
    }

    private static FleetMember seen(Instance instance) {
        return new FleetMember(instance.key(), SHOP, instance, Instant.EPOCH, Instant.EPOCH, null, null, Duration.ZERO);
    }
}
