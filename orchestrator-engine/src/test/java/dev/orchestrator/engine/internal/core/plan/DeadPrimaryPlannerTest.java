package dev.orchestrator.engine.internal.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.plan.Plan;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.engine.internal.core.candidate.Choice;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeadPrimaryPlannerTest {
    private static final ClusterId CLUSTER = new ClusterId("c1");
    private static final InstanceKey PRIMARY = new InstanceKey("db1", 3306);
    private static final InstanceKey A = new InstanceKey("db2", 3306);
    private static final InstanceKey B = new InstanceKey("db3", 3306);
    private final DeadPrimaryPlanner planner =
            new DeadPrimaryPlanner(OrchestratorConfig.builder().build(), PRIMARY);

    private static Instance replica(InstanceKey key, ReplicationThreadState receiver, boolean semiSync) {
        return Instance.builder(key, ServerVersion.parse("8.0.31", ""))
                .serverUuid("uuid-" + key.hostname())
                .semiSync(new SemiSyncState(semiSync, false, false, true, true, 1, Duration.ofSeconds(1), 0))
                .channels(List.of(ReplicationChannel.builder(PRIMARY)
                        .autoPosition(true)
                        .receiver(receiver)
                        .applier(ReplicationThreadState.RUNNING)
                        .build()))
                .build();
    }

    private static Instance primary(boolean semiSync) {
        return Instance.builder(PRIMARY, ServerVersion.parse("8.0.31", ""))
                .serverUuid("uuid-db1")
                .semiSync(new SemiSyncState(semiSync, semiSync, semiSync, false, false, 1, Duration.ofSeconds(1), 1))
                .build();
    }

    private static FleetMember member(Instance instance) {
        return new FleetMember(
                instance.key(), CLUSTER, instance, Instant.EPOCH, Instant.EPOCH, null, null, Duration.ZERO);
    }

    private static Fleet fleet(ReplicationThreadState receiver) {
        return Fleet.of(
                List.of(
                        member(primary(false)),
                        member(replica(A, receiver, false)),
                        member(replica(B, receiver, false))),
                List.of(),
                Map.of());
    }

    private static List<String> described(List<Plan.Stage> stages) {
        return stages.stream()
                .flatMap(s -> s.steps().stream())
                .map(PlanStep::describe)
                .toList();
    }

    @Test
    void stopsOnlyReceiversThatAreNotStopped() {
        assertThat(planner.stopReceivers(fleet(ReplicationThreadState.RUNNING), List.of(A, B))
                        .steps())
                .hasSize(2);
        assertThat(planner.stopReceivers(fleet(ReplicationThreadState.STOPPED), List.of(A, B))
                        .steps())
                .isEmpty();
    }

    @Test
    void everyStepNamesTheServersIdentity() {
        assertThat(planner.stopReceivers(fleet(ReplicationThreadState.RUNNING), List.of(A))
                        .steps())
                .allMatch(s -> s.serverUuid().equals("uuid-db2"));
    }

    @Test
    void onlyForgettingTheSourceIsIrreversibleAndItComesLast() {
        List<Plan.Stage> stages = planner.promote(replica(A, ReplicationThreadState.STOPPED, true), primary(true));
        assertThat(described(stages))
                .containsExactly(
                        "db2:3306: semi-sync: source side on, replica side on",
                        "db2:3306: make it writable",
                        "db2:3306: stop being a replica");
        assertThat(stages.stream().flatMap(s -> s.steps().stream()).map(PlanStep::irreversible))
                .containsExactly(false, false, true);
    }

    @Test
    void semiSyncIsLeftAloneUnlessTheFailedPrimaryUsedIt() {
        assertThat(described(planner.promote(replica(A, ReplicationThreadState.STOPPED, true), primary(false))))
                .noneMatch(s -> s.contains("semi-sync"));
        assertThat(described(planner.promote(replica(A, ReplicationThreadState.STOPPED, false), primary(true))))
                .noneMatch(s -> s.contains("semi-sync"));
        assertThat(described(planner.promote(replica(A, ReplicationThreadState.STOPPED, true), null)))
                .noneMatch(s -> s.contains("semi-sync"));
    }

    @Test
    void repointingTouchesTheReceiverOnly() {
        assertThat(planner.repoint(Phases.REPOINT, replica(B, ReplicationThreadState.STOPPED, false), A))
                .flatExtracting(Plan.Stage::steps)
                .extracting(PlanStep::command)
                .containsExactly(new InstanceCommand.Repoint("", A), new InstanceCommand.StartReceiver(""));
    }

    @Test
    void thePreviewShowsTheWholeRecoveryWithWhatMayChange() {
        Choice choice = new Choice(
                A,
                B,
                false,
                GtidSet.empty(),
                GtidSet.parse("00000000-0000-0000-0000-000000000001:7"),
                List.of(B),
                List.of(A),
                Map.of(B, "must_not"),
                Map.of(),
                "db2 is best");
        Plan plan = planner.preview(fleet(ReplicationThreadState.CONNECTING), CLUSTER, List.of(A, B), choice);

        assertThat(plan.stages())
                .extracting(Plan.Stage::name)
                .containsExactly(
                        "stop receivers",
                        "catch up",
                        "catch up",
                        "drain",
                        "promote",
                        "promote",
                        "repoint",
                        "repoint",
                        "fence");
        assertThat(plan.title()).isEqualTo("replace the dead primary db1:3306 by db2:3306");
        assertThat(plan.notes())
                .anyMatch(n -> n.contains("db2 is best"))
                .anyMatch(n -> n.contains("db3:3306 would not be chosen: must_not"))
                .anyMatch(n -> n.contains("would be missing"));
    }
}
