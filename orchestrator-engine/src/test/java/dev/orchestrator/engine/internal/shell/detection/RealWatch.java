package dev.orchestrator.engine.internal.shell.detection;

import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.config.DetectionQueries;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.engine.fake.InMemoryBackend;
import dev.orchestrator.engine.internal.core.analysis.AnalysisPolicy;
import dev.orchestrator.engine.internal.core.analysis.DetectionHistoryTracker;
import dev.orchestrator.engine.internal.core.detection.DoubtSettings;
import dev.orchestrator.engine.internal.mysql.GatewayOptions;
import dev.orchestrator.engine.internal.mysql.MySqlInstanceGateway;
import dev.orchestrator.engine.internal.shell.audit.BackendHealth;
import dev.orchestrator.engine.internal.shell.discovery.Discovery;
import dev.orchestrator.engine.internal.shell.discovery.DiscoveryPorts;
import dev.orchestrator.engine.internal.shell.leader.Leadership;
import dev.orchestrator.engine.internal.shell.schedule.ReadingClock;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.Ticker;
import dev.orchestrator.spi.host.HostnameResolver;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.ReplicationTopology;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** Discovery and detection on real servers with the default configuration; nothing is recovered. */
final class RealWatch implements AutoCloseable {
    private final OrchestratorConfig config =
            OrchestratorConfig.builder().nodeName("test").build();
    final List<OrchestratorEvent> events = new CopyOnWriteArrayList<>();
    final List<AuditEntry> audit = new CopyOnWriteArrayList<>();
    final List<FailureAnalysis> handled = new CopyOnWriteArrayList<>();
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
    final CuttableGateway cuttable = new CuttableGateway(gateway);
    private final Leadership leadership = () -> Optional.of(new Leadership.Held(
            new Lease("leader", "test", "token", 1, Duration.ofSeconds(3)),
            System.nanoTime() + Duration.ofSeconds(3).toNanos()));
    private final Discovery discovery = new Discovery(
            config,
            new DiscoveryPorts(
                    cuttable,
                    InMemoryBackend.onSystemClock(),
                    HostnameResolver.identity(),
                    events::add,
                    new BackendHealth(events::add, InstantSource.system()),
                    new ReadingClock(InstantSource.system(), Ticker.system()),
                    Ticker.system()),
            leadership);
    private final AnalysisPolicy policy = AnalysisPolicy.of(config);
    final FailureWatch watch = new FailureWatch(
            new DetectionPorts(
                    discovery,
                    leadership,
                    cuttable,
                    events::add,
                    audit::add,
                    discovery.intents(),
                    discovery.intents()::fences,
                    InstantSource.system(),
                    Ticker.system()),
            policy,
            new DetectionHistoryTracker(policy),
            DoubtSettings.of(config),
            handled::addAll);

    /** Looks at all servers of a topology, until they are known and all is well. */
    void discover(ReplicationTopology topology) {
        discovery.addListener(watch::fleetChanged);
        discovery.startLeading();
        await().until(discovery::isLeading);
        discovery.discover(topology.primary().key());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> discovery.current().members().size()
                                == topology.servers().size()
                        && discovery.current().members().stream().allMatch(FleetMember::isReachable));
        // Sentinels are opened after the snapshot.
        await().during(Duration.ofMillis(1500)).until(() -> watch.findings().isEmpty());
    }

    /** Whether the last reading of each of these replicas shows a channel of this kind. */
    boolean allShow(List<DatabaseServer> replicas, Predicate<ReplicationChannel> kind) {
        return replicas.stream().allMatch(r -> channel(r).filter(kind).isPresent());
    }

    Optional<FleetMember> member(DatabaseServer server) {
        return discovery.current().member(server.key());
    }

    private Optional<ReplicationChannel> channel(DatabaseServer replica) {
        return member(replica).flatMap(FleetMember::facts).flatMap(Instance::mainChannel);
    }

    /** For some seconds the primary is found unreachable, and nothing is handed on. */
    void staysUnconfirmed() {
        await().atMost(Duration.ofSeconds(15))
                .until(() -> watch.findings().stream().anyMatch(f -> f.code() == AnalysisCode.UNREACHABLE_PRIMARY));
        await().during(Duration.ofSeconds(4)).atMost(Duration.ofSeconds(8)).until(handled::isEmpty);
    }

    /** What was found of the primary last. */
    List<String> evidence() {
        return watch.findings().stream()
                .filter(f -> f.code() == AnalysisCode.UNREACHABLE_PRIMARY)
                .flatMap(f -> f.evidence().stream())
                .toList();
    }

    void awaitDead() {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> handled.stream().anyMatch(f -> f.code() == AnalysisCode.DEAD_PRIMARY));
    }

    @Override
    public void close() {
        watch.close();
        discovery.close();
        gateway.close();
    }
}
