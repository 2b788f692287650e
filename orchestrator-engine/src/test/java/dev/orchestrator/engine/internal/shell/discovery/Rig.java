package dev.orchestrator.engine.internal.shell.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.config.OrchestratorConfigBuilder;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.fake.FakeInstanceGateway;
import dev.orchestrator.engine.fake.InMemoryBackend;
import dev.orchestrator.engine.internal.shell.audit.BackendHealth;
import dev.orchestrator.engine.internal.shell.schedule.ReadingClock;
import dev.orchestrator.spi.Backend;
import dev.orchestrator.spi.InstanceGateway;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.Ticker;
import dev.orchestrator.spi.host.HostnameResolver;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A discovery with everything it needs, on a gateway and a backend of choice. */
final class Rig implements AutoCloseable {
    final List<OrchestratorEvent> events = new CopyOnWriteArrayList<>();
    final Discovery discovery;
    private volatile boolean leads = true;

    Rig(InstanceGateway gateway, Backend backend, UnaryOperator<OrchestratorConfigBuilder> settings) {
        OrchestratorConfig config = settings.apply(quick()).build();
        DiscoveryPorts ports = new DiscoveryPorts(
                gateway,
                backend,
                HostnameResolver.identity(),
                events::add,
                new BackendHealth(events::add, InstantSource.system()),
                new ReadingClock(InstantSource.system(), Ticker.system()),
                Ticker.system());
        Lease lease = new Lease("leader", "test", "token", 1, Duration.ofSeconds(3));
        discovery = new Discovery(
                config,
                ports,
                () -> leads
                        ? Optional.of(new dev.orchestrator.engine.internal.shell.leader.Leadership.Held(
                                lease, System.nanoTime() + 1_000_000_000L))
                        : Optional.empty());
    }

    static Rig onFakes(FakeInstanceGateway gateway, InMemoryBackend backend) {
        return new Rig(gateway, backend, UnaryOperator.identity());
    }

    private static OrchestratorConfigBuilder quick() {
        return OrchestratorConfig.builder()
                .pollInterval(Duration.ofMillis(400))
                .pollTimeout(Duration.ofMillis(300))
                .suspicionInterval(Duration.ofMillis(50));
    }

    Rig lead() {
        discovery.startLeading();
        await().until(discovery::isLeading);
        return this;
    }

    void loseLease() {
        leads = false;
    }

    FleetMember discover(String key) {
        return discovery.discover(InstanceKey.parse(key));
    }

    Fleet fleet() {
        return discovery.current();
    }

    List<String> keys() {
        return fleet().members().stream().map(m -> m.key().toString()).toList();
    }

    FleetMember member(String key) {
        Optional<FleetMember> member = fleet().member(InstanceKey.parse(key));
        assertThat(member).as(key).isPresent();
        return member.get();
    }

    <T extends OrchestratorEvent> List<T> events(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void close() {
        discovery.close();
    }
}
