package dev.orchestrator.standalone.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.operation.TakeoverOperation.GracefulTakeoverAuto;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.OrchestratorEngine;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.MysqldExtension;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TopologyExtension;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A primary is killed and its supervisor starts it again: so that it is back, and writable, exactly before or after
 * everything that its recovery does, or some time after its death. Clients write to whoever takes it.
 */
@RealServers
class RestartingPrimaryTest {
    @RegisterExtension
    @Order(1)
    final TopologyExtension topology = TopologyExtension.primaryWithReplicas(2);

    @RegisterExtension
    static final MysqldExtension BACKEND = MysqldExtension.shared();

    @RegisterExtension
    @Order(2)
    final SecondNode node = new SecondNode(BACKEND, topology);

    static Stream<Arguments> points() {
        return Series.of(
                List.of("before Record[named]", "after Record[named]", "before ResetReplication"),
                List.of(
                        "before Record[register]",
                        "after Record[register]",
                        "before StopReceiver",
                        "after StopReceiver",
                        "before Fence[add]",
                        "after Fence[add]",
                        "before SetReadOnly[readOnly=false]",
                        "after SetReadOnly[readOnly=false]",
                        "after ResetReplication",
                        "before Record[promoted]",
                        "after Record[promoted]",
                        "before Repoint",
                        "after Repoint",
                        "before StartReceiver",
                        "after StartReceiver",
                        "before Record[ended]",
                        "after Record[ended]"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("points")
    void itIsBackAtThatPoint(String point) throws Exception {
        CountDownLatch back = new CountDownLatch(1);
        FaultPoint restart = FaultPoint.at(point, () -> {
            topology.primary().startAgain();
            back.countDown();
        });
        try (OrchestratorEngine engine = RealEngines.faulty(node.backend(), "node-a", restart, Map.of());
                ClientsEverywhere clients =
                        ClientsEverywhere.start(topology.topology().servers())) {
            node.lead(engine);
            topology.primary().kill9();
            assertThat(back.await(40, TimeUnit.SECONDS)).as(point).isTrue();
            assertSettled(engine, clients);
        }
    }

    static Stream<Arguments> delays() {
        return Series.of(List.of(700), List.of(0, 300, 1200, 2000));
    }

    @ParameterizedTest(name = "{0} ms after its death")
    @MethodSource("delays")
    void itIsStartedAgain(int millis) throws Exception {
        try (OrchestratorEngine engine = RealEngines.faulty(node.backend(), "node-a", FaultPoint.NONE, Map.of());
                ClientsEverywhere clients =
                        ClientsEverywhere.start(topology.topology().servers())) {
            node.lead(engine);
            topology.primary().kill9();
            CompletableFuture.runAsync(
                            () -> topology.primary().startAgain(),
                            CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS))
                    .join();
            assertSettled(engine, clients);
        }
    }

    static Stream<Arguments> switchoverPoints() {
        return Series.of(
                List.of("after SetReadOnly[readOnly=false]"),
                List.of(
                        "after KillClients",
                        "before Record[named]",
                        "after Record[named]",
                        "before Repoint",
                        "after AttachTo"));
    }

    /** It dies in the middle of handing over, and is back at once. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("switchoverPoints")
    void itIsBackInTheMiddleOfASwitchover(String point) throws Exception {
        FaultPoint restart = FaultPoint.at(point, () -> {
            topology.primary().kill9();
            topology.primary().startAgain();
        });
        try (OrchestratorEngine engine = RealEngines.faulty(node.backend(), "node-a", restart, Map.of());
                ClientsEverywhere clients =
                        ClientsEverywhere.start(topology.topology().servers())) {
            node.lead(engine);
            engine.operations()
                    .run(
                            new GracefulTakeoverAuto(
                                    topology.primary().key(), topology.server(1).key()),
                            SecondNode.TESTER);
            assertSettled(engine, clients);
        }
    }

    /** One writer, the others below it, nothing acknowledged that nobody knows of, and no lock or fence too many. */
    private void assertSettled(OrchestratorEngine engine, ClientsEverywhere clients) {
        DatabaseServer old = topology.primary();
        List<DatabaseServer> all = topology.topology().servers();
        await().atMost(SecondNode.PATIENCE).untilAsserted(() -> {
            assertThat(engine.running()).isEmpty();
            assertThat(node.records()).noneMatch(r -> r.isActive());
            assertThat(SecondNode.writers(all)).hasSize(1);
            DatabaseServer writer = SecondNode.writers(all).get(0);
            for (DatabaseServer server : all) {
                if (server != writer && server != old && !isLeftWithWhatTheOldOneWrote(server, writer)) {
                    assertThat(server.replicaStatus())
                            .containsEntry("Source_Port", Integer.toString(writer.port()))
                            .containsEntry("Replica_IO_Running", "Yes")
                            .containsEntry("Replica_SQL_Running", "Yes");
                }
            }
            List<Fence> fences = node.fences();
            if (writer == old || !old.replicaStatus().isEmpty()) {
                assertThat(fences).isEmpty();
            } else {
                assertThat(fences).singleElement().satisfies(f -> {
                    assertThat(f.instance()).isEqualTo(old.key());
                    assertThat(f.state()).isIn(FenceState.CLEAN, FenceState.AHEAD);
                });
            }
            assertThat(engine.maintenance().active()).isEmpty();
            long now = System.nanoTime();
            await().until(() -> clients.acknowledgedBy(writer, now).size() > 5);
            assertThat(all)
                    .allMatch(s -> s == writer || clients.acknowledgedBy(s, now).isEmpty());
        });
        DatabaseServer writer = SecondNode.writers(all).get(0);
        all.stream()
                .filter(s -> s != writer && s != old)
                .forEach(s -> assertThat(clients.acknowledgedBy(s)).isZero());
        node.assertAccountedFor(clients, old, writer);
        all.stream()
                .filter(s -> s != old && s != writer && !isLeftWithWhatTheOldOneWrote(s, writer))
                .forEach(s -> s.awaitExecuted(writer.executedGtids(), SecondNode.PATIENCE));
    }

    /**
     * In a switchover a replica reads on from the primary until it is pointed elsewhere: it may have received what that
     * one wrote when it was back. It cannot follow then, and the record says so.
     */
    private boolean isLeftWithWhatTheOldOneWrote(DatabaseServer replica, DatabaseServer writer) {
        RecoveryRecord last = node.records().stream().findFirst().orElse(null);
        return last != null
                && last.type() == RecoveryType.SWITCHOVER
                && last.lostReplicas().contains(replica.key())
                && last.errors().stream()
                        .anyMatch(e -> e.startsWith(
                                replica.key() + " does not replicate from " + writer.key() + ": holds transactions of "
                                        + topology.primary().key()));
    }
}
