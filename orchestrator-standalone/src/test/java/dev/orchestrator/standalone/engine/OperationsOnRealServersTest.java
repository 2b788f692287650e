package dev.orchestrator.standalone.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.api.operation.FenceOperation.LiftFence;
import dev.orchestrator.api.operation.MoveOperation.MoveGtid;
import dev.orchestrator.api.operation.MoveOperation.MoveUp;
import dev.orchestrator.api.operation.MoveOperation.Relocate;
import dev.orchestrator.api.operation.MoveOperation.Repoint;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.operation.ReplicationOperation.RestartReplica;
import dev.orchestrator.api.operation.ReplicationOperation.StartReplica;
import dev.orchestrator.api.operation.ReplicationOperation.StopReplica;
import dev.orchestrator.api.operation.ServerResult;
import dev.orchestrator.api.operation.TakeoverOperation.GracefulTakeover;
import dev.orchestrator.api.operation.TakeoverOperation.GracefulTakeoverAuto;
import dev.orchestrator.api.operation.WriteOperation.SetReadOnly;
import dev.orchestrator.api.operation.WriteOperation.SetWriteable;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryOutcome;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryRequest;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.OrchestratorEngine;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.testkit.ContinuousWriter;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TopologyExtension;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Operators' operations on a real topology and a real backend, by a process that does not lead. */
@RealServers
class OperationsOnRealServersTest {
    private static final Actor ALICE = new Actor("alice", Origin.CLI, "here");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    final TopologyExtension topology = TopologyExtension.primaryWithReplicas(3);

    @TempDir
    private Path folder;

    private JooqBackend backend;
    private OrchestratorEngine engine;

    @BeforeEach
    void discoverAll() {
        backend = JooqBackend.sqlite(folder.resolve("backend.db"), JooqBackendOptions.forService());
        engine = OrchestratorEngine.builder()
                .backend(backend)
                .credentials(
                        key -> new Credentials(DatabaseServer.ORCHESTRATOR_USER, DatabaseServer.ORCHESTRATOR_PASSWORD))
                .config(OrchestratorConfig.builder()
                        .nodeName("here")
                        .drainTimeout(Duration.ofSeconds(3))
                        .build())
                .build();
        engine.discover(topology.primary().key(), ALICE);
        assertThat(engine.fleet().members()).hasSize(4);
    }

    @AfterEach
    void close() {
        engine.close();
        backend.close();
    }

    private OperationOutcome run(Operation requested) {
        return engine.operations().run(requested, ALICE);
    }

    private Operation move(int replica, int below) {
        return new Relocate(
                topology.server(replica).key(), topology.server(below).key());
    }

    private Operation about(Function<InstanceKey, Operation> kind, int server) {
        return kind.apply(topology.server(server).key());
    }

