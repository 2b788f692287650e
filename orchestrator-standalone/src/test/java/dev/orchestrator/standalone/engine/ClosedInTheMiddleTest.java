package dev.orchestrator.standalone.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.operation.MoveOperation.Relocate;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.operation.TakeoverOperation.GracefulTakeoverAuto;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.OrchestratorEngine;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.MysqldExtension;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TopologyExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An engine is closed while an order of an operator is half done: no server is left half changed. */
@RealServers
class ClosedInTheMiddleTest {
    /** Long enough for a closing that waits for nothing to have freed its threads. */
    private static final Duration A_WHILE = Duration.ofMillis(300);

    @RegisterExtension
    final TopologyExtension topology = TopologyExtension.primaryWithReplicas(2);

    @RegisterExtension
    static final MysqldExtension BACKEND = MysqldExtension.shared();

    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private JooqBackend backend;
    private @Nullable OrchestratorEngine engine;

    @BeforeEach
    void openBackend() {
        backend = RealEngines.backend(BACKEND.server().key(), BACKEND.newSchema());
    }

    @AfterEach
    void close() {
        if (engine != null) {
            engine.close();
        }
        backend.close();
    }

    private OperationOutcome closedAt(String point, Operation order) throws Exception {
        OrchestratorEngine closing =
                RealEngines.faulty(backend, "node-a", FaultPoint.at(point, this::closeMeanwhile), Map.of());
        engine = closing;
        closing.start();
        await().atMost(SecondNode.PATIENCE).until(() -> closing.leaderElection().standing() == Standing.LEADING);
        closing.discover(topology.primary().key(), SecondNode.TESTER);
        await().atMost(SecondNode.PATIENCE)
                .until(() -> closing.fleet().members().stream()
                                .filter(FleetMember::isReachable)
                                .count()
                        == 3);
        OperationOutcome outcome = closing.operations().run(order, SecondNode.TESTER);
        closed.get(SecondNode.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return outcome;
    }

    private void closeMeanwhile() {
        Thread closing = new Thread(() -> {
            Objects.requireNonNull(engine).close();
            closed.complete(null);
        });
        closing.start();
        await("waits for what runs")
                .during(A_WHILE)
                .atMost(SecondNode.PATIENCE)
                .until(() ->
                        closing.getState() == Thread.State.WAITING || closing.getState() == Thread.State.TIMED_WAITING);
    }

    private Operation handOver() {
        return new GracefulTakeoverAuto(
                topology.primary().key(), topology.server(1).key());
    }

    private RecoveryRecord record() {
        List<RecoveryRecord> all = backend.recoveries().find(RecoveryFilter.all(0, 10));
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    @Test
    void aPrimaryThatWasDemotedGetsItsWritesBack() throws Exception {
        OperationOutcome outcome = closedAt("after KillClients", handOver());

        assertThat(outcome.problem()).contains("the engine is closing").doesNotContain("not restored");
        assertThat(record().isActive()).isFalse();
        assertThat(SecondNode.theOnlyWriter(topology.server(0), topology.server(1), topology.server(2)))
                .isSameAs(topology.server(0));
        SecondNode.assertFollows(topology.server(1), topology.server(0));
        SecondNode.assertFollows(topology.server(2), topology.server(0));
    }

    @Test
    void aSuccessorThatWasPromotedGetsAllReplicasAndTheFormerPrimary() throws Exception {
        OperationOutcome outcome = closedAt("before Repoint", handOver());

        assertThat(outcome.problem()).isEmpty();
        assertThat(record().isActive()).isFalse();
        assertThat(record().errors()).isEmpty();
        DatabaseServer successor = topology.server(1);
        assertThat(SecondNode.theOnlyWriter(topology.server(0), successor, topology.server(2)))
                .isSameAs(successor);
        SecondNode.assertFollows(topology.server(0), successor);
        SecondNode.assertFollows(topology.server(2), successor);
    }

    @Test
    void aReplicaThatWasStoppedForItsMoveRuns() throws Exception {
        OperationOutcome outcome = closedAt(
                "after StopReceiver",
                new Relocate(topology.server(2).key(), topology.server(1).key()));

        assertThat(outcome.problem()).contains("the engine is closing");
        SecondNode.assertFollows(topology.server(2), topology.server(0));
    }
}
