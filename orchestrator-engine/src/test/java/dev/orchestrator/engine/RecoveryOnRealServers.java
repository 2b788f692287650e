package dev.orchestrator.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.config.OrchestratorConfigBuilder;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.fake.InMemoryBackend;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.TopologyExtension;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A real topology, the whole engine with its default settings, and a backend in memory. */
abstract class RecoveryOnRealServers {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final Actor TESTER = new Actor("tester", Origin.API, "here");

    @RegisterExtension
    final TopologyExtension topology;

    final List<OrchestratorEvent> events = new CopyOnWriteArrayList<>();
    final InMemoryBackend backend = InMemoryBackend.onSystemClock();
    final OrchestratorEngine engine;

    /** Primaries are recovered. */
    RecoveryOnRealServers(TopologyExtension topology) {
        this(topology, c -> c.primaryRecoveryFilters(List.of("*")));
    }

    RecoveryOnRealServers(TopologyExtension topology, UnaryOperator<OrchestratorConfigBuilder> settings) {
        this(topology, settings, InstantSource.system());
    }

    RecoveryOnRealServers(
            TopologyExtension topology, UnaryOperator<OrchestratorConfigBuilder> settings, InstantSource clock) {
        this.topology = topology;
        this.engine = engine(settings, clock);
    }

    /** An engine on the same backend, not started. */
    final OrchestratorEngine engine(UnaryOperator<OrchestratorConfigBuilder> settings) {
        return engine(settings, InstantSource.system());
    }

    private OrchestratorEngine engine(UnaryOperator<OrchestratorConfigBuilder> settings, InstantSource clock) {
        return OrchestratorEngine.builder()
                .backend(backend)
                .clock(clock)
                .credentials(
                        key -> new Credentials(DatabaseServer.ORCHESTRATOR_USER, DatabaseServer.ORCHESTRATOR_PASSWORD))
                .config(settings.apply(OrchestratorConfig.builder().nodeName("test"))
                        .build())
                .build();
    }

    @BeforeEach
    void watchTheTopology() {
        engine.addListener(events::add);
        engine.start();
        await().atMost(PATIENCE).until(() -> engine.leaderElection().standing() == Standing.LEADING);
        engine.discover(topology.primary().key(), TESTER);
        await().atMost(PATIENCE)
                .until(() -> engine.fleet().members().stream()
                                .filter(FleetMember::isReachable)
                                .count()
                        == topology.topology().servers().size());
    }

    @AfterEach
    void close() {
        engine.close();
    }

    /** Waits until a recovery has ended, which must have succeeded. */
    RecoveryRecord awaitRecovery() {
        await().atMost(PATIENCE)
                .until(() -> events.stream().anyMatch(OrchestratorEvent.RecoveryEnded.class::isInstance));
        RecoveryRecord record = newest();
        assertThat(record.successful()).as("%s", record.errors()).isTrue();
        return record;
    }

    /** The record of the latest recovery. */
    RecoveryRecord newest() {
        return backend.recoveries().find(RecoveryFilter.all(0, 1)).get(0);
    }

    DatabaseServer server(InstanceKey key) {
        return topology.topology().servers().stream()
                .filter(s -> s.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    /** Who was promoted. */
    DatabaseServer successor(RecoveryRecord record) {
        return server(requireNonNull(record.successor()));
    }
}
