package dev.orchestrator.standalone.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.operation.FenceOperation.ForceLiftFence;
import dev.orchestrator.api.operation.FenceOperation.LiftFence;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.operation.WriteOperation.SetWriteable;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
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
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes on one backend: what an operator says on the one that does not lead binds the other's next decision. */
@RealServers
class AnyNodeAnswersTest {
    private static final Actor ANN = new Actor("ann", Origin.HTTP, "node-b");
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration HOUR = Duration.ofHours(1);

    @RegisterExtension
    static final MysqldExtension BACKEND = MysqldExtension.shared();

    @RegisterExtension
    final TopologyExtension topology = TopologyExtension.primaryWithReplicas(3);

    private JooqBackend leadersBackend;
    private JooqBackend othersBackend;
    private OrchestratorEngine leader;
    private OrchestratorEngine other;

    @BeforeEach
    void open() {
        String schema = BACKEND.newSchema();
        leadersBackend = RealEngines.backend(BACKEND.server().key(), schema);
        othersBackend = RealEngines.backend(BACKEND.server().key(), schema);
        leader = RealEngines.engine(leadersBackend, "node-a");
        other = RealEngines.engine(othersBackend, "node-b");
        leader.start();
        await().atMost(PATIENCE).until(() -> leader.leaderElection().standing() == Standing.LEADING);
        other.start();
        other.discover(topology.primary().key(), ANN);
        await().atMost(PATIENCE)
                .until(() -> leader.fleet().members().stream()
                                .filter(FleetMember::isReachable)
                                .count()
                        == 4);
    }

    @AfterEach
    void close() {
        other.close();
        leader.close();
        othersBackend.close();
        leadersBackend.close();
    }

    @Test
    void whatIsSaidOnOneNodeBindsTheNextDecisionOfTheOther() {
        DatabaseServer primary = topology.primary();
        other.recoverySwitch().set(false, ANN);
        primary.kill9();
        awaitRefusal(primary, RefusalReason.GLOBALLY_DISABLED);

        other.downtimes().begin(primary.key(), ANN, "I know", HOUR);
        other.recoverySwitch().set(true, ANN);
        awaitRefusal(primary, RefusalReason.DOWNTIMED);
        assertThat(records()).isEmpty();

        other.promotionRules().set(topology.server(1).key(), PromotionRule.MUST_NOT, ANN);
        other.promotionRules().set(topology.server(3).key(), PromotionRule.PREFER, ANN);
        other.downtimes().end(primary.key(), ANN);
        DatabaseServer second = topology.server(3);
        await().atMost(PATIENCE)
                .until(() -> records().size() == 1 && !records().get(0).isActive());
        assertThat(records().get(0).successor()).isEqualTo(second.key());

        await().atMost(PATIENCE)
                .until(() -> member(second).facts().orElseThrow().isWritable());
        second.kill9();
        awaitRefusal(second, RefusalReason.ANTI_FLAPPING);
        assertThat(other.recoveries().acknowledge(RecoveryFilter.all(0, 10), ANN, "seen"))
                .isEqualTo(1);
        await().atMost(PATIENCE)
                .until(() -> records().size() == 2 && !records().get(0).isActive());
        assertThat(records().get(0).successful())
                .as("%s", records().get(0).errors())
                .isTrue();
        assertThat(records().get(0).successor()).isEqualTo(topology.server(2).key());
        assertThat(records()).allMatch(r -> r.node().equals("node-a"));
    }

    @Test
    void aFenceLiftedOnOneNodeIsNotEnforcedAnyMoreByTheOther() {
        DatabaseServer former = topology.primary();
        former.kill9();
        await().atMost(PATIENCE)
                .until(() -> records().size() == 1 && records().get(0).successful());
        former.startAgain();
        await().atMost(PATIENCE)
                .until(() -> other.fences().stream()
                        .anyMatch(f -> f.state() == FenceState.CLEAN || f.state() == FenceState.AHEAD));
        assertThat(former.queryValue("SELECT @@super_read_only")).isEqualTo("1");
        await().atMost(PATIENCE).until(() -> member(former).isReachable());
        assertThat(order(SetWriteable::new, former).refusal().map(GateVerdict::refusal))
                .contains(RefusalReason.FENCED);
        assertThat(order(LiftFence::new, former).refusal().map(GateVerdict::refusal))
                .contains(RefusalReason.OTHER_WRITER);

        OperationOutcome lifted = order(ForceLiftFence::new, former);

        assertThat(lifted.problem()).isEmpty();
        assertThat(former.queryValue("SELECT @@super_read_only")).isEqualTo("1");
        assertThat(order(SetWriteable::new, former).problem()).isEmpty();
        // Longer than the leader takes to look at fences and to poll.
        await().during(Duration.ofSeconds(8))
                .atMost(PATIENCE)
                .until(() -> "0".equals(former.queryValue("SELECT @@read_only")));
        other.close();
        assertThat(leadersBackend.audit().read(former.key(), 0, 50))
                .anyMatch(e -> e.type().equals("fence-lifted")
                        && e.actor().equals(ANN)
                        && e.message().contains("forced, although"));
    }

    @Test
    void aLockTakenOnOneNodeHoldsTheOtherOff() {
        DatabaseServer primary = topology.primary();
        other.maintenance().begin(primary.key(), ANN, "I am on it", HOUR);
        primary.kill9();
        awaitRefusal(primary, RefusalReason.LOCKED);
        assertThat(records()).isEmpty();
        other.maintenance().end(primary.key(), ANN);
        await().atMost(PATIENCE)
                .until(() -> records().size() == 1 && records().get(0).successful());
    }

    private OperationOutcome order(Function<InstanceKey, Operation> kind, DatabaseServer server) {
        return other.operations().run(kind.apply(server.key()), ANN);
    }

    private void awaitRefusal(DatabaseServer failed, RefusalReason reason) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(leader.lastDecision(failed.key())
                                .flatMap(d -> d.refusal())
                                .map(GateVerdict::refusal))
                        .isEqualTo(Optional.of(reason)));
    }

    private FleetMember member(DatabaseServer server) {
        return other.fleet().member(server.key()).orElseThrow();
    }

    private List<RecoveryRecord> records() {
        return leadersBackend.recoveries().find(RecoveryFilter.all(0, 10));
    }
}
