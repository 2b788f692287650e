package dev.orchestrator.standalone.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.event.OrchestratorEvent.BackendChanged;
import dev.orchestrator.api.event.OrchestratorEvent.RecoveryEnded;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.OrchestratorEngine;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.jooq.options.MySqlBackendOptions;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.ReplicationTopology;
import dev.orchestrator.testkit.TopologyExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The backend lives on one of the watched clusters, and its primary dies or freezes. Two nodes. */
@RealServers
class BackendFailoverTest {
    private static final Actor TESTER = new Actor("tester", Origin.API, "here");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    final TopologyExtension topology = TopologyExtension.primaryWithReplicas(2);

    private final List<OrchestratorEvent> events = new CopyOnWriteArrayList<>();
    private JooqBackend backend;
    private JooqBackend otherBackend;
    private OrchestratorEngine leader;
    private OrchestratorEngine follower;

    @BeforeEach
    void twoNodesOnOneBackend() {
        topology.primary()
                .execute(
                        "CREATE USER 'orc_backend'@'%' IDENTIFIED WITH mysql_native_password BY 'secret'",
                        "GRANT ALL ON orchestrator.* TO 'orc_backend'@'%'");
        backend = open(topology.primary());
        otherBackend = open(topology.primary());
        leader = EngineOnRealServersTest.engine(backend, "node-a");
        follower = EngineOnRealServersTest.engine(otherBackend, "node-b");
        leader.addListener(events::add);
        leader.start();
        await().atMost(PATIENCE).until(() -> leader.leaderElection().standing() == Standing.LEADING);
        // On a busy machine the backend may not have answered in time; that is said, and asking again is right.
        patiently().untilAsserted(() -> leader.discover(topology.primary().key(), TESTER));
        await().atMost(PATIENCE)
                .until(() -> leader.fleet().members().stream()
                                .filter(FleetMember::isReachable)
                                .count()
                        == 3);
        leader.operations();
        topology.topology().awaitReplication(PATIENCE);
        follower.start();
        await().atMost(PATIENCE).until(() -> follower.fleet().members().size() == 3);
        // What both remember is read twice a second, once they know that the backend is among the watched.
        await().during(Duration.ofSeconds(4))
                .atMost(PATIENCE)
                .until(() -> leader.leaderElection().standing() == Standing.LEADING);
    }

    @AfterEach
    void close() {
        leader.close();
        follower.close();
        backend.close();
        otherBackend.close();
    }

