package dev.orchestrator.standalone.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.event.OrchestratorEvent.RecoveryEnded;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryRequest;
import dev.orchestrator.engine.OrchestratorEngine;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.testkit.ContinuousWriter;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TopologyExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole engine: a real topology, a real backend, and a primary that is killed under load. */
@RealServers
class EngineOnRealServersTest {
    private static final Actor TESTER = new Actor("tester", Origin.API, "here");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    final TopologyExtension topology = TopologyExtension.primaryWithReplicas(3);

    @TempDir
    private Path folder;

    private final List<OrchestratorEvent> events = new CopyOnWriteArrayList<>();
    private JooqBackend backend;

    @BeforeEach
    void openBackend() {
        backend = openAnother();
    }

    @AfterEach
    void closeBackend() {
        backend.close();
    }

    @Test
    void theWholeTopologyIsFoundFromOneSeedWithoutLeading() {
        try (OrchestratorEngine engine = engine(backend, "command")) {
            InstanceKey seed = topology.server(2).key();
            assertThat(engine.discover(seed, TESTER).isReachable()).isTrue();
            assertThat(engine.fleet().members()).hasSize(4).allMatch(FleetMember::isReachable);
            Cluster cluster = engine.cluster(seed.toString());
            assertThat(cluster.primary()).isEqualTo(topology.primary().key());
            assertThat(engine.cluster(cluster.name())).isEqualTo(cluster);
            assertThat(engine.analyses()).isEmpty();
            Decision decision =
                    engine.planRecovery(new RecoveryRequest(topology.primary().key(), null, TESTER));
            assertThat(decision.refusal()).isPresent();
            assertThatThrownBy(() -> engine.cluster("no such cluster"))
                    .isInstanceOf(OrchestratorException.class)
                    .hasMessageContaining("no such cluster");
        }
        assertThat(backend.audit().read(null, 0, 10)).anyMatch(e -> e.type().equals("discover"));
    }

    @Test
    void aKilledPrimaryIsReplacedByAReplicaAndTheOthersFollow() {
        try (OrchestratorEngine engine = engine(backend, "node-a")) {
            engine.addListener(events::add);
            lead(engine);
            discoverAll(engine);
            try (ContinuousWriter writer = ContinuousWriter.start(topology.primary())) {
                writer.awaitAcknowledged(200, PATIENCE);
                topology.primary().kill9();
                RecoveryRecord recovery = awaitRecovery();
                assertThat(recovery.successful()).as("%s", recovery.errors()).isTrue();
                DatabaseServer promoted = successor(recovery);
                writer.switchTo(promoted);
                writer.awaitAcknowledgedBy(promoted.key(), PATIENCE);
                assertOthersFollow(promoted);
                List<ContinuousWriter.Write> missing = writer.missingOn(promoted);
                assertThat(missing.isEmpty()
                                || recovery.lostGtids() != null
                                || !recovery.lossNote().isEmpty())
                        .as("lost %s; recorded %s, %s", missing, recovery.lostGtids(), recovery.lossNote())
                        .isTrue();
            }
            await().atMost(PATIENCE)
                    .until(() ->
                            engine.cluster(topology.server(1).key().toString()).primary() != null
                                    && !topology.primary()
                                            .key()
                                            .equals(engine.cluster(topology.server(1)
                                                            .key()
                                                            .toString())
                                                    .primary()));
        }
    }

    @Test
    void theNextLeaderRecoversWhatFailedWhenTheLeaderHadGone() {
        try (JooqBackend otherBackend = openAnother();
                OrchestratorEngine second = engine(otherBackend, "node-b")) {
            try (OrchestratorEngine first = engine(backend, "node-a")) {
                lead(first);
                discoverAll(first);
                second.addListener(events::add);
                second.start();
                assertThat(second.leaderElection().standing()).isEqualTo(Standing.NOT_LEADING);
                await().atMost(PATIENCE).until(() -> second.fleet().members().size() == 4);
                topology.primary().freeze();
            }
            topology.primary().kill9();
            RecoveryRecord recovery = awaitRecovery();
            assertThat(recovery.successful()).as("%s", recovery.errors()).isTrue();
            assertOthersFollow(successor(recovery));
        }
    }