    private static void assertFollows(DatabaseServer replica, DatabaseServer source) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(replica.replicaStatus())
                        .containsEntry("Source_Port", Integer.toString(source.port()))
                        .containsEntry("Replica_IO_Running", "Yes")
                        .containsEntry("Replica_SQL_Running", "Yes"));
    }

    @Test
    void aReplicaIsRelocatedUnderWriteLoadAndLosesNothing() {
        try (ContinuousWriter writer = ContinuousWriter.start(topology.primary())) {
            writer.awaitAcknowledged(50, PATIENCE);
            OperationOutcome moved = run(move(3, 1));
            assertThat(moved.problem()).isEmpty();
            assertFollows(topology.server(3), topology.server(1));
            refresh();
            OperationOutcome circle = run(move(1, 3));
            assertThat(circle.refusal().orElseThrow().refusal()).isEqualTo(RefusalReason.ILLEGAL_MOVE);
            assertThat(circle.problem()).contains("circle");
            assertFollows(topology.server(1), topology.primary());
            writer.awaitAcknowledged(100, PATIENCE);
            writer.stop();
            topology.server(3).awaitExecuted(topology.primary().executedGtids(), PATIENCE);
            assertThat(writer.missingOn(topology.server(3))).isEmpty();
        }
        assertThat(engine.maintenance().active()).isEmpty();
        engine.close();
        assertThat(backend.audit().read(topology.server(3).key(), 0, 10))
                .anyMatch(e -> e.type().equals("relocate-below") && e.message().startsWith("relocated"));
    }

    /** Nobody leads here: what is known of the others is what the last discovery wrote. */
    private void refresh() {
        engine.discover(topology.primary().key(), ALICE);
    }

    @Test
    void manyMovesGoBelowOneServerAtOnceButNobodyChangesItMeanwhile() {
        Actor bob = new Actor("bob", Origin.API, "there");
        InstanceKey source = topology.server(1).key();
        try (MaintenanceLock other = engine.maintenance().acquire(List.of(), List.of(source), bob, "moves, too")) {
            CompletableFuture<OperationOutcome> second = CompletableFuture.supplyAsync(() -> run(move(2, 1)));
            assertThat(run(move(3, 1)).problem()).isEmpty();
            assertThat(second.join().problem()).isEmpty();
            assertFollows(topology.server(2), topology.server(1));
            assertFollows(topology.server(3), topology.server(1));

            Operation stop = about(StopReplica::new, 1);
            assertThat(run(stop).problem()).contains("bob", "moves, too", "serves as a source");
            assertThat(engine.operations().plan(stop).refusal().orElseThrow().refusal())
                    .isEqualTo(RefusalReason.LOCKED);
            assertThat(other.isHeld()).isTrue();
        }
        assertThat(engine.maintenance().active()).isEmpty();
    }

    /** The dry run on simulated servers sent the same commands as the run on real ones. */
    private static void assertDoneAsShown(OperationOutcome outcome, Decision shown) {
        assertThat(requireNonNull(shown.plan()).stages().stream()
                        .flatMap(s -> s.steps().stream())
                        .map(PlanStep::describe))
                .containsExactlyElementsOf(outcome.results().stream()
                        .flatMap(r -> r.done().stream().map(done -> r.server() + ": " + done))
                        .toList());
    }

    @Test
    void aReplicaMovesUpAlsoWhenTheSourceBetweenIsDeadAndNoFurther() {
        assertThat(run(move(3, 1)).problem()).isEmpty();
        assertThat(run(move(2, 1)).problem()).isEmpty();
        MoveUp up = new MoveUp(topology.server(3).key());
        Decision shown = engine.operations().plan(up);
        assertThat(requireNonNull(shown.plan()).stages())
                .as("%s", shown.refusal())
                .hasSize(3);
        assertFollows(topology.server(3), topology.server(1));

        OperationOutcome moved = run(up);

        assertThat(moved.problem()).isEmpty();
        assertDoneAsShown(moved, shown);
        assertThat(moved.results())
                .containsExactly(new ServerResult(
                        topology.server(3).key(),
                        ServerResult.Ending.DONE,
                        List.of(
                                "stop the receiver",
                                "replicate from " + topology.primary().key(),
                                "start the receiver"),
                        "",
                        topology.primary().key()));
        assertFollows(topology.server(3), topology.primary());
        OperationOutcome further = run(up);
        assertThat(further.refusal().orElseThrow().refusal()).isEqualTo(RefusalReason.ILLEGAL_MOVE);
        assertThat(further.problem()).contains("replicates from nobody");

        topology.server(1).kill9();
        assertThat(run(new MoveUp(topology.server(2).key())).problem()).isEmpty();
        assertFollows(topology.server(2), topology.primary());
        assertThat(engine.maintenance().active()).isEmpty();
        engine.close();
        assertThat(backend.audit().read(topology.server(3).key(), 0, 10))
                .anyMatch(e -> e.type().equals("move-up") && e.message().startsWith("moved up"))
                .anyMatch(e -> e.type().equals("move-up") && e.message().startsWith("refused"));
    }

    @Test
    void aReplicaWhoseReceiverStoodStillIsAttachedAnewAndThenElsewhere() {
        DatabaseServer replica = topology.server(3);
        replica.execute("STOP REPLICA IO_THREAD");
        Repoint again = new Repoint(replica.key(), null);
        Decision shown = engine.operations().plan(again);
        assertThat(requireNonNull(shown.plan()).stages())
                .as("%s", shown.refusal())
                .hasSize(2);
        assertThat(replica.replicaStatus()).containsEntry("Replica_IO_Running", "No");

        OperationOutcome attached = run(again);

        assertThat(attached.problem()).isEmpty();
        assertDoneAsShown(attached, shown);
        assertThat(attached.results().get(0).ending()).isEqualTo(ServerResult.Ending.DONE);
        assertThat(attached.source()).isEqualTo(topology.primary().key());
        assertFollows(replica, topology.primary());
        assertThat(run(new Repoint(replica.key(), topology.server(1).key())).problem())
                .isEmpty();
        assertFollows(replica, topology.server(1));
        assertThat(engine.maintenance().active()).isEmpty();
        engine.close();
        assertThat(backend.audit().read(replica.key(), 0, 10))
                .filteredOn(e -> e.type().equals("repoint"))
                .hasSize(2)
                .allMatch(e -> e.message().startsWith("repointed"));
    }

    @Test
    void aReplicaThatCannotBeAttachedAnewIsPutBackAndSaysWhy() {
        DatabaseServer replica = topology.server(3);
        topology.primary().execute("ALTER USER 'repl'@'%' ACCOUNT LOCK");
        try {
            OperationOutcome failed = run(new Repoint(replica.key(), null));
            assertThat(failed.succeeded()).isFalse();
            assertThat(failed.problem()).contains("read back", "receiver");
            assertThat(failed.results()).hasSize(1);
            assertThat(failed.results().get(0).ending()).isEqualTo(ServerResult.Ending.FAILED);
            assertThat(failed.results().get(0).why()).contains("its receiver is");
        } finally {
            topology.primary().execute("ALTER USER 'repl'@'%' ACCOUNT UNLOCK");
        }
        assertFollows(replica, topology.primary());
    }

    @Test
    void aLockOfSomebodyElseRefusesNamesItsHolderAndNothingIsChanged() {
        Actor bob = new Actor("bob", Origin.API, "there");
        engine.maintenance().begin(topology.server(3).key(), bob, "new disks", Duration.ofHours(1));
        OperationOutcome moved = run(move(3, 1));
        assertThat(moved.refusal().orElseThrow().refusal()).isEqualTo(RefusalReason.LOCKED);
        assertThat(moved.problem()).contains("bob").contains("new disks").contains(" s");
        assertThat(moved.steps()).isEmpty();
        assertFollows(topology.server(3), topology.primary());
        assertThat(engine.operations().plan(move(3, 1)).refusal().orElseThrow().refusal())
                .isEqualTo(RefusalReason.LOCKED);
    }

    @Test
    void aLockOnTheDestinationRefusesAMoveAndNothingIsChanged() {
        Actor bob = new Actor("bob", Origin.API, "there");
        engine.maintenance().begin(topology.server(3).key(), bob, "new disks", Duration.ofHours(1));
        InstanceKey replica = topology.server(2).key();
        InstanceKey below = topology.server(3).key();
        for (Operation requested : List.of(new Relocate(replica, below), new MoveGtid(replica, below))) {
            OperationOutcome moved = run(requested);
            assertThat(moved.refusal().orElseThrow().refusal()).isEqualTo(RefusalReason.LOCKED);
            assertThat(moved.problem())
                    .contains(topology.server(3).key().toString())
                    .contains("bob")
                    .contains("new disks")
                    .contains("for 0 s");
            assertThat(moved.steps()).isEmpty();
            assertThat(engine.operations()
                            .plan(requested)
                            .refusal()
                            .orElseThrow()
                            .refusal())
                    .isEqualTo(RefusalReason.LOCKED);
        }
        assertFollows(topology.server(2), topology.primary());
        assertThat(engine.maintenance().active())
                .extracting(l -> l.instance())
                .containsExactly(topology.server(3).key());
        engine.maintenance().end(topology.server(3).key(), bob);
        assertThat(run(move(2, 3)).problem()).isEmpty();
        assertFollows(topology.server(2), topology.server(3));
        assertThat(engine.maintenance().active()).isEmpty();
    }

    @Test
    void theFenceOfAFormerPrimaryIsLiftedByHandOnlyWhenNobodyElseCanBeWritten() {
        DatabaseServer old = topology.primary();
        old.kill9();
        RecoveryOutcome recovered =
                engine.recover(new RecoveryRequest(old.key(), topology.server(1).key(), ALICE));
        assertThat(recovered.succeeded()).as("%s", recovered.refusal()).isTrue();
        Operation lift = about(LiftFence::new, 0);
        OperationOutcome gone = run(lift);
        assertThat(gone.problem()).contains(topology.server(1).key() + " is writable");
        old.startAgain();
        refresh();
        OperationOutcome writeable = run(about(SetWriteable::new, 0));
        assertThat(writeable.refusal().orElseThrow().refusal()).isEqualTo(RefusalReason.FENCED);
        assertThat(writeable.problem()).contains("lift-fence");
        OperationOutcome second = run(lift);
        assertThat(second.refusal().orElseThrow().refusal()).isEqualTo(RefusalReason.OTHER_WRITER);
        assertThat(second.problem())
                .contains(topology.server(1).key() + " is writable")
                .contains("force-lift-fence");
        assertThat(backend.fences().standing()).hasSize(1);

        assertThat(run(about(SetReadOnly::new, 1)).problem()).isEmpty();
        topology.server(1).freeze();
        assertThat(run(lift).problem()).contains("does not answer");
        topology.server(1).thaw();
        Decision preview = engine.operations().plan(lift);
        assertThat(requireNonNull(preview.plan()).stages())
                .as("%s", preview.refusal())
                .isEmpty();
        assertThat(backend.fences().standing()).hasSize(1);
        assertThat(run(lift).problem()).isEmpty();
        assertThat(backend.fences().standing()).isEmpty();
        assertThat(run(about(SetWriteable::new, 0)).problem()).isEmpty();
        assertThat(old.queryValue("SELECT @@read_only")).isEqualTo("0");
        assertThat(run(lift).refusal().orElseThrow().refusal()).isEqualTo(RefusalReason.NOT_FENCED);
        assertThat(engine.maintenance().active()).isEmpty();
        engine.close();
        assertThat(backend.audit().read(old.key(), 0, 20))
                .anyMatch(e -> e.type().equals("fence-lifted")
                        && e.actor().equals(ALICE)
                        && e.message().contains("no other server of it can be written"));
    }

    @Test
    void replicationIsStoppedStartedAndRestartedAndServersAreMadeReadOnlyAndWritable() {
        assertThat(run(about(StopReplica::new, 2)).problem()).isEmpty();
        assertThat(topology.server(2).replicaStatus())
                .containsEntry("Replica_IO_Running", "No")
                .containsEntry("Replica_SQL_Running", "No");
        assertThat(run(about(StartReplica::new, 2)).problem()).isEmpty();
        assertFollows(topology.server(2), topology.primary());
        assertThat(run(about(RestartReplica::new, 2)).problem()).isEmpty();
        assertFollows(topology.server(2), topology.primary());
        assertThat(run(about(SetWriteable::new, 2)).problem()).isEmpty();
        assertThat(topology.server(2).queryValue("SELECT @@read_only")).isEqualTo("0");
        assertThat(run(about(SetReadOnly::new, 2)).problem()).isEmpty();
        assertThat(topology.server(2).queryValue("SELECT @@super_read_only")).isEqualTo("1");
        assertThat(run(about(StartReplica::new, 0)).refusal().orElseThrow().refusal())
                .isEqualTo(RefusalReason.NOT_A_REPLICA);
    }

    @Test
    void aLivingPrimaryHandsOverUnderWritesAndLocksAndNothingAcknowledgedIsLost() throws Exception {
        DatabaseServer old = topology.primary();
        old.execute(
                "CREATE DATABASE held",
                "CREATE TABLE held.t (id INT PRIMARY KEY)",
                "INSERT INTO held.t VALUES (1)",
                "GRANT LOCK TABLES ON *.* TO 'app'@'%'");
        try (ContinuousWriter writer = ContinuousWriter.start(old);
                Connection open = old.connect(DatabaseServer.APPLICATION_USER, DatabaseServer.APPLICATION_PASSWORD);
                Connection locking = old.connect(DatabaseServer.APPLICATION_USER, DatabaseServer.APPLICATION_PASSWORD);
                Statement uncommitted = open.createStatement();
                Statement lock = locking.createStatement()) {
            writer.awaitAcknowledged(50, PATIENCE);
            uncommitted.execute("START TRANSACTION");
            uncommitted.execute("INSERT INTO held.t VALUES (2)");
            lock.execute("CREATE TABLE held.u (id INT PRIMARY KEY)");
            lock.execute("LOCK TABLES held.u WRITE");
            Operation requested =
                    new GracefulTakeoverAuto(old.key(), topology.server(2).key());
            Decision preview = engine.operations().plan(requested);
            assertThat(preview.plan()).as("%s", preview.refusal()).isNotNull();
            assertThat(preview.toString()).doesNotContain("password=" + DatabaseServer.REPLICATION_PASSWORD);
            OperationOutcome outcome = run(requested);
            assertThat(outcome.problem()).isEmpty();
            assertThat(outcome.results())
                    .hasSize(4)
                    .allMatch(r -> r.ending() == ServerResult.Ending.DONE)
                    .filteredOn(r -> r.server().equals(old.key()))
                    .extracting(ServerResult::source)
                    .containsExactly(topology.server(2).key());
            RecoveryRecord recovery = requireNonNull(outcome.recovery());
            assertThat(recovery.errors()).isEmpty();
            assertThat(recovery.type()).isEqualTo(RecoveryType.SWITCHOVER);
            assertThat(recovery.successor()).isEqualTo(topology.server(2).key());
            writer.switchTo(topology.server(2));
            writer.awaitAcknowledgedBy(topology.server(2).key(), PATIENCE);
            writer.stop();
            assertThat(writer.missingOn(topology.server(2))).isEmpty();
        }
        DatabaseServer promoted = topology.server(2);
        assertThat(promoted.queryValue("SELECT @@read_only")).isEqualTo("0");
        assertThat(promoted.queryValue("SELECT COUNT(*) FROM held.t")).isEqualTo("1");
        assertThat(old.queryValue("SELECT @@super_read_only")).isEqualTo("1");
        assertFollows(old, promoted);
        assertFollows(topology.server(1), promoted);
        assertFollows(topology.server(3), promoted);
        old.awaitExecuted(promoted.executedGtids(), PATIENCE);
        assertThat(promoted.executedGtids()).isEqualTo(old.executedGtids());
        assertThat(engine.maintenance().active()).isEmpty();
    }

    @Test
    void aTakeoverWhoseSuccessorIsHeldUpCostsThePrimaryNoWrite() throws Exception {
        DatabaseServer old = topology.primary();
        try (ContinuousWriter writer = ContinuousWriter.start(old);
                Connection blocking = topology.server(1).connect();
                Statement block = blocking.createStatement()) {
            writer.awaitAcknowledged(50, PATIENCE);
            block.execute("FLUSH TABLES WITH READ LOCK");
            OperationOutcome outcome =
                    run(new GracefulTakeover(old.key(), topology.server(1).key()));
            assertThat(outcome.succeeded()).isFalse();
            assertThat(outcome.problem())
                    .contains("does not execute what it receives")
                    .contains("was not touched");
            assertThat(requireNonNull(outcome.recovery()).successor()).isNull();
            block.execute("UNLOCK TABLES");
            assertThat(old.queryValue("SELECT @@read_only")).isEqualTo("0");
            int acknowledged = writer.acknowledged().size();
            writer.awaitAcknowledged(acknowledged + 20, PATIENCE);
        }
        for (int i = 1; i < 4; i++) {
            assertFollows(topology.server(i), old);
            assertThat(topology.server(i).queryValue("SELECT @@read_only")).isEqualTo("1");
        }
        assertThat(engine.maintenance().active()).isEmpty();
        assertThat(backend.fences().standing()).allMatch(f -> f.state() == FenceState.LIFTED);
    }

    @Test
    void aTakeoverThatDoesNotSayToWhomIsRefused() {
        OperationOutcome outcome = run(new GracefulTakeover(topology.primary().key(), null));
        assertThat(outcome.refusal().orElseThrow().refusal()).isEqualTo(RefusalReason.CANDIDATE_UNFIT);
        assertThat(outcome.problem()).contains("3 replicas");
        assertThat(run(new GracefulTakeoverAuto(topology.server(1).key(), null))
                        .refusal()
                        .orElseThrow()
                        .refusal())
                .isEqualTo(RefusalReason.UNSUPPORTED_TOPOLOGY);
        assertThat(topology.primary().queryValue("SELECT @@read_only")).isEqualTo("0");
    }
}