    @Test
    void aKilledPrimaryOfTheBackendIsReplacedAndAllNodesFollow() {
        InstanceKey unwanted = topology.server(1).key();
        backend.intents().setPromotionRule(unwanted, PromotionRule.MUST_NOT, Duration.ofHours(1));
        await().during(Duration.ofSeconds(2))
                .atMost(PATIENCE)
                .until(() -> leader.leaderElection().standing() == Standing.LEADING);
        long epoch = leader.leaderElection().epoch().orElseThrow();
        DatabaseServer former = topology.primary();
        former.kill9();
        RecoveryRecord recovery = awaitRecovery();
        assertThat(recovery.successful()).as("%s", recovery.errors()).isTrue();
        InstanceKey promoted = topology.server(2).key();
        assertThat(recovery.successor()).as("intent from memory").isEqualTo(promoted);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(backend.address()).contains(promoted);
            assertThat(otherBackend.address()).contains(promoted);
            assertThat(leader.leaderElection().epoch()).hasValue(epoch + 1);
            assertThat(follower.leaderElection().leader().orElseThrow().epoch()).isEqualTo(epoch + 1);
        });
        // It was led from a journal, so it ends before the backend holds it.
        patiently().untilAsserted(() -> {
            assertThat(otherBackend.recoveries().find(RecoveryFilter.byUid(recovery.uid())))
                    .singleElement()
                    .satisfies(written -> {
                        assertThat(written.isActive()).isFalse();
                        assertThat(written.successful()).isTrue();
                        assertThat(written.actor().origin()).isEqualTo(Origin.AUTOMATIC);
                    });
            assertThat(otherBackend.recoveries().steps(recovery.uid()))
                    .anyMatch(s -> s.description().contains("the backend is gone with this server"))
                    .anyMatch(s -> s.description().contains("make it writable"));
        });
        assertThat(otherBackend.intents().read().promotionRules()).containsEntry(unwanted, PromotionRule.MUST_NOT);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(topology.server(1).replicaStatus())
                        .containsEntry("Source_Port", Integer.toString(promoted.port()))
                        .containsEntry("Replica_IO_Running", "Yes"));
        former.startAgain();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(former.queryValue("SELECT @@super_read_only"))
                        .isEqualTo("1"));
        patiently()
                .until(() -> otherBackend.fences().standing().stream()
                        .anyMatch(f -> f.instance().equals(former.key()) && f.state() != FenceState.PENDING));
        assertThat(backend.address()).contains(promoted);
        assertThat(otherBackend.address()).contains(promoted);
        assertThat(leader.leaderElection().epoch()).hasValue(epoch + 1);
        anotherClusterIsRecoveredAfterwards();
    }

    private void anotherClusterIsRecoveredAfterwards() {
        try (ReplicationTopology other =
                ReplicationTopology.primaryWithReplicas(1).start()) {
            InstanceKey primary = other.primary().key();
            leader.discover(primary, TESTER);
            await().atMost(PATIENCE)
                    .until(() -> leader.fleet().replicasOf(primary).stream().anyMatch(FleetMember::isReachable));
            events.clear();
            other.primary().kill9();
            RecoveryRecord recovery = awaitRecovery();
            assertThat(recovery.failed()).isEqualTo(primary);
            assertThat(recovery.successful()).as("%s", recovery.errors()).isTrue();
            assertThat(otherBackend.recoveries().find(RecoveryFilter.byUid(recovery.uid())))
                    .hasSize(1);
        }
    }

    @Test
    void aFrozenPrimaryOfTheBackendIsLeftAloneAndEverythingResumesWhenItGoesOn() {
        topology.primary().freeze();
        await().atMost(PATIENCE)
                .until(() -> events.stream()
                        .anyMatch(e -> e instanceof BackendChanged c
                                && c.message().contains("nothing is done about it from here")));
        assertThat(topology.server(1).queryValue("SELECT @@read_only")).isEqualTo("1");
        assertThat(topology.server(2).queryValue("SELECT @@read_only")).isEqualTo("1");
        assertThat(leader.leaderElection().standing()).isNotEqualTo(Standing.LEADING);
        topology.primary().thaw();
        await().atMost(PATIENCE)
                .until(() -> leader.leaderElection().standing() == Standing.LEADING
                        || follower.leaderElection().standing() == Standing.LEADING);
        assertThat(backend.address()).contains(topology.primary().key());
        patiently()
                .untilAsserted(() -> assertThat(backend.recoveries().find(RecoveryFilter.all(0, 10)))
                        .isEmpty());
        patiently()
                .until(() -> backend.audit().read(null, 0, 50).stream()
                        .anyMatch(e -> e.type().equals("backend-not-failed-over")));
    }

    @Test
    void nodesGoToTheWritableOneWhenThePrimaryWasReplacedBySomebodyElse() {
        DatabaseServer former = topology.primary();
        DatabaseServer next = topology.server(1);
        former.execute("SET GLOBAL super_read_only = 1");
        next.awaitExecuted(former.executedGtids(), PATIENCE);
        next.execute("STOP REPLICA", "RESET REPLICA ALL", "SET GLOBAL super_read_only = 0", "SET GLOBAL read_only = 0");
        former.replicateFrom(next);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(backend.address()).contains(next.key());
            assertThat(otherBackend.address()).contains(next.key());
        });
        await().atMost(PATIENCE)
                .until(() -> leader.leaderElection().standing() == Standing.LEADING
                        || follower.leaderElection().standing() == Standing.LEADING);
    }

    @Test
    void aNodeThatStartsWithTheAddressOfAReplicaGoesToItsSource() {
        try (JooqBackend third = open(topology.server(1));
                OrchestratorEngine late = EngineOnRealServersTest.engine(third, "node-c")) {
            late.start();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(third.address())
                            .contains(topology.primary().key()));
            patiently()
                    .until(() -> third.nodes().alive(Duration.ofMinutes(1)).stream()
                            .anyMatch(n -> n.hostname().equals("node-c")));
        }
    }

    /** For calls to a backend that is on its way back. */
    private static ConditionFactory patiently() {
        return await().atMost(PATIENCE).ignoreException(OrchestratorException.class);
    }

    private RecoveryRecord awaitRecovery() {
        await().atMost(PATIENCE).until(() -> events.stream().anyMatch(RecoveryEnded.class::isInstance));
        return events.stream()
                .filter(RecoveryEnded.class::isInstance)
                .map(e -> ((RecoveryEnded) e).recovery())
                .findFirst()
                .orElseThrow();
    }

    private static JooqBackend open(DatabaseServer server) {
        return JooqBackend.mysql(
                MySqlBackendOptions.builder(server.key(), "orchestrator")
                        .login("orc_backend", "secret")
                        .build(),
                JooqBackendOptions.forService());
    }
}
