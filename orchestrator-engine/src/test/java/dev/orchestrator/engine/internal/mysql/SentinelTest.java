package dev.orchestrator.engine.internal.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.spi.InstanceGateway;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.server.ServerPackage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@RealServers
class SentinelTest {
    private static final Logger LOG = LoggerFactory.getLogger(SentinelTest.class);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final DatabaseServer server = DatabaseServer.start(ServerPackage.MYSQL_8_0);
    private final MySqlInstanceGateway gateway = Gateways.open();
    private final RecordingListener heard = new RecordingListener();

    @BeforeEach
    void watch() {
        InstanceGateway.Watch watch = gateway.watch(server.key(), heard);
        assertThat(watch).isNotNull();
        awaitWaiting();
    }

    @AfterEach
    void close() {
        gateway.close();
        server.close();
    }

    private void awaitWaiting() {
        await().atMost(LIMIT).until(() -> !sentinels().isEmpty());
    }

    private List<String> sentinels() {
        return server.query("SHOW FULL PROCESSLIST").stream()
                .filter(row -> String.valueOf(row.get("Info")).contains("/* orchestrator sentinel */ SLEEP"))
                .map(row -> String.valueOf(row.get("Id")))
                .toList();
    }

    @Test
    void feelsACrashAtOnceAndWatchesAgainAfterTheRestart() {
        long killed = System.nanoTime();
        server.kill9();
        await().atMost(LIMIT).until(() -> !heard.lostAtNanos.isEmpty());
        Duration felt = Duration.ofNanos(heard.lostAtNanos.get(0) - killed);
        LOG.info("crash felt after {}", felt);
        assertThat(felt).isLessThan(Duration.ofMillis(800));
        assertThat(heard.missed).isEmpty();

        server.startAgain();
        awaitWaiting();
        assertThat(heard.lostAtNanos).hasSize(1);
        server.kill9();
        await().atMost(LIMIT).until(() -> heard.lostAtNanos.size() == 2);
    }

    @Test
    void countsMissedWaitsOfAFrozenServerAndIsQuietWhenItThaws() {
        long frozen = System.nanoTime();
        server.freeze();
        await().atMost(LIMIT).until(() -> heard.missed.size() >= 2);
        Duration suspicion = Duration.ofNanos(heard.missedAtNanos.get(1) - frozen);
        LOG.info("second missed wait after {}", suspicion);
        assertThat(suspicion).isLessThan(Duration.ofMillis(2_500));
        assertThat(heard.missed).startsWith(1, 2);

        server.thaw();
        awaitWaiting();
        List<String> same = sentinels();
        assertThat(heard.lostAtNanos).isEmpty();
        server.freeze();
        int before = heard.missed.size();
        await().atMost(LIMIT).until(() -> heard.missed.size() > before);
        assertThat(heard.missed.get(before)).isEqualTo(1);
        server.thaw();
        awaitWaiting();
        assertThat(sentinels()).isEqualTo(same);
    }

    @Test
    void isNotAlarmedWhenItsQueryOrItsConnectionIsKilled() {
        String id = sentinels().get(0);
        server.execute("KILL QUERY " + id);
        awaitWaiting();
        assertThat(sentinels()).containsExactly(id);
        server.execute("KILL " + id);
        await().atMost(LIMIT).until(() -> !sentinels().isEmpty() && !sentinels().contains(id));
        assertThat(heard.lostAtNanos).isEmpty();
        assertThat(heard.missed).isEmpty();
    }

    @Test
    void feelsAShutdown() {
        server.stop();
        await().atMost(LIMIT).until(() -> !heard.lostAtNanos.isEmpty());
    }

    @Test
    void endsWhenClosed() {
        RecordingListener second = new RecordingListener();
        InstanceGateway.Watch watch = gateway.watch(server.key(), second);
        await().atMost(LIMIT).until(() -> sentinels().size() == 2);
        watch.close();
        await().atMost(LIMIT).until(() -> sentinels().size() == 1);
        server.kill9();
        await().atMost(LIMIT).until(() -> !heard.lostAtNanos.isEmpty());
        assertThat(second.lostAtNanos).isEmpty();
    }

    @Test
    void staysOutOfTheSlowLog() {
        server.execute("SET GLOBAL long_query_time = 0", "SET GLOBAL slow_query_log = 1");
        RecordingListener second = new RecordingListener();
        gateway.watch(server.key(), second);
        await().atMost(LIMIT).until(() -> sentinels().size() == 2);
        String slow = server.queryValue(
                "SELECT VARIABLE_VALUE FROM performance_schema.session_variables WHERE VARIABLE_NAME='slow_query_log_file'");
        assertThat(slow).isNotNull();
        await().during(Duration.ofMillis(1_500))
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(java.nio.file.Path.of(String.valueOf(slow)))
                        .content()
                        .doesNotContain("sentinel */ SLEEP"));
    }
}