    @Test
    void aLeaderThatIsStoppedWhileThePrimaryDiesDoesNoHarmWhenItGoesOn() throws Exception {
        try (OrchestratorEngine second = engine(backend, "node-b");
                EngineJvm first = EngineJvm.start(
                        EngineProcess.class,
                        folder.resolve("backend.db").toString(),
                        "node-a",
                        topology.primary().key().toString())) {
            await().atMost(PATIENCE).until(() -> first.lastSaid().equals("LEADING 4"));
            second.addListener(events::add);
            second.start();
            first.signal("STOP");
            topology.primary().kill9();
            RecoveryRecord recovery = awaitRecovery();
            assertThat(recovery.successful()).as("%s", recovery.errors()).isTrue();
            DatabaseServer promoted = successor(recovery);
            assertOthersFollow(promoted);
            int before = first.said().size();
            first.signal("CONT");
            await().atMost(PATIENCE).until(() -> first.said().size() > before + 50);
            assertThat(first.said().stream().skip(before + 1)).noneMatch(l -> l.startsWith("LEADING"));
            assertThat(second.leaderElection().standing()).isEqualTo(Standing.LEADING);
            assertThat(backend.recoveries().find(RecoveryFilter.all(0, 10)))
                    .extracting(RecoveryRecord::uid)
                    .containsExactly(recovery.uid());
            assertOthersFollow(promoted);
        }
    }

    private void assertOthersFollow(DatabaseServer promoted) {
        assertThat(promoted.queryValue("SELECT @@super_read_only")).isEqualTo("0");
        for (int i = 1; i < 4; i++) {
            DatabaseServer other = topology.server(i);
            if (!other.key().equals(promoted.key())) {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(other.replicaStatus())
                                .containsEntry("Source_Port", Integer.toString(promoted.port()))
                                .containsEntry("Replica_IO_Running", "Yes")
                                .containsEntry("Replica_SQL_Running", "Yes"));
            }
        }
    }

    private RecoveryRecord awaitRecovery() {
        await().atMost(PATIENCE).until(() -> events.stream().anyMatch(RecoveryEnded.class::isInstance));
        return events.stream()
                .filter(RecoveryEnded.class::isInstance)
                .map(e -> ((RecoveryEnded) e).recovery())
                .findFirst()
                .orElseThrow();
    }

    private void discoverAll(OrchestratorEngine engine) {
        engine.discover(topology.primary().key(), TESTER);
        await().atMost(PATIENCE)
                .until(() -> engine.fleet().members().stream()
                                .filter(FleetMember::isReachable)
                                .filter(m -> m.facts().map(Instance::serverUuid).isPresent())
                                .count()
                        == 4);
    }

    private static void lead(OrchestratorEngine engine) {
        engine.start();
        await().atMost(PATIENCE).until(() -> engine.leaderElection().standing() == Standing.LEADING);
    }

    private DatabaseServer successor(RecoveryRecord recovery) {
        InstanceKey key = recovery.successor();
        return topology.topology().servers().stream()
                .filter(s -> s.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new AssertionError("not one of ours: " + key));
    }

    private JooqBackend openAnother() {
        return JooqBackend.sqlite(folder.resolve("backend.db"), JooqBackendOptions.forService());
    }

    static OrchestratorEngine engine(JooqBackend backend, String node) {
        return OrchestratorEngine.builder()
                .backend(backend)
                .credentials(
                        key -> new Credentials(DatabaseServer.ORCHESTRATOR_USER, DatabaseServer.ORCHESTRATOR_PASSWORD))
                .config(OrchestratorConfig.builder()
                        .nodeName(node)
                        .primaryRecoveryFilters(List.of("*"))
                        .build())
                .build();
    }
}
