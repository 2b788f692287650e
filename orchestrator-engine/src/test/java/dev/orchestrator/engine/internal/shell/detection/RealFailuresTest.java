package dev.orchestrator.engine.internal.shell.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.config.DetectionQueries;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.Credentials;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.engine.fake.InMemoryBackend;
import dev.orchestrator.engine.internal.core.analysis.AnalysisPolicy;
import dev.orchestrator.engine.internal.mysql.GatewayOptions;
import dev.orchestrator.engine.internal.mysql.MySqlInstanceGateway;
import dev.orchestrator.engine.internal.shell.discovery.Discovery;
import dev.orchestrator.engine.internal.shell.discovery.Ports;
import dev.orchestrator.engine.internal.shell.leader.Leadership;
import dev.orchestrator.spi.HostnameResolver;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.Ticker;
import dev.orchestrator.testkit.ContinuousWriter;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.TopologyExtension;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Real servers that crash, freeze and only stumble, watched with the default configuration. */
class RealFailuresTest {
    private static final Logger log = LoggerFactory.getLogger(RealFailuresTest.class);

    @RegisterExtension
    final TopologyExtension topology = TopologyExtension.primaryWithReplicas(3);

    private final OrchestratorConfig config =
            OrchestratorConfig.builder().nodeName("test").build();
    private final List<OrchestratorEvent> events = new CopyOnWriteArrayList<>();
    private final List<AuditEntry> audit = new CopyOnWriteArrayList<>();
    private final List<FailureAnalysis> handled = new CopyOnWriteArrayList<>();
    private final MySqlInstanceGateway gateway = new MySqlInstanceGateway(
            new GatewayOptions(
                    "test",
                    config.connectTimeout(),
                    config.sentinelWait(),
                    true,
                    DetectionQueries.NONE,
                    GatewayOptions.Tls.DISABLED),
            key -> new Credentials(DatabaseServer.ORCHESTRATOR_USER, DatabaseServer.ORCHESTRATOR_PASSWORD),
            Ticker.system(),
            InstantSource.system());
    private final CuttableGateway cuttable = new CuttableGateway(gateway);
    private final Leadership leadership = () -> Optional.of(new Leadership.Held(
            new Lease("leader", "test", "token", 1, Duration.ofSeconds(3)),
            System.nanoTime() + Duration.ofSeconds(3).toNanos()));
    private final Discovery discovery = new Discovery(
            config,
            new Ports(
                    cuttable,
                    InMemoryBackend.onSystemClock(),
                    HostnameResolver.identity(),
                    events::add,
                    InstantSource.system(),
                    Ticker.system()),
            leadership);
    private final AnalysisPolicy policy = AnalysisPolicy.of(config);
    private final FailureWatch watch = new FailureWatch(
            new DetectionPorts(
                    discovery,
                    leadership,
                    cuttable,
                    events::add,
                    audit::add,
                    discovery.intents(),
                    discovery.intents()::fences,
                    InstantSource.system()),
            policy,
            new WitnessBook(policy),
            ConfirmerSettings.of(config),
            handled::addAll);

    @BeforeEach
    void discoverAll() {
        discovery.addListener(watch);
        discovery.startLeading();
        await().until(discovery::isLeading);
        discovery.discover(topology.primary().key());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> discovery.current().members().size() == 4
                        && discovery.current().members().stream().allMatch(FleetMember::isReachable));
        // Sentinels are opened after the picture.
        await().pollDelay(Duration.ofMillis(1500)).until(() -> watch.findings().isEmpty());
    }

    @AfterEach
    void close() {
        watch.close();
        discovery.close();
        gateway.close();
    }

    private Duration awaitDead(long from) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> handled.stream().anyMatch(f -> f.code() == AnalysisCode.DEAD_PRIMARY));
        Duration took = Duration.ofNanos(System.nanoTime() - from);
        log.info("dead after {} ms: {}", took.toMillis(), handled.get(0).evidence());
        events.forEach(e -> log.debug("{}", e));
        return took;
    }

    @Test
    void aKilledPrimaryIsFoundDeadInAMoment() {
        try (ContinuousWriter writer = ContinuousWriter.start(topology.primary())) {
            writer.awaitAcknowledged(20, Duration.ofSeconds(10));
            long killed = System.nanoTime();
            topology.primary().kill9();
            assertThat(awaitDead(killed)).isLessThan(Duration.ofSeconds(2));
        }
        assertThat(audit).isEmpty();
    }

    @Test
    void aFrozenPrimaryIsFoundDeadByOneReceiverTest() {
        try (ContinuousWriter writer = ContinuousWriter.start(topology.primary())) {
            writer.awaitAcknowledged(20, Duration.ofSeconds(10));
            long frozen = System.nanoTime();
            topology.primary().freeze();
            assertThat(awaitDead(frozen)).isLessThan(Duration.ofSeconds(6));
        } finally {
            topology.primary().thaw();
        }
        assertThat(audit)
                .singleElement()
                .satisfies(e -> assertThat(e.message()).contains("does not find its source either"));
    }

    @Test
    void aPrimaryThatStumblesIsNotFoundDead() {
        topology.primary().freeze();
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !watch.findings().isEmpty());
        topology.primary().thaw();
        await().atMost(Duration.ofSeconds(10)).until(() -> watch.findings().isEmpty());
        assertThat(handled).isEmpty();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> topology.topology().replicas().stream()
                        .allMatch(r -> "Yes".equals(r.replicaStatus().get("Replica_IO_Running"))));
    }

    @Test
    void aPrimaryThatOnlyWeCannotReachIsNotFoundDead() {
        cuttable.cut(topology.primary().key());
        await().atMost(Duration.ofSeconds(15)).until(() -> !audit.isEmpty());
        await().during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(10))
                .until(() -> handled.isEmpty()
                        && watch.findings().stream().anyMatch(f -> f.code() == AnalysisCode.UNREACHABLE_PRIMARY));
        assertThat(audit)
                .singleElement()
                .satisfies(e -> assertThat(e.message()).contains("it found its source, which lives"));
        assertThat(watch.findings().get(0).evidence())
                .anySatisfy(e -> assertThat(e).contains("has reached its source since the failure began"));
    }
}
