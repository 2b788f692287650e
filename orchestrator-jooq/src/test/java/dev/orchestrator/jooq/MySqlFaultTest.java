package dev.orchestrator.jooq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.jooq.options.MySqlBackendOptions;
import dev.orchestrator.spi.InstanceStore.MemberWrite;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.MysqldExtension;
import dev.orchestrator.testkit.TcpProxy;
import dev.orchestrator.testkit.server.ServerOptions;
import dev.orchestrator.testkit.server.ServerPackage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A MySQL backend that is killed, frozen, read-only, missing or closed to us; and what our calls cost it. */
class MySqlFaultTest {
    private static final Pattern QUERY = Pattern.compile("\\s(\\d+) Query\\t(.*)");

    @RegisterExtension
    static final MysqldExtension SERVER = MysqldExtension.of(
            ServerOptions.builder(ServerPackage.MYSQL_8_0).generalLog(true).build());

    private static final JooqBackendOptions QUICK = JooqBackendOptions.builder()
            .poolSize(3)
            .connectTimeout(Duration.ofSeconds(1))
            .connectionWait(Duration.ofSeconds(1))
            .answerTimeout(Duration.ofSeconds(1))
            .build();

    private MySqlTestBackend place;
    private JooqBackend backend;

    @BeforeEach
    void open() {
        place = new MySqlTestBackend(SERVER.server(), SERVER.newSchema());
        backend = place.open(QUICK);
    }

    @AfterEach
    void close() {
        backend.close();
    }

