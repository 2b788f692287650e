package dev.orchestrator.standalone.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.OrchestratorEngine;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.jooq.options.MySqlBackendOptions;
import dev.orchestrator.spi.Guard;
import dev.orchestrator.spi.InstanceGateway;
import dev.orchestrator.spi.SentinelListener;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.MysqldExtension;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.server.ServerOptions;
import dev.orchestrator.testkit.server.ServerPackage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the fleet of a leader that polls many servers costs a MySQL backend, by the server's own log. */
@RealServers
class StatementBudgetTest {
    private static final Actor TESTER = new Actor("tester", Origin.API, "here");
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int SERVERS = 250;
    private static final int POLLS_PER_STATEMENT = 50;
    private static final int MEASURED_POLLS = 4 * SERVERS;
    private static final Pattern QUERY = Pattern.compile("\\s\\d+ Query\\t(.*)");

    @RegisterExtension
    static final MysqldExtension SERVER = MysqldExtension.of(
            ServerOptions.builder(ServerPackage.MYSQL_8_0).generalLog(true).build());

    /** A server that is well wherever it is asked for. */
    private static final class CalmServers implements InstanceGateway {
        private final AtomicLong polls = new AtomicLong();

        @Override
        public Observation probe(InstanceKey key, Duration deadline) {
            polls.incrementAndGet();
            Instance facts = Instance.builder(key, ServerVersion.parse("8.0.31", "MySQL Community Server"))
                    .serverUuid(UUID.nameUUIDFromBytes(key.toString().getBytes(StandardCharsets.UTF_8))
                            .toString())
                    .reportedHostname(key.hostname())
                    .reportHost(key.hostname())
                    .reportPort(key.port())
                    .build();
            return new Observation.Seen(facts, Instant.now(), Duration.ofMillis(1));
        }

        @Override
        public boolean command(InstanceKey key, Guard guard, InstanceCommand command, Duration timeout) {
            throw new AssertionError("nothing is to be changed: " + key);
        }

        @Override
        public Watch watch(InstanceKey key, SentinelListener listener) {
            return () -> {};
        }

        @Override
        public void release(InstanceKey key) {}

        @Override
        public void close() {}
    }

    private static void awaitPolls(CalmServers servers, int more) {
        long before = servers.polls.get();
        await().atMost(PATIENCE).until(() -> servers.polls.get() >= before + more);
    }

    @Test
    void fiftyPollsCostAtMostOneStatementAndOthersDoingsAreStillSeen() {
        MySqlBackendOptions where = MySqlBackendOptions.builder(SERVER.server().key(), SERVER.newSchema())
                .login(DatabaseServer.ROOT_USER, DatabaseServer.ROOT_PASSWORD)
                .sslMode(MySqlBackendOptions.SslMode.DISABLED)
                .build();
        List<InstanceKey> keys = IntStream.range(0, SERVERS)
                .mapToObj(i -> new InstanceKey("db" + i, 3306))
                .toList();
        try (CalmServers servers = new CalmServers();
                JooqBackend backend = JooqBackend.mysql(where, JooqBackendOptions.forService());
                OrchestratorEngine leader = engine(backend, servers, keys);
                OrchestratorEngine other = engine(backend, servers, List.of())) {
            leader.start();
            await().atMost(PATIENCE)
                    .until(() -> leader.fleet().members().stream()
                                    .filter(FleetMember::isReachable)
                                    .count()
                            == SERVERS);
            await().atMost(PATIENCE)
                    .until(() -> backend.instances().readFleet().members().size() == SERVERS);

            // The last looks at who is stored, which the filling fleet gave cause for.
            awaitPolls(servers, SERVERS);
            String mark = UUID.randomUUID().toString();
            SERVER.server().execute("SELECT 'begin " + mark + "'");
            long before = servers.polls.get();
            awaitPolls(servers, MEASURED_POLLS);
            long polls = servers.polls.get() - before;
            SERVER.server().execute("SELECT 'end " + mark + "'");

            List<String> statements = statementsBetween(mark);
            // A flush more or less may fall into the time that is measured.
            assertThat(statements)
                    .as("%s polls", polls)
                    .hasSizeLessThanOrEqualTo((int) (polls / POLLS_PER_STATEMENT) + 1);
            assertThat(polls).isGreaterThan(SERVERS * 3L);

            other.forget(keys.get(0), TESTER);
            await().atMost(Duration.ofSeconds(4))
                    .until(() -> leader.fleet().member(keys.get(0)).isEmpty());
            other.discover(new InstanceKey("newcomer", 3306), TESTER);
            await().atMost(Duration.ofSeconds(4))
                    .until(() -> leader.fleet()
                            .member(new InstanceKey("newcomer", 3306))
                            .isPresent());
        }
    }

    /** What is written and read of the fleet, but for the mark that comes with the operators' intent. */
    private static List<String> statementsBetween(String mark) {
        List<String> lines = SERVER.server().generalLog();
        int begin = indexOf(lines, "begin " + mark);
        return lines.subList(begin, indexOf(lines, "end " + mark)).stream()
                .map(QUERY::matcher)
                .filter(Matcher::find)
                .map(m -> m.group(1))
                .filter(sql -> sql.contains("`orc_instance") || sql.contains("`orc_cluster`"))
                .filter(sql -> !sql.contains("orc_setting"))
                .map(sql -> sql.substring(0, Math.min(sql.length(), 120)))
                .toList();
    }

    private static int indexOf(List<String> lines, String text) {
        return IntStream.range(0, lines.size())
                .filter(i -> lines.get(i).contains(text))
                .findFirst()
                .orElseThrow();
    }

    private static OrchestratorEngine engine(JooqBackend backend, InstanceGateway servers, List<InstanceKey> seeds) {
        return OrchestratorEngine.builder()
                .backend(backend)
                .gateway(servers)
                .credentials(key -> new Credentials("", ""))
                .hostnameResolver(name -> name)
                .config(OrchestratorConfig.builder()
                        .nodeName(seeds.isEmpty() ? "other" : "leader")
                        .seeds(seeds)
                        .build())
                .build();
    }
}
