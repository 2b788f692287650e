package dev.orchestrator.engine.internal.core.operation;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.operation.MoveOperation.MoveGtid;
import dev.orchestrator.api.operation.MoveOperation.MoveUp;
import dev.orchestrator.api.operation.MoveOperation.Relocate;
import dev.orchestrator.api.operation.MoveOperation.Repoint;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.ReplicationOperation.RestartReplica;
import dev.orchestrator.api.operation.ReplicationOperation.StartReplica;
import dev.orchestrator.api.operation.ReplicationOperation.StopReplica;
import dev.orchestrator.api.operation.WriteOperation.SetReadOnly;
import dev.orchestrator.api.operation.WriteOperation.SetWriteable;
import dev.orchestrator.api.plan.Plan;
import dev.orchestrator.api.plan.Plan.Stage;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OperationProceduresTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Operation R3_BELOW_R2 = new Relocate(key("r3"), key("r2"));

    /** p with r1, r2 and r3; r4 below r3. */
    private static FleetBuilder fleet() {
        return new FleetBuilder(NOW)
                .primary("p")
                .replica("r1", "p")
                .replica("r2", "p")
                .replica("r3", "p")
                .replica("r4", "r3");
    }

    private static Proposed plan(FleetBuilder fleet, Operation requested) {
        return Proposed.of(fleet.build(), requested, List.of());
    }

    private static List<String> steps(List<Stage> stages) {
        return stages.stream()
                .flatMap(s -> s.steps().stream())
                .map(PlanStep::describe)
                .toList();
    }

    private static Plan made(Proposed proposal) {
        return requireNonNull(proposal.plan());
    }

    private static RefusalReason refusal(Proposed proposal) {
        assertThat(proposal.plan()).isNull();
        return requireNonNull(proposal.decision().refusal().orElseThrow().refusal());
    }

    @Test
    void aMoveStopsTheReceiverOnlyChangesTheSourceAndStartsIt() {
        Proposed proposal = plan(fleet(), R3_BELOW_R2);
        assertThat(steps(made(proposal).stages()))
                .containsExactly(
                        "r3:3306: stop the receiver", "r3:3306: replicate from r2:3306", "r3:3306: start the receiver");
        assertThat(proposal.touched()).containsExactly(key("r3"), key("r2"));
        assertThat(made(proposal).stages())
                .allSatisfy(s ->
                        assertThat(s.steps()).allMatch(step -> step.serverUuid().equals(MemberBuilder.uuid("r3"))));
    }

    @Test
    void whoIsThereAlreadyIsLeftAsItIs() {
        Proposed proposal = plan(fleet(), new MoveGtid(key("r4"), key("r3")));
        assertThat(made(proposal).stages()).isEmpty();
        assertThat(made(proposal).notes()).anyMatch(n -> n.contains("already"));
    }

    static Stream<Arguments> illegalMoves() {
        return Stream.of(
                illegal("below itself", "r3", "r3", f -> f, "itself"),
                illegal("below its own replica", "r3", "r4", f -> f, "circle"),
                illegal("the primary below its grandchild", "p", "r4", f -> f, "nobody"),
                illegal(
                        "below one without binary log",
                        "r3",
                        "r2",
                        on("r2", m -> m.facts(f -> f.binlogEnabled(false))),
                        "no binary log"),
                illegal(
                        "below one that does not log updates",
                        "r3",
                        "r2",
                        on("r2", m -> m.facts(f -> f.logReplicaUpdates(false))),
                        "log_replica_updates"),
                illegal(
                        "below a richer format",
                        "r3",
                        "r2",
                        on("r3", m -> m.facts(f -> f.binlogFormat("STATEMENT"))),
                        "binlog_format"),
                illegal(
                        "below one with the same server_id",
                        "r3",
                        "r2",
                        f -> f.with(m -> m.facts(i -> i.serverId(77)), "r2", "r3"),
                        "server_id"),
                illegal(
                        "below one that is delayed",
                        "r3",
                        "r2",
                        on("r2", m -> m.channel(c -> c.configuredDelay(Duration.ofHours(1)))),
                        "delayed"),
                illegal(
                        "below one without GTID",
                        "r3",
                        "r2",
                        on("r2", m -> m.facts(f -> f.gtidMode("OFF"))),
                        "gtid_mode"),
                illegal(
                        "of one that reads by position",
                        "r3",
                        "r2",
                        on("r3", m -> m.channel(c -> c.autoPosition(false))),
                        "auto-position"),
                illegal(
                        "below one that has purged what it needs",
                        "r3",
                        "r2",
                        on(
                                "r2",
                                m -> m.facts(f -> f.purgedGtids(GtidSet.parse(MemberBuilder.uuid("p") + ":1-900000")))),
                        "purged"),
                illegal(
                        "to another cluster with transactions of its own",
                        "r3",
                        "r2",
                        on(
                                "r3",
                                m -> m.in(new ClusterId("c2"))
                                        .executed(
                                                MemberBuilder.uuid("p") + ":1-10," + MemberBuilder.uuid("x") + ":1-5")),
                        "another cluster"));
    }

    private static UnaryOperator<FleetBuilder> on(String name, UnaryOperator<MemberBuilder> change) {
        return f -> f.with(change, name);
    }

    private static Arguments illegal(
            String name, String me, String other, UnaryOperator<FleetBuilder> change, String said) {
        return Arguments.of(name, me, other, change, said);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("illegalMoves")
    void refusesIllegalMoves(String name, String me, String other, UnaryOperator<FleetBuilder> change, String said) {
        Proposed proposal = plan(change.apply(fleet()), new Relocate(key(me), key(other)));
        assertThat(refusal(proposal)).isIn(RefusalReason.ILLEGAL_MOVE, RefusalReason.NOT_A_REPLICA);
        assertThat(proposal.decision().refusal().orElseThrow().facts()).contains(said);
        assertThat(proposal.touched()).isEmpty();
    }

    @Test
    void refusesWhatIsNotKnownOrDoesNotAnswer() {
        assertThat(refusal(plan(fleet(), new Relocate(key("r3"), key("nobody")))))
                .isEqualTo(RefusalReason.UNKNOWN_INSTANCE);
        FleetBuilder silent = fleet().with(m -> m.fails(ProbeFailure.Kind.TIMEOUT, Duration.ofSeconds(9)), "r2");
        assertThat(refusal(plan(silent, R3_BELOW_R2))).isEqualTo(RefusalReason.INSTANCE_UNREACHABLE);
        assertThat(refusal(plan(silent, new StopReplica(key("r2"))))).isEqualTo(RefusalReason.INSTANCE_UNREACHABLE);
    }

    @Test
    void aReplicaMovesUpBelowTheSourceOfItsSource() {
        Proposed proposal = plan(fleet(), new MoveUp(key("r4")));
        assertThat(steps(made(proposal).stages()))
                .containsExactly(
                        "r4:3306: stop the receiver", "r4:3306: replicate from p:3306", "r4:3306: start the receiver");
        assertThat(proposal.touched()).containsExactly(key("r4"), key("p"));
        FleetBuilder deadSource = fleet().with(m -> m.fails(ProbeFailure.Kind.REFUSED, Duration.ofSeconds(9)), "r3");
        assertThat(steps(made(plan(deadSource, new MoveUp(key("r4")))).stages()))
                .contains("r4:3306: replicate from p:3306");
        OperationContext context = new OperationContext(
                fleet().build(), OrchestratorConfig.builder().build(), List.of(), "somebody");
        assertThat(Proposed.direct(new MoveUp(key("r4"))).reads().apply(context))
                .containsExactly(key("r4"), key("r3"), key("p"));
    }

    @Test
    void aReplicaBelowThePrimaryCannotMoveUp() {
        Proposed proposal = plan(fleet(), new MoveUp(key("r3")));
        assertThat(refusal(proposal)).isEqualTo(RefusalReason.ILLEGAL_MOVE);
        assertThat(proposal.decision().refusal().orElseThrow().facts())
                .isEqualTo("its source p:3306 replicates from nobody");
        assertThat(refusal(plan(fleet(), new MoveUp(key("p"))))).isEqualTo(RefusalReason.NOT_A_REPLICA);
    }

    @Test
    void aReplicaIsAttachedAnewToItsSourceOrToAnother() {
        Proposed again = plan(fleet(), new Repoint(key("r4"), null));
        assertThat(steps(made(again).stages()))
                .containsExactly("r4:3306: stop the receiver", "r4:3306: start the receiver");
        assertThat(again.touched()).containsExactly(key("r4"), key("r3"));
        assertThat(made(plan(fleet(), new Repoint(key("r4"), key("r3")))).stages())
                .isEqualTo(made(again).stages());
        assertThat(steps(made(plan(fleet(), new Repoint(key("r4"), key("r1")))).stages()))
                .contains("r4:3306: replicate from r1:3306");
        assertThat(refusal(plan(fleet(), new Repoint(key("p"), null)))).isEqualTo(RefusalReason.NOT_A_REPLICA);
        FleetBuilder deadSource = fleet().with(m -> m.fails(ProbeFailure.Kind.REFUSED, Duration.ofSeconds(9)), "r3");
        assertThat(refusal(plan(deadSource, new Repoint(key("r4"), null))))
                .isEqualTo(RefusalReason.INSTANCE_UNREACHABLE);
    }

    @Test
    void aReplicaThatKnowsItsSourceByAnotherNameIsToldTheNameThatWeKnow() {
        Fleet fleet = new FleetBuilder(NOW).primary("p").replica("r3", "vip").build();
        Fleet named = Fleet.of(fleet.members(), fleet.clusters(), Map.of(key("vip"), key("p")));
        Proposed again = Proposed.of(named, new Repoint(key("r3"), null), List.of());
        assertThat(steps(made(again).stages()))
                .containsExactly(
                        "r3:3306: stop the receiver", "r3:3306: replicate from p:3306", "r3:3306: start the receiver");
    }

    @Test
    void stopsStartsAndRestartsEachChannel() {
        assertThat(steps(made(plan(fleet(), new StopReplica(key("r1")))).stages()))
                .containsExactly("r1:3306: stop replication");
        assertThat(steps(made(plan(fleet(), new StartReplica(key("r1")))).stages()))
                .containsExactly("r1:3306: start replication");
        assertThat(steps(made(plan(fleet(), new RestartReplica(key("r1")))).stages()))
                .containsExactly("r1:3306: stop replication", "r1:3306: start replication");
        assertThat(refusal(plan(fleet(), new StartReplica(key("p"))))).isEqualTo(RefusalReason.NOT_A_REPLICA);
    }

    @Test
    void aFormerPrimaryIsNotMadeWritable() {
        Fence fence = new Fence(
                MemberBuilder.uuid("r1"),
                key("r1"),
                FleetBuilder.CLUSTER,
                key("p"),
                "uid",
                FenceState.AHEAD,
                "it came back",
                NOW);
        Operation requested = new SetWriteable(key("r1"));
        Proposed refused = Proposed.of(fleet().build(), requested, List.of(fence));
        assertThat(refusal(refused)).isEqualTo(RefusalReason.FENCED);
        Proposed free = plan(fleet(), requested);
        assertThat(steps(made(free).stages())).containsExactly("r1:3306: make it writable");
        assertThat(made(free).notes()).anyMatch(n -> n.contains("replicates from p:3306"));
    }

    @Test
    void readOnlyIsSetAndProven() {
        Proposed proposal = plan(fleet(), new SetReadOnly(key("p")));
        assertThat(steps(made(proposal).stages())).containsExactly("p:3306: make it read-only");
    }
}
