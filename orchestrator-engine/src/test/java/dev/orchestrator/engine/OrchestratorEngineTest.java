package dev.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.api.Node;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.config.OrchestratorConfigBuilder;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.event.OrchestratorEvent.BackendChanged;
import dev.orchestrator.api.event.OrchestratorEvent.LeadershipChanged;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryRequest;
import dev.orchestrator.engine.fake.FakeInstanceGateway;
import dev.orchestrator.engine.fake.InMemoryBackend;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrchestratorEngineTest {
    private static final Actor ALICE = new Actor("alice", Origin.API, "here");
    private static final InstanceKey DB1 = InstanceKey.parse("db1");

    private final FakeInstanceGateway gateway = new FakeInstanceGateway(InstantSource.system());
    private final InMemoryBackend backend = InMemoryBackend.onSystemClock();
    private final List<OrchestratorEngine> made = new ArrayList<>();
    private final List<OrchestratorEvent> events = new CopyOnWriteArrayList<>();

    @BeforeEach
    void threeServers() {
        gateway.server("db1:3306");
        gateway.server("db2:3306").replicaOf("db1:3306");
        gateway.server("db3:3306").replicaOf("db1:3306");
    }

    @AfterEach
    void closeAll() {
        backend.comeBack();
        gateway.close();
        made.forEach(OrchestratorEngine::close);
    }

    @Test
    void leadsDiscoversAndShowsTheSameOnEveryNode() {
        OrchestratorEngine first = leading("a");
        OrchestratorEngine second = engine("b", backend.anotherNode());
        second.start();
        first.discover(DB1, ALICE);
        assertThat(first.fleet().members()).hasSize(3);
        await().until(() -> second.fleet().members().size() == 3);
        assertThat(second.leaderElection().standing()).isEqualTo(Standing.NOT_LEADING);
        assertThat(second.leaderElection().leader()).map(l -> l.node()).contains("a");
        assertThat(first.analyses()).isEmpty();
        assertThat(second.analyses()).isEmpty();
        await().until(() -> backend.nodes().alive(Duration.ofSeconds(10)).stream()
                .map(Node::hostname)
                .collect(Collectors.toSet())
                .equals(Set.of("a", "b")));
    }

    @Test
    void findsAClusterByIdNameAliasOrMember() {
        OrchestratorEngine engine = leading("a");
        engine.discover(DB1, ALICE);
        Cluster cluster = engine.cluster("db1:3306");
        assertThat(engine.cluster(cluster.id().value())).isEqualTo(cluster);
        assertThat(engine.cluster(" db3 ")).isEqualTo(cluster);
        engine.clusterAliases().set(cluster.id(), "orders", ALICE);
        await().until(() -> engine.cluster("db2").alias().equals("orders"));
        assertThat(engine.cluster("orders").id()).isEqualTo(cluster.id());
        for (String unknown : List.of("nothing", "db9:3306", "", "not a key;drop", "db1:99999")) {
            assertThatThrownBy(() -> engine.cluster(unknown))
                    .isInstanceOf(OrchestratorException.class)
                    .extracting(e -> ((OrchestratorException) e).code())
                    .isEqualTo(ErrorCode.UNKNOWN_CLUSTER);
        }
    }

    @Test
    void theNextNodeTakesOverTheFleetWhenTheLeaderCloses() {
        OrchestratorEngine first = leading("a");
        first.discover(DB1, ALICE);
        OrchestratorEngine second = engine("b", backend.anotherNode());
        second.addListener(events::add);
        second.start();
        long closing = System.nanoTime();
        first.close();
        await().pollInterval(Duration.ofMillis(10))
                .until(() -> second.leaderElection().standing() == Standing.LEADING);
        assertThat(Duration.ofNanos(System.nanoTime() - closing)).isLessThan(Duration.ofSeconds(2));
        await().until(() -> events.stream().anyMatch(LeadershipChanged.class::isInstance));
        int before = gateway.server("db2:3306").polls();
        await().until(() -> gateway.server("db2:3306").polls() > before);
        assertThat(second.fleet().members()).hasSize(3).allMatch(FleetMember::isReachable);
        assertThat(second.leaderElection().epoch()).hasValue(2);
    }

    @Test
    void twoEnginesOfOneProcessWithTheirOwnBackendsDoNotDisturbEachOther() {
        InMemoryBackend otherBackend = InMemoryBackend.onSystemClock();
        FakeInstanceGateway otherGateway = new FakeInstanceGateway(InstantSource.system());
        otherGateway.server("x1:3306");
        OrchestratorEngine one = leading("a");
        OrchestratorEngine other =
                keep(builder("a", otherBackend).gateway(otherGateway).build());
        other.start();
        await().until(() -> other.leaderElection().standing() == Standing.LEADING);
        one.discover(DB1, ALICE);
        other.discover(InstanceKey.parse("x1"), ALICE);
        one.close();
        assertThat(other.leaderElection().standing()).isEqualTo(Standing.LEADING);
        assertThat(other.fleet().members()).extracting(m -> m.key().toString()).containsExactly("x1:3306");
        otherGateway.close();
    }

    @Test
    void forgettingIsRecordedAndHolds() {
        OrchestratorEngine engine = leading("a");
        engine.discover(DB1, ALICE);
        InstanceKey db3 = InstanceKey.parse("db3");
        assertThat(engine.forget(db3, ALICE)).isTrue();
        assertThat(engine.forget(InstanceKey.parse("db9"), ALICE)).isFalse();
        assertThat(engine.fleet().member(db3)).isEmpty();
        assertThatThrownBy(() -> engine.discover(db3, ALICE))
                .isInstanceOf(OrchestratorException.class)
                .hasMessageContaining("forgotten a moment ago");
        engine.close();
        assertThat(backend.audit().read(null, 0, 100))
                .extracting(AuditEntry::type)
                .contains("discover", "forget", "leadership-gained", "leadership-lost");
    }

    @Test
    void saysWhyNothingWouldBeDone() {
        OrchestratorEngine engine = leading("a");
        engine.discover(DB1, ALICE);
        assertThat(engine.planRecovery(new RecoveryRequest(DB1, null, ALICE)).refusal())
                .map(v -> v.refusal())
                .contains(RefusalReason.NO_PROBLEM);
        assertThat(engine.planRecovery(new RecoveryRequest(InstanceKey.parse("db9"), null, ALICE))
                        .refusal())
                .map(v -> v.refusal())
                .contains(RefusalReason.UNKNOWN_INSTANCE);
        assertThat(engine.lastDecision(DB1)).isEmpty();
    }

    @Test
    void aBackendThatGoesAndComesIsToldOnceAndLeadershipComesBack() {
        OrchestratorEngine engine = keep(builder("a", backend)
                .config(config("a")
                        .leaseTtl(Duration.ofMillis(600))
                        .leaseRenewInterval(Duration.ofMillis(150))
                        .build())
                .build());
        engine.addListener(events::add);
        engine.start();
        await().until(() -> engine.leaderElection().standing() == Standing.LEADING);
        engine.discover(DB1, ALICE);
        backend.goAway();
        await().until(() -> engine.leaderElection().standing() == Standing.UNKNOWN);
        await().until(() -> backendNews().equals(List.of(false)));
        backend.comeBack();
        await().until(() -> engine.leaderElection().standing() == Standing.LEADING);
        await().until(() -> backendNews().equals(List.of(false, true)));
        assertThat(engine.fleet().members()).hasSize(3);
    }

    @Test
    void closesNothingThatItWasGivenAndItselfOnlyOnce() {
        OrchestratorEngine engine = leading("a");
        engine.close();
        engine.close();
        assertThat(backend.isClosed()).isFalse();
        assertThat(backend.leases().current("leader")).isEmpty();
        assertThat(backend.nodes().alive(Duration.ofMinutes(1))).isEmpty();
        assertThatThrownBy(engine::fleet)
                .isInstanceOf(OrchestratorException.class)
                .extracting(e -> ((OrchestratorException) e).code())
                .isEqualTo(ErrorCode.NOT_RUNNING);
        assertThatThrownBy(engine::start).hasMessageContaining("closed");
    }

    @Test
    void leavesNoThreadBehind() {
        Set<Thread> before = ourThreads();
        OrchestratorEngine engine = leading("a");
        engine.discover(DB1, ALICE);
        assertThat(ourThreads()).isNotEqualTo(before);
        engine.close();
        await().until(() -> before.containsAll(ourThreads()));
    }

    @Test
    void whoOnlyLooksAsksTheBackendForNothingElse() {
        OrchestratorEngine engine = engine("a", backend);
        engine.fleet();
        engine.close();
        assertThat(backend.calls()).isEqualTo(1);
    }

    @Test
    void aCommandThatWorksIsSeenAmongTheNodesWhileItRuns() {
        OrchestratorEngine engine =
                keep(builder("cli", backend).command("discover").build());
        engine.discover(DB1, ALICE);
        await().until(() -> backend.nodes().alive(Duration.ofSeconds(5)).stream()
                .anyMatch(n -> n.command().equals("discover")));
        engine.close();
        assertThat(backend.nodes().alive(Duration.ofMinutes(1))).isEmpty();
    }

    @Test
    void namesWhatIsMissing() {
        assertThatThrownBy(() -> OrchestratorEngine.builder().gateway(gateway).build())
                .hasMessageContaining("backend(..)");
        assertThatThrownBy(() -> OrchestratorEngine.builder().backend(backend).build())
                .hasMessageContaining("credentials(..)");
    }

    @Test
    void knowsWhoItIs() {
        OrchestratorEngine engine = engine("a", backend);
        assertThat(engine.node().hostname()).isEqualTo("a");
        assertThat(engine.node().token()).hasSize(32);
        assertThat(engine.node().version()).matches("[0-9]+\\..*");
        assertThat(engine.node().backend()).isEqualTo("memory");
        OrchestratorEngine unnamed = keep(
                OrchestratorEngine.builder().backend(backend).gateway(gateway).build());
        assertThat(unnamed.node().hostname()).isNotBlank();
    }

    private List<Boolean> backendNews() {
        return events.stream()
                .filter(BackendChanged.class::isInstance)
                .map(e -> ((BackendChanged) e).available())
                .toList();
    }

    private static Set<Thread> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("orc-"))
                .collect(Collectors.toSet());
    }

    private OrchestratorEngine leading(String node) {
        OrchestratorEngine engine = engine(node, backend);
        engine.start();
        await().until(() -> engine.leaderElection().standing() == Standing.LEADING);
        return engine;
    }

    private OrchestratorEngine engine(String node, InMemoryBackend view) {
        return keep(builder(node, view).build());
    }

    private EngineBuilder builder(String node, InMemoryBackend view) {
        return OrchestratorEngine.builder()
                .backend(view)
                .gateway(gateway)
                .config(config(node).build());
    }

    private static OrchestratorConfigBuilder config(String node) {
        return OrchestratorConfig.builder().nodeName(node).pollInterval(Duration.ofMillis(500));
    }

    private OrchestratorEngine keep(OrchestratorEngine engine) {
        made.add(engine);
        return engine;
    }
}
