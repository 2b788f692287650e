package dev.orchestrator.engine.internal.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ProbeFailure.Kind;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.spi.Guard;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.server.ServerOptions;
import dev.orchestrator.testkit.server.ServerPackage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a poll says of servers that cannot be polled: each a clear reason within the deadline. */
@RealServers
class UnreachableServersTest {
    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final MySqlInstanceGateway gateway = Gateways.open();

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void aNameWithoutAddressIsUnresolvable() {
        ProbeFailure failure = Gateways.fail(gateway, new InstanceKey("no-such-host.invalid", 3306), DEADLINE);
        assertThat(failure.kind()).isEqualTo(Kind.UNRESOLVABLE);
        assertThat(failure.message()).contains("no-such-host.invalid");
    }

    @Test
    void aPortNobodyListensAtRefuses() throws IOException {
        int port;
        try (ServerSocket socket = listen()) {
            port = socket.getLocalPort();
        }
        assertThat(Gateways.fail(gateway, new InstanceKey("127.0.0.1", port), DEADLINE)
                        .kind())
                .isEqualTo(Kind.REFUSED);
        assertThatThrownBy(() -> gateway.command(
                        new InstanceKey("127.0.0.1", port),
                        new Guard("some-uuid", System.nanoTime() + DEADLINE.toNanos()),
                        new InstanceCommand.SetReadOnly(true),
                        DEADLINE))
                .isInstanceOfSatisfying(
                        OrchestratorException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INSTANCE_UNREACHABLE))
                .hasMessageContaining("nothing was sent");
    }

    @Test
    void aPortThatAcceptsAndSaysNothingTimesOutWithinTheDeadline() throws IOException {
        try (ServerSocket silent = listen()) {
            InstanceKey key = new InstanceKey("127.0.0.1", silent.getLocalPort());
            Observation observation = gateway.probe(key, Duration.ofMillis(700));
            assertThat(observation)
                    .isInstanceOfSatisfying(
                            Observation.Failed.class,
                            failed -> assertThat(failed.failure().kind()).isEqualTo(Kind.TIMEOUT));
            assertThat(observation.latency()).isBetween(Duration.ofMillis(600), Duration.ofMillis(1_500));
        }
    }

    @Test
    void aPortThatAnswersSomethingElseIsNotMySqlAndIsQuoted() throws IOException {
        for (String greeting :
                List.of("SSH-2.0-OpenSSH_9.2p1\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "\1\2\3\4\5\6\7")) {
            try (ServerSocket socket = listen()) {
                greetForever(socket, greeting);
                InstanceKey key = new InstanceKey("127.0.0.1", socket.getLocalPort());
                ProbeFailure failure = Gateways.fail(gateway, key, DEADLINE);
                assertThat(failure.kind()).as(greeting).isEqualTo(Kind.NOT_MYSQL);
                assertThat(failure.message()).contains(greeting.startsWith("\1") ? "......." : greeting.strip());
            }
        }
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static void greetForever(ServerSocket socket, String greeting) {
        Thread thread = new Thread(() -> {
            List<Socket> kept = new java.util.ArrayList<>();
            while (!socket.isClosed()) {
                try {
                    Socket client = socket.accept();
                    kept.add(client);
                    client.getOutputStream().write(greeting.getBytes(StandardCharsets.ISO_8859_1));
                    client.getOutputStream().flush();
                } catch (IOException e) {
                    return;
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void aServerThatRefusesTheAccountHasAnswered() {
        try (DatabaseServer server = DatabaseServer.start(ServerPackage.MYSQL_8_0);
                MySqlInstanceGateway wrong =
                        Gateways.open(Gateways.options(), new Credentials("orchestrator", "wr0ng-pw"))) {
            ProbeFailure failure = Gateways.fail(wrong, server.key(), DEADLINE);
            assertThat(failure.kind()).isEqualTo(Kind.ACCESS_DENIED);
            assertThat(failure.serverAnswered()).isTrue();
            assertThat(failure.message()).contains("1045").doesNotContain("wr0ng-pw");
        }
    }

    @Test
    void aServerWithoutAConnectionLeftHasAnswered() throws Exception {
        ServerOptions options = ServerOptions.builder(ServerPackage.MYSQL_8_0)
                .line("max_connections = 1")
                .build();
        try (DatabaseServer server = DatabaseServer.start(options);
                Connection only = server.connect("repl", "repl");
                Connection spareOfAdministrators = server.connect()) {
            assertThat(only.isValid(1) && spareOfAdministrators.isValid(1)).isTrue();
            ProbeFailure failure = Gateways.fail(gateway, server.key(), DEADLINE);
            assertThat(failure.kind()).isEqualTo(Kind.TOO_MANY_CONNECTIONS);
            assertThat(failure.serverAnswered()).isTrue();
        }
    }

    @Test
    void anAccountThatMaySeeNoReplicationIsToldSo() {
        try (DatabaseServer server = DatabaseServer.start(ServerPackage.MYSQL_8_0)) {
            server.execute("CREATE USER 'blind'@'%' IDENTIFIED BY 'blind'");
            try (MySqlInstanceGateway blind = Gateways.open(Gateways.options(), new Credentials("blind", "blind"))) {
                ProbeFailure failure = Gateways.fail(blind, server.key(), DEADLINE);
                assertThat(failure.kind()).isEqualTo(Kind.STATEMENT_REFUSED);
                assertThat(failure.message()).contains("REPLICATION CLIENT");
                server.execute("GRANT REPLICATION CLIENT ON *.* TO 'blind'@'%'");
            }
        }
    }

    @Test
    void aServerThatIsKilledFrozenAndRestartedIsToldApartAndSeenAgainAtOnce() {
        try (DatabaseServer server = DatabaseServer.start(ServerPackage.MYSQL_8_0)) {
            Instance before = Gateways.see(gateway, server);
            server.freeze();
            // The signal may take a moment to reach all threads of the server.
            await().atMost(LIMIT)
                    .until(() ->
                            gateway.probe(server.key(), Duration.ofMillis(500)) instanceof Observation.Failed failed
                                    && failed.failure().kind() == Kind.TIMEOUT);
            server.thaw();
            assertThat(Gateways.see(gateway, server)).isNotNull();

            server.kill9();
            assertThat(Gateways.fail(gateway, server.key(), DEADLINE).kind()).isEqualTo(Kind.REFUSED);
            server.startAgain();
            assertThat(Gateways.see(gateway, server).serverUuid()).isEqualTo(before.serverUuid());

            // The held connection is stale now, which is nobody's concern.
            server.restart();
            assertThat(Gateways.see(gateway, server).serverUuid()).isEqualTo(before.serverUuid());
        }
    }

    @Test
    void leavesNoConnectionsAndNoThreadsBehind() {
        try (DatabaseServer server = DatabaseServer.start(ServerPackage.MYSQL_8_0)) {
            Set<String> before = threads();
            MySqlInstanceGateway closing = Gateways.open();
            Gateways.see(closing, server);
            Gateways.tell(closing, server, new InstanceCommand.SetReadOnly(false));
            closing.watch(server.key(), new RecordingListener());
            assertThat(server.query("SHOW PROCESSLIST")).anyMatch(row -> "orchestrator".equals(row.get("User")));
            closing.close();
            closing.close();

            await().atMost(LIMIT)
                    .until(() -> server.query("SHOW PROCESSLIST").stream()
                            .noneMatch(row -> "orchestrator".equals(row.get("User"))));
            await().atMost(LIMIT).until(() -> before.containsAll(threads()));
            assertThatThrownBy(() -> closing.probe(server.key(), DEADLINE))
                    .isInstanceOfSatisfying(
                            OrchestratorException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_RUNNING));
        }
    }

    private static Set<String> threads() {
        Stream<String> names = Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("orc-gateway") || name.startsWith("mysql-cj"));
        return names.collect(Collectors.toCollection(ConcurrentHashMap::newKeySet));
    }
}
