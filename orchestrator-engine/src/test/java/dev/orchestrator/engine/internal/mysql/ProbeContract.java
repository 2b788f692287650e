package dev.orchestrator.engine.internal.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.config.DetectionQueries;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TopologyExtension;
import dev.orchestrator.testkit.server.ServerFamily;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a poll brings, the same on every server version; subclasses bring a primary with one replica. */
@RealServers
abstract class ProbeContract {
    private MySqlInstanceGateway gateway = Gateways.open();

    abstract TopologyExtension topology();

    private DatabaseServer primary() {
        return topology().primary();
    }

    private DatabaseServer replica() {
        return topology().server(1);
    }

    private boolean isMariaDb() {
        return primary().options().serverPackage().family() == ServerFamily.MARIADB;
    }

    @BeforeEach
    void open() {
        gateway = Gateways.open();
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void readsWhoThePrimaryIsAndWhatItIsSetTo() {
        Instance seen = Gateways.see(gateway, primary());

        String identity = primary().queryValue(isMariaDb() ? "SELECT @@server_uid" : "SELECT @@server_uuid");
        assertThat(seen.serverUuid()).isEqualTo(identity).isNotEmpty();
        assertThat(seen.key()).isEqualTo(primary().key());
        assertThat(seen.version().text()).isEqualTo(primary().queryValue("SELECT VERSION()"));
        assertThat(seen.versionComment()).isEqualTo(primary().queryValue("SELECT @@version_comment"));
        assertThat(seen.serverId()).isEqualTo(Long.parseLong(primary().queryValue("SELECT @@server_id") + ""));
        assertThat(seen.reportedHostname()).isEqualTo(primary().queryValue("SELECT @@hostname"));
        assertThat(seen.reportHost()).isEqualTo("127.0.0.1");
        assertThat(seen.reportPort()).isEqualTo(primary().port());
        assertThat(seen.readOnly()).isFalse();
        assertThat(seen.superReadOnly()).isFalse();
        assertThat(seen.superReadOnlySupported()).isEqualTo(!isMariaDb());
        assertThat(seen.binlogEnabled()).isTrue();
        assertThat(seen.logReplicaUpdates()).isTrue();
        assertThat(seen.binlogFormat()).isEqualTo("ROW");
        assertThat(seen.binlogRowImage()).isEqualTo("FULL");
        assertThat(seen.binlogCoordinates()).isNotNull();
        assertThat(seen.gtidMode()).isEqualTo(isMariaDb() ? "" : "ON");
        assertThat(seen.executedGtids()).isEqualTo(GtidSet.parse(primary().executedGtids()));
        assertThat(seen.executedGtids().isEmpty()).isFalse();
        assertThat(seen.uptime()).isBetween(Duration.ZERO, Duration.ofMinutes(10));
        assertThat(seen.receiverTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(seen.channels()).isEmpty();
        assertThat(seen.group()).isNull();
        assertThat(seen.limitations()).isEmpty();
    }

    @Test
    void findsTheReplicaOfAPrimaryWithItsPort() {
        assertThat(Gateways.see(gateway, primary()).replicas()).singleElement().satisfies(known -> {
            assertThat(known.key()).isEqualTo(replica().key());
            assertThat(known.portAssumed()).isFalse();
            if (!isMariaDb()) {
                assertThat(known.serverUuid()).isEqualTo(replica().queryValue("SELECT @@server_uuid"));
            }
        });
    }

    @Test
    void readsTheChannelOfAReplica() {
        Instance seen = Gateways.see(gateway, replica());

        assertThat(seen.readOnly()).isTrue();
        assertThat(seen.superReadOnly()).isEqualTo(!isMariaDb());
        ReplicationChannel channel = seen.mainChannel().orElseThrow();
        assertThat(channel.name()).isEmpty();
        assertThat(channel.source()).isEqualTo(primary().key());
        assertThat(channel.receiver()).isEqualTo(ReplicationThreadState.RUNNING);
        assertThat(channel.applier()).isEqualTo(ReplicationThreadState.RUNNING);
        assertThat(channel.usesGtid()).isTrue();
        assertThat(channel.autoPosition()).isEqualTo(!isMariaDb());
        assertThat(channel.retrievedGtids()).isEqualTo(GtidSet.parse(primary().executedGtids()));
        assertThat(channel.readCoordinates())
                .isEqualTo(Gateways.see(gateway, primary()).binlogCoordinates());
        assertThat(channel.executedCoordinates()).isEqualTo(channel.readCoordinates());
        assertThat(channel.relayCoordinates()).isNotNull();
        assertThat(channel.lag()).isEqualTo(Duration.ZERO);
        assertThat(channel.configuredDelay()).isEqualTo(Duration.ZERO);
        assertThat(channel.filters()).isEmpty();
        assertThat(channel.user()).isEqualTo(DatabaseServer.REPLICATION_USER);
        assertThat(channel.lastReceiverError()).isEmpty();
        assertThat(channel.lastApplierErrno()).isZero();
        if (!isMariaDb()) {
            assertThat(channel.sourceUuid()).isEqualTo(primary().queryValue("SELECT @@server_uuid"));
        }
    }

    @Test
    void saysWhatAccountsWithoutGrantsCannotSeeAndReadsTheRest() {
        String monitor = isMariaDb()
                ? "GRANT BINLOG MONITOR, SLAVE MONITOR ON *.* TO 'half'@'%'"
                : "GRANT REPLICATION CLIENT ON *.* TO 'half'@'%'";
        primary().execute("CREATE USER 'half'@'%' IDENTIFIED BY 'half-secret'", monitor);
        try (MySqlInstanceGateway half = Gateways.open(Gateways.options(), new Credentials("half", "half-secret"))) {
            for (int poll = 0; poll < 3; poll++) {
                Instance seen = Gateways.see(half, primary());
                assertThat(seen.executedGtids().isEmpty()).isFalse();
                assertThat(seen.binlogCoordinates()).isNotNull();
                assertThat(seen.limitations())
                        .anyMatch(text -> text.contains("process list") && text.contains("PROCESS"))
                        .anyMatch(text -> text.contains("can be watched, cannot be failed over"));
            }
        } finally {
            primary().execute("DROP USER 'half'@'%'");
        }
    }

    @Test
    void aPollIsOneRoundTripOnAHeldConnection() throws IOException {
        for (DatabaseServer server : topology().topology().servers()) {
            try (CountingProxy proxy = new CountingProxy(server.port())) {
                InstanceKey key = new InstanceKey("127.0.0.1", proxy.port());
                gateway.probe(key, Gateways.DEADLINE);
                int before = proxy.requests.get();
                for (int poll = 0; poll < 10; poll++) {
                    assertThat(gateway.probe(key, Gateways.DEADLINE)).isInstanceOf(Observation.Seen.class);
                }
                assertThat(proxy.requests.get() - before).isEqualTo(10);
                assertThat(proxy.connections.get()).isEqualTo(1);
            }
        }
    }

    @Test
    void anAnswerThatCannotBeReadIsAskedForAgainOnANewConnection() throws IOException {
        try (CountingProxy proxy = new CountingProxy(primary().port())) {
            InstanceKey key = new InstanceKey("127.0.0.1", proxy.port());
            gateway.probe(key, Gateways.DEADLINE);
            proxy.spoilsNext.set(true);
            assertThat(gateway.probe(key, Gateways.DEADLINE)).isInstanceOf(Observation.Seen.class);
            assertThat(proxy.connections.get()).isEqualTo(2);
        }
    }

    @Test
    void aServerThatIsNotPolledAnyMoreIsLeftAndFoundAgain() {
        AtomicLong ahead = new AtomicLong();
        String own = "SELECT COUNT(*) FROM information_schema.processlist WHERE user = '"
                + DatabaseServer.ORCHESTRATOR_USER + "' AND id > ";
        String before = primary().queryValue("SELECT CONNECTION_ID()");
        try (MySqlInstanceGateway idle = new MySqlInstanceGateway(
                Gateways.options(),
                key -> Gateways.ORCHESTRATOR,
                () -> System.nanoTime() + ahead.get(),
                InstantSource.system())) {
            Gateways.see(idle, primary());
            idle.server(primary().key()).closeIdle();
            assertThat(primary().queryValue(own + before)).isEqualTo("1");

            ahead.set(Duration.ofMinutes(6).toNanos());
            idle.server(primary().key()).closeIdle();
            await().untilAsserted(
                            () -> assertThat(primary().queryValue(own + before)).isEqualTo("0"));

            Gateways.see(idle, primary());
        }
    }

    @Test
    void anAnswerThatOnlyTricklesInEndsWithTheDeadline() throws IOException {
        try (CountingProxy proxy = new CountingProxy(primary().port())) {
            InstanceKey key = new InstanceKey("127.0.0.1", proxy.port());
            gateway.probe(key, Gateways.DEADLINE);
            proxy.trickling = true;
            Observation observation = gateway.probe(key, Duration.ofMillis(500));
            assertThat(observation)
                    .isInstanceOfSatisfying(
                            Observation.Failed.class,
                            failed -> assertThat(failed.failure().kind()).isEqualTo(ProbeFailure.Kind.TIMEOUT));
            assertThat(observation.latency()).isLessThan(Duration.ofMillis(1_500));
        }
    }

    @Test
    void asksTheOperatorsQueriesApartAndRemembersTheirAnswers() {
        DetectionQueries queries = new DetectionQueries(
                "SELECT 'shop'",
                "",
                "SELECT 'one'",
                "SELECT 'prefer_not'",
                "SELECT nonsense FROM nowhere.at_all",
                "",
                "SELECT @@port",
                "SELECT 7.5",
                "");
        try (MySqlInstanceGateway asking = Gateways.open(Gateways.options(queries), Gateways.ORCHESTRATOR)) {
            Gateways.see(asking, primary());
            Instance seen = Gateways.see(asking, primary());
            assertThat(seen.suggestedClusterAlias()).isEqualTo("shop");
            assertThat(seen.instanceAlias()).isEqualTo("one");
            assertThat(seen.detectedPromotionRule()).isEqualTo(PromotionRule.PREFER_NOT);
            assertThat(seen.environment()).isEqualTo(Integer.toString(primary().port()));
            assertThat(seen.dataCenter()).isEmpty();
            assertThat(seen.limitations())
                    .singleElement()
                    .satisfies(text -> assertThat(text).contains("data center query failed"));

            Instance below = Gateways.see(asking, replica());
            assertThat(below.suggestedClusterAlias()).isEmpty();
            assertThat(below.mainChannel().orElseThrow().lag()).isEqualTo(Duration.ofMillis(7500));
        }
    }

    @Test
    void noticesAnErrorOfTheApplier() {
        DatabaseServer replica = replica();
        List<String> stop = List.of(isMariaDb() ? "STOP SLAVE SQL_THREAD" : stopApplier());
        replica.execute(stop.get(0));
        try {
            ReplicationChannel channel =
                    Gateways.see(gateway, replica).mainChannel().orElseThrow();
            assertThat(channel.applier()).isEqualTo(ReplicationThreadState.STOPPED);
            assertThat(channel.receiver()).isEqualTo(ReplicationThreadState.RUNNING);
            assertThat(channel.lag()).isNull();
        } finally {
            replica.execute(stop.get(0).replace("STOP", "START"));
        }
    }

    private String stopApplier() {
        return primary().options().serverPackage().usesSourceAndReplicaWords()
                ? "STOP REPLICA SQL_THREAD"
                : "STOP SLAVE SQL_THREAD";
    }
}