    private static void assertUnavailable(Runnable call, String... words) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        OrchestratorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BACKEND_UNAVAILABLE))
                .hasMessageContainingAll(words);
    }

    private static Duration took(Runnable call) {
        long begin = System.nanoTime();
        call.run();
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /**
     * A pool of one connection, open when this returns: a larger one opens its others in the background, and what it says
     * to the server meanwhile would be counted as ours.
     */
    private JooqBackend openOfOne() {
        JooqBackend one = place.open(QUICK.toBuilder().poolSize(1).build());
        one.ping();
        return one;
    }

    /** The statements that a call sends, by the server's own log. */
    private List<String> statementsOf(Consumer<JooqBackend> call) {
        DatabaseServer server = SERVER.server();
        // The background work of the pool that every test has would be in the log, too.
        backend.close();
        String mark = UUID.randomUUID().toString();
        try (JooqBackend one = openOfOne()) {
            call.accept(one);
            server.execute("SELECT 'begin " + mark + "'");
            call.accept(one);
            server.execute("SELECT 'end " + mark + "'");
        }
        List<String[]> sent = new ArrayList<>();
        Set<String> markers = new HashSet<>();
        boolean between = false;
        for (String line : server.generalLog()) {
            Matcher query = QUERY.matcher(line);
            if (line.contains(mark) && query.find()) {
                between = line.contains("'begin");
                markers.add(query.group(1));
            } else if (between && query.find(0)) {
                sent.add(new String[] {query.group(1), query.group(2)});
            }
        }
        // The connections of the markers say a few things of their own.
        return sent.stream().filter(s -> !markers.contains(s[0])).map(s -> s[1]).toList();
    }

    @Test
    void savingFiveHundredServersIsOneStatement() {
        List<MemberWrite> writes = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            writes.add(new MemberWrite(
                    InstanceStoreContract.seen(new InstanceKey("db" + i, 3306), Samples.AT), i % 2 == 0));
        }
        assertThat(statementsOf(b -> b.instances().save(writes)))
                .singleElement()
                .asString()
                .startsWith("insert into `orc_instance`");
    }

    @Test
    void everyFrequentCallIsOneStatement() {
        Lease lease =
                backend.leases().acquire("leader", "n", Duration.ofHours(1)).orElseThrow();
        assertThat(statementsOf(b -> b.leases().renew(lease))).hasSize(1);
        assertThat(statementsOf(b -> b.leases().acquire("leader", "m", Duration.ofHours(1))))
                .hasSize(1);
        assertThat(statementsOf(b -> b.intents().read())).hasSize(1);
        assertThat(statementsOf(b -> b.locks().extend("token", Duration.ofHours(1))))
                .hasSize(1);
        assertThat(statementsOf(b -> b.instances().readFleet())).hasSize(3);
    }

    /** Counted as the server counts, with all that driver and pool add. */
    @Test
    void theDriverAndThePoolAddNoStatements() {
        backend.close();
        try (JooqBackend one = openOfOne()) {
            Lease lease =
                    one.leases().acquire("leader", "n", Duration.ofHours(1)).orElseThrow();
            long before = questions();
            for (int i = 0; i < 50; i++) {
                one.leases().renew(lease);
            }
            // The two measurements themselves log in and ask.
            assertThat(questions() - before).isBetween(50L, 60L);
        }
    }

    private static long questions() {
        return Long.parseLong(String.valueOf(SERVER.server()
                .query("SHOW GLOBAL STATUS LIKE 'Questions'")
                .get(0)
                .get("Value")));
    }

    @Test
    void openingACurrentSchemaIsAFewStatements() {
        backend.close();
        long before = questions();
        place.open(JooqBackendOptions.forCommand()).close();
        assertThat(questions() - before).isLessThan(15);
    }

    @Test
    void survivesTheServersDeathUnderUse() throws Exception {
        Lease lease =
                backend.leases().acquire("leader", "n", Duration.ofHours(1)).orElseThrow();
        SERVER.server().kill9();
        assertThat(took(() -> assertUnavailable(() -> backend.leases().renew(lease), "mysql at 127.0.0.1:", "renew")))
                .isLessThan(Duration.ofSeconds(6));
        assertUnavailable(backend::ping, "no connection");
        assertUnavailable(() -> place.open(QUICK), "open the backend", "check that the backend runs");
        SERVER.server().startAgain();
        await().atMost(20, TimeUnit.SECONDS)
                .ignoreException(OrchestratorException.class)
                .until(() -> backend.leases().renew(lease));
    }

    @Test
    void aSingleConnectionSurvivesTheServersDeathToo() {
        try (JooqBackend command = place.open(JooqBackendOptions.forCommand())) {
            command.ping();
            SERVER.server().kill9();
            assertUnavailable(command::ping, "ping");
            SERVER.server().startAgain();
            command.ping();
            command.intents().read();
        }
    }

    @Test
    void doesNotHangOnAFrozenServer() {
        SERVER.server().freeze();
        try {
            assertThat(took(() -> assertUnavailable(backend::ping, "ping"))).isLessThan(Duration.ofSeconds(5));
            assertThat(took(() -> assertUnavailable(() -> place.open(QUICK), "open the backend")))
                    .isLessThan(Duration.ofSeconds(5));
        } finally {
            SERVER.server().thaw();
        }
        await().atMost(20, TimeUnit.SECONDS)
                .ignoreException(OrchestratorException.class)
                .untilAsserted(backend::ping);
    }

    @Test
    void saysThatTheServerIsReadOnlyAndGoesOnWhenItIsNot() {
        SERVER.server().execute("SET GLOBAL super_read_only = 1");
        try {
            assertUnavailable(
                    () -> backend.leases().acquire("leader", "n", Duration.ofHours(1)),
                    "take the lease leader",
                    "read only",
                    "make it writable");
            backend.intents().read();
        } finally {
            SERVER.server().execute("SET GLOBAL super_read_only = 0", "SET GLOBAL read_only = 0");
        }
        assertThat(backend.leases().acquire("leader", "n", Duration.ofHours(1))).isPresent();
    }

    @Test
    void saysWhatIsWrongWithAnAccountWithoutShowingItsPassword() {
        MySqlBackendOptions wrong =
                place.where().toBuilder().login("root", "s3cret-wrong").build();
        assertThat(wrong.toString()).doesNotContain("s3cret");
        assertUnavailable(() -> JooqBackend.mysql(wrong, QUICK), "access denied", "check user, password and grants");
        try {
            JooqBackend.mysql(wrong, QUICK).close();
        } catch (OrchestratorException e) {
            for (Throwable t = e; t != null; t = t.getCause()) {
                assertThat(t.toString()).doesNotContain("s3cret");
            }
        }
    }

    @Test
    void saysThatItMayNotMakeTheSchema() {
        SERVER.server()
                .execute(
                        "CREATE USER poor IDENTIFIED BY 'p'",
                        "GRANT SELECT ON " + place.schema() + ".* TO poor",
                        "CREATE DATABASE empty_one",
                        "GRANT SELECT ON empty_one.* TO poor");
        MySqlBackendOptions.Builder poor = MySqlBackendOptions.builder(
                        SERVER.server().key(), "empty_one")
                .login("poor", "p")
                .sslMode(MySqlBackendOptions.SslMode.DISABLED);
        assertUnavailable(
                () -> JooqBackend.mysql(poor.build(), QUICK), "create or upgrade the schema", "access denied");
        assertUnavailable(
                () -> JooqBackend.mysql(
                        MySqlBackendOptions.builder(SERVER.server().key(), "missing_one")
                                .login("poor", "p")
                                .sslMode(MySqlBackendOptions.SslMode.DISABLED)
                                .build(),
                        QUICK),
                "access denied");
    }

    @Test
    void followsTheBackendToAnotherServerUnlessThatIsReadOnlyOrGone() {
        try (TcpProxy first = TcpProxy.to(SERVER.server());
                TcpProxy second = TcpProxy.to(SERVER.server())) {
            InstanceKey next = new InstanceKey(second.host(), second.port());
            for (JooqBackendOptions how : List.of(QUICK, JooqBackendOptions.forCommand())) {
                InstanceKey here = new InstanceKey(first.host(), first.port());
                MySqlBackendOptions where = place.where().at(here);
                try (JooqBackend moving = JooqBackend.mysql(where, how)) {
                    moving.ping();
                    second.cut();
                    assertThatThrownBy(() -> moving.moveTo(next)).hasMessageContaining("does not answer");
                    second.heal();
                    SERVER.server().execute("SET GLOBAL read_only = 1");
                    try {
                        assertThatThrownBy(() -> moving.moveTo(next)).hasMessageContaining("read-only");
                    } finally {
                        SERVER.server().execute("SET GLOBAL read_only = 0");
                    }
                    assertThat(moving.address()).contains(here);
                    moving.moveTo(next);
                    assertThat(moving.address()).contains(next);
                    assertThat(moving.describe()).contains(next.toString());
                    first.cut();
                    moving.ping();
                    first.heal();
                }
            }
        }
    }

    @Test
    void repeatsWhatIsHarmlessToRepeatWhenItsConnectionWasDropped() {
        try (TcpProxy proxy = TcpProxy.to(SERVER.server())) {
            MySqlBackendOptions where = place.where().at(new InstanceKey(proxy.host(), proxy.port()));
            for (JooqBackendOptions how : List.of(QUICK, JooqBackendOptions.forCommand())) {
                try (JooqBackend backend = JooqBackend.mysql(where, how)) {
                    backend.ping();
                    proxy.cut();
                    proxy.heal();
                    backend.ping();
                    proxy.cut();
                    proxy.heal();
                    backend.intents().setRecoveriesEnabled(false, StoreContract.ANNE);
                    assertThat(backend.intents().read().recoveriesEnabled()).isFalse();
                }
            }
        }
    }

    @Test
    void givesUpOnAnAnswerThatDoesNotCome() {
        try (TcpProxy proxy = TcpProxy.to(SERVER.server())) {
            MySqlBackendOptions where = place.where().at(new InstanceKey(proxy.host(), proxy.port()));
            try (JooqBackend command = JooqBackend.mysql(
                    where,
                    QUICK.toBuilder().mode(JooqBackendOptions.Mode.SINGLE).build())) {
                command.ping();
                proxy.blackhole();
                assertThat(took(() -> assertUnavailable(command::ping, "no answer", "frozen")))
                        .isBetween(Duration.ofMillis(900), Duration.ofSeconds(3));
                proxy.heal();
                command.ping();
            }
        }
    }

    @Test
    void refusesAnOldServer() {
        try (DatabaseServer old = DatabaseServer.start(ServerPackage.MYSQL_5_7)) {
            MySqlBackendOptions where = place.where().at(old.key());
            assertUnavailable(() -> JooqBackend.mysql(where, QUICK), "5.7", "MySQL 8.0 or MariaDB 10.11");
        }
    }

    @Test
    void makesAMissingDatabase() {
        MySqlBackendOptions fresh = MySqlBackendOptions.builder(SERVER.server().key(), "made_by-us")
                .login(DatabaseServer.ROOT_USER, DatabaseServer.ROOT_PASSWORD)
                .build();
        try (JooqBackend made = JooqBackend.mysql(fresh, JooqBackendOptions.forCommand())) {
            made.ping();
        }
    }

    @Test
    void saysThatAHostIsUnknownOrNobodyListens() {
        MySqlBackendOptions.Builder nowhere =
                MySqlBackendOptions.builder(new InstanceKey("no-such-host.invalid", 3306), "o");
        assertUnavailable(
                () -> JooqBackend.mysql(nowhere.build(), QUICK), "no-such-host.invalid:3306/o", "unknown host");
        MySqlBackendOptions.Builder silent = MySqlBackendOptions.builder(new InstanceKey("127.0.0.1", 1), "o");
        assertUnavailable(
                () -> JooqBackend.mysql(silent.build(), QUICK), "127.0.0.1:1/o", "no connection: Connection refused");
    }

    @Test
    void refusesCallsAfterItWasClosed() {
        backend.close();
        backend.close();
        assertUnavailable(backend::ping, "closed");
        JooqBackend command = place.open(JooqBackendOptions.forCommand());
        command.close();
        command.close();
        assertUnavailable(command::ping, "closed");
    }
}
