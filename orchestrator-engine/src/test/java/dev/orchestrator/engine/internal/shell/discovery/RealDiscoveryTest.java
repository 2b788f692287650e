package dev.orchestrator.engine.internal.shell.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.event.OrchestratorEvent.InstanceSuspected;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.engine.fake.InMemoryBackend;
import dev.orchestrator.engine.internal.mysql.GatewayOptions;
import dev.orchestrator.engine.internal.mysql.MySqlInstanceGateway;
import dev.orchestrator.spi.InstanceGateway;
import dev.orchestrator.spi.Ticker;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.ReplicationTopology;
import dev.orchestrator.testkit.TopologyExtension;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real servers: a primary with two replicas, one of which has a replica of its own. */
@RealServers
class RealDiscoveryTest {
    @RegisterExtension
    static final TopologyExtension servers =
            TopologyExtension.of(ReplicationTopology.tree(ReplicationTopology.NO_SOURCE, 0, 0, 1));

    private final InstanceGateway gateway = new MySqlInstanceGateway(
            GatewayOptions.of(OrchestratorConfig.builder().build()),
            key -> new Credentials(DatabaseServer.ORCHESTRATOR_USER, DatabaseServer.ORCHESTRATOR_PASSWORD),
            Ticker.system(),
            InstantSource.system());
    private final Rig rig = new Rig(
            gateway,
            InMemoryBackend.onSystemClock(),
            c -> c.pollInterval(Duration.ofSeconds(2)).pollTimeout(Duration.ofSeconds(2)));

    /** A source lists only replicas that are connected, and they need a second after another test restarted it. */
    @BeforeEach
    void awaitRegistrations() {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> servers.server(0).query("SHOW REPLICAS").size() == 2
                        && servers.server(1).query("SHOW REPLICAS").size() == 1);
    }

    @AfterEach
    void close() {
        rig.close();
        gateway.close();
    }

    private static InstanceKey key(int server) {
        return servers.server(server).key();
    }

    private FleetMember member(int server) {
        return rig.member(key(server).toString());
    }

    private static List<InstanceKey> allKeys() {
        return servers.topology().servers().stream()
                .map(DatabaseServer::key)
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void findsTheWholeTopologyFromAnyServerInIt(int seed) {
        rig.lead();

        rig.discover(key(seed).toString());

        assertThat(rig.fleet().members())
                .describedAs(
                        "the primary names %s", rig.fleet().instance(key(0)).map(i -> i.replicas()))
                .extracting(FleetMember::key)
                .isEqualTo(allKeys());
        assertThat(rig.fleet().clusters())
                .singleElement()
                .satisfies(c -> assertThat(c.primary()).isEqualTo(key(0)));
        assertThat(rig.fleet().replicasOf(key(1))).extracting(FleetMember::key).containsExactly(key(3));
    }

    @Test
    void knowsLocalhostAsAnotherNameOfAServer() {
        rig.lead().discover(key(0).toString());

        FleetMember seen = rig.discover("localhost:" + key(0).port());

        assertThat(seen.key()).isEqualTo(key(0));
        assertThat(rig.fleet().members()).hasSize(4);
    }

    @Test
    void feelsTheDeathOfThePrimaryInMillisecondsAndSeesItsReplicasLoseIt() {
        rig.lead().discover(key(2).toString());
        awaitSentinels();

        long killed = System.nanoTime();
        servers.primary().kill9();
        await().pollInterval(Duration.ofMillis(5)).until(() -> !member(0).isReachable());
        Duration felt = Duration.ofNanos(System.nanoTime() - killed);

        assertThat(felt).isLessThan(Duration.ofMillis(500));
        await().pollInterval(Duration.ofMillis(5))
                .until(() -> List.of(1, 2).stream().allMatch(i -> losesSource(member(i))));
        assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(2));

        servers.primary().startAgain();
        await().atMost(Duration.ofSeconds(20)).until(() -> member(0).isReachable());
    }

    @Test
    void suspectsAFrozenPrimaryWithinThreeSeconds() {
        rig.lead().discover(key(0).toString());
        awaitSentinels();

        long frozen = System.nanoTime();
        servers.primary().freeze();
        try {
            await().pollInterval(Duration.ofMillis(5)).until(() -> !member(0).isReachable());
            assertThat(Duration.ofNanos(System.nanoTime() - frozen)).isLessThan(Duration.ofSeconds(5));
            assertThat(Objects.requireNonNull(member(0).failure()).kind()).isEqualTo(ProbeFailure.Kind.TIMEOUT);
            assertThat(rig.events(InstanceSuspected.class)).isNotEmpty();
        } finally {
            servers.primary().thaw();
        }
        await().until(() -> member(0).isReachable());
    }

    private static boolean losesSource(FleetMember replica) {
        return replica.facts().orElseThrow().mainChannel().orElseThrow().receiver()
                == ReplicationThreadState.CONNECTING;
    }

    /** The sentinels of both sources hold their waits; a server's process list shows them. */
    private void awaitSentinels() {
        for (int source : List.of(0, 1)) {
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> "1"
                            .equals(servers.server(source)
                                    .queryValue("select count(*) from information_schema.processlist"
                                            + " where info like '%sentinel%' and info not like '%processlist%'")));
        }
        assertThat(gateway.probe(key(0), Duration.ofSeconds(2))).isInstanceOf(Observation.Seen.class);
    }
}
