package dev.orchestrator.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.analysis.StructureWarning;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.operation.TakeoverOperation.GracefulTakeoverAuto;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TopologyExtension;
import dev.orchestrator.testkit.server.ServerPackage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A primary with a channel that nobody reset, and a replica with a second source. */
@RealServers
class RealLeftoverChannelTest extends RecoveryOnRealServers {
    private static final String FROM = "CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=%d,"
            + " SOURCE_USER='repl', SOURCE_PASSWORD='repl', SOURCE_AUTO_POSITION=1, GET_SOURCE_PUBLIC_KEY=1"
            + " FOR CHANNEL '%s'";

    RealLeftoverChannelTest() {
        super(
                TopologyExtension.primaryWithReplicas(2),
                c -> c.primaryRecoveryFilters(List.of("*")).pollInterval(Duration.ofSeconds(1)));
    }

    private void leaveChannelFrom(int port) {
        topology.primary().execute(FROM.formatted(port, ""));
        InstanceKey primary = topology.primary().key();
        await().atMost(PATIENCE)
                .until(() -> engine.fleet().instance(primary).stream()
                        .flatMap(i -> i.channels().stream())
                        .anyMatch(ReplicationChannel::leftover));
        assertThat(engine.cluster(primary.toString()).primary()).isEqualTo(primary);
        assertThat(engine.fleet().replicasOf(primary)).hasSize(2);
        await().atMost(PATIENCE)
                .until(() -> engine.analyses().stream()
                        .filter(a -> a.instance().equals(primary))
                        .map(FailureAnalysis::warnings)
                        .anyMatch(w -> w.contains(StructureWarning.LEFTOVER_CHANNEL)));
    }

    @Test
    void aPrimaryWithAChannelFromAServerThatIsGoneIsFailedOver() {
        leaveChannelFrom(1);
        topology.primary().kill9();
        assertThat(awaitRecovery().successor())
                .isNotNull()
                .isNotEqualTo(topology.primary().key());
    }

    @Test
    void aPrimaryWithAChannelFromItsOwnReplicaHandsOver() {
        leaveChannelFrom(topology.server(1).port());
        OperationOutcome outcome = engine.operations()
                .run(new GracefulTakeoverAuto(topology.primary().key(), null), TESTER);
        assertThat(outcome.problem()).isEmpty();
        InstanceKey successor =
                requireNonNull(requireNonNull(outcome.recovery()).successor());
        await().atMost(PATIENCE)
                .until(() -> engine.fleet().replicasOf(successor).stream()
                                .filter(FleetMember::isReachable)
                                .flatMap(r -> r.facts().flatMap(Instance::mainChannel).stream())
                                .filter(ReplicationChannel::isReplicating)
                                .count()
                        == 2);
    }

    @Test
    void aReplicaWhoseSecondChannelReadsFromThePrimaryIsOneOfItsReplicas() {
        DatabaseServer aggregator = topology.server(2);
        InstanceKey primary = topology.primary().key();
        try (DatabaseServer other = DatabaseServer.start(ServerPackage.MYSQL_8_0)) {
            aggregator.execute(
                    "STOP REPLICA",
                    "RESET REPLICA ALL",
                    FROM.formatted(other.port(), "a"),
                    FROM.formatted(topology.primary().port(), "b"),
                    "START REPLICA");
            await().atMost(PATIENCE)
                    .until(() -> engine.fleet().replicasOf(primary).stream()
                            .filter(r -> r.key().equals(aggregator.key()))
                            .flatMap(r -> r.facts().flatMap(Instance::mainChannel).stream())
                            .anyMatch(c -> c.name().equals("b") && c.isReplicating()));
            assertThat(engine.fleet().channelFrom(aggregator.key(), primary).map(ReplicationChannel::name))
                    .hasValue("b");
            await().atMost(PATIENCE)
                    .until(() -> engine.fleet().replicasOf(other.key()).stream()
                            .anyMatch(r -> r.key().equals(aggregator.key())));
        }
    }
}
