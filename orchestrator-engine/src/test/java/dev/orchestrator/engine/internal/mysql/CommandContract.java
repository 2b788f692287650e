package dev.orchestrator.engine.internal.mysql;

import static dev.orchestrator.engine.internal.mysql.Gateways.see;
import static dev.orchestrator.engine.internal.mysql.Gateways.tell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.channel.ChannelOptions;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.command.CommandEffect;
import dev.orchestrator.spi.Guard;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TopologyExtension;
import dev.orchestrator.testkit.server.ServerFamily;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every command, the same on every server version; subclasses bring a primary with two replicas. */
@RealServers
abstract class CommandContract {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final AtomicInteger TABLES = new AtomicInteger();

    private MySqlInstanceGateway gateway = Gateways.open();

    abstract TopologyExtension topology();

    private DatabaseServer primary() {
        return topology().primary();
    }

    private DatabaseServer replica() {
        return topology().server(1);
    }

    private DatabaseServer sibling() {
        return topology().server(2);
    }

    private boolean isMariaDb() {
        return primary().options().serverPackage().family() == ServerFamily.MARIADB;
    }

    @BeforeEach
    void heal() {
        gateway = Gateways.open();
        setReadOnly(primary(), false);
        for (DatabaseServer server : topology().topology().replicas()) {
            setReadOnly(server, true);
            server.replicateFrom(primary());
        }
        primary()
                .execute(
                        "CREATE USER IF NOT EXISTS 'app'@'%' IDENTIFIED BY 'app'",
                        "GRANT ALL ON testkit.* TO 'app'@'%'");
        topology().topology().awaitReplication(LIMIT);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private void setReadOnly(DatabaseServer server, boolean on) {
        server.execute("SET GLOBAL " + (isMariaDb() ? "read_only = " : "super_read_only = ") + (on ? 1 : 0));
        if (!on) {
            server.execute("SET GLOBAL read_only = 0");
        }
    }

    private ReplicationChannel channel(DatabaseServer server) {
        return see(gateway, server).mainChannel().orElseThrow();
    }

    private void awaitReceiver(DatabaseServer server, ReplicationThreadState state) {
        await().atMost(LIMIT).until(() -> channel(server).receiver() == state);
    }

    private String newTable() {
        String table = "testkit.c" + TABLES.incrementAndGet();
        primary().execute("CREATE TABLE " + table + " (id INT PRIMARY KEY)");
        return table;
    }

    @Test
    void stopsAndStartsTheReceiverAlone() {
        assertThat(tell(gateway, replica(), new InstanceCommand.StopReceiver("")))
                .isTrue();
        assertThat(channel(replica()).receiver()).isEqualTo(ReplicationThreadState.STOPPED);
        assertThat(channel(replica()).applier()).isEqualTo(ReplicationThreadState.RUNNING);
        assertThat(tell(gateway, replica(), new InstanceCommand.StopReceiver("")))
                .isTrue();

        assertThat(tell(gateway, replica(), new InstanceCommand.StartReceiver("")))
                .isTrue();
        awaitReceiver(replica(), ReplicationThreadState.RUNNING);
        assertThat(tell(gateway, replica(), new InstanceCommand.RestartReceiver("")))
                .isTrue();
        awaitReceiver(replica(), ReplicationThreadState.RUNNING);
    }

    @Test
    void stopsAndStartsReplicationAsAWhole() {
        tell(gateway, replica(), new InstanceCommand.StopReplication(""));
        assertThat(channel(replica()).receiver()).isEqualTo(ReplicationThreadState.STOPPED);
        assertThat(channel(replica()).applier()).isEqualTo(ReplicationThreadState.STOPPED);

        tell(gateway, replica(), new InstanceCommand.StartApplier(""));
        assertThat(channel(replica()).receiver()).isEqualTo(ReplicationThreadState.STOPPED);
        assertThat(channel(replica()).applier()).isEqualTo(ReplicationThreadState.RUNNING);

        tell(gateway, replica(), new InstanceCommand.StartReplication(""));
        awaitReceiver(replica(), ReplicationThreadState.RUNNING);
    }

    @Test
    void theGuardRefusesAnotherServerAndNothingChanges() {
        Guard another = new Guard(
                see(gateway, primary()).serverUuid(),
                System.nanoTime() + Duration.ofMinutes(1).toNanos());

        assertThatThrownBy(
                        () -> gateway.command(replica().key(), another, new InstanceCommand.StopReplication(""), LIMIT))
                .isInstanceOfSatisfying(
                        OrchestratorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.GUARD_REFUSED))
                .hasMessageContaining(replica().key().toString())
                .hasMessageContaining(see(gateway, replica()).serverUuid());
        assertThat(channel(replica()).isReplicating()).isTrue();
    }

    @Test
    void theGuardRefusesWhatComesTooLateHereAndOnTheServer() throws SQLException, ServerFailure {
        String uuid = see(gateway, replica()).serverUuid();
        Guard past = new Guard(uuid, System.nanoTime() - 1);
        assertThatThrownBy(() -> gateway.command(replica().key(), past, new InstanceCommand.StopReplication(""), LIMIT))
                .isInstanceOfSatisfying(
                        OrchestratorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.GUARD_REFUSED))
                .hasMessageContaining("nothing was sent");

        // As a process that was paused between check and send: the deadline has passed when the server reads it.
        MonitoredServer server = gateway.server(replica().key());
        Deadline deadline = Deadline.in(System::nanoTime, LIMIT);
        try (CommandConnection connection = server.borrow(deadline)) {
            InstanceCommandRunner late = new InstanceCommandRunner(server, connection, past, deadline);
            assertThatThrownBy(() -> late.run(new InstanceCommand.StopReplication("")))
                    .isInstanceOfSatisfying(
                            OrchestratorException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.GUARD_REFUSED))
                    .hasMessageContaining("was over");
        }
        assertThat(channel(replica()).isReplicating()).isTrue();
    }

    @Test
    void waitsForTransactionsAndSaysNoWhenTheyDoNotCome() {
        GtidSet there = see(gateway, primary()).executedGtids();
        assertThat(tell(gateway, replica(), new InstanceCommand.AwaitExecuted(there)))
                .isTrue();

        tell(gateway, replica(), new InstanceCommand.StopReceiver(""));
        newTable();
        GtidSet more = see(gateway, primary()).executedGtids();
        Guard guard = Gateways.guardFor(gateway, replica());
        InstanceCommand wait = new InstanceCommand.AwaitExecuted(more);
        assertThat(gateway.command(replica().key(), guard, wait, Duration.ofMillis(600)))
                .isFalse();
        assertThat(gateway.command(
                        replica().key(),
                        guard,
                        new InstanceCommand.AwaitExecuted(more.minus(there)),
                        Duration.ofMillis(600)))
                .isFalse();

        CompletableFuture<Boolean> waiting =
                CompletableFuture.supplyAsync(() -> gateway.command(replica().key(), guard, wait, LIMIT));
        tell(gateway, replica(), new InstanceCommand.StartReceiver(""));
        assertThat(waiting.join()).isTrue();
    }

    @Test
    void repointsWithoutLosingWhatWasReceivedAndNotApplied() throws SQLException {
        String table = newTable();
        primary().execute("INSERT INTO " + table + " VALUES (1)");
        topology().topology().awaitReplication(LIMIT);
        tell(gateway, sibling(), new InstanceCommand.StopReceiver(""));
        GtidSet all;
        try (Connection blocker = replica().connect();
                Statement statement = blocker.createStatement()) {
            statement.execute("LOCK TABLES " + table + " READ");
            primary().execute("INSERT INTO " + table + " VALUES (2)", "INSERT INTO " + table + " VALUES (3)");
            all = see(gateway, primary()).executedGtids();
            await().atMost(LIMIT)
                    .until(() -> see(gateway, replica()).receivedGtids().contains(all));
            assertThat(see(gateway, replica()).executedGtids().contains(all)).isFalse();

            tell(gateway, replica(), new InstanceCommand.StopReceiver(""));
            InstanceCommand repoint = new InstanceCommand.Repoint("", sibling().key());
            if (isMariaDb()) {
                assertThatThrownBy(() -> tell(gateway, replica(), repoint))
                        .hasMessageContaining("received transactions that it has not applied");
            } else {
                tell(gateway, replica(), repoint);
                assertThat(channel(replica()).source()).isEqualTo(sibling().key());
                assertThat(channel(replica()).receiver()).isEqualTo(ReplicationThreadState.STOPPED);
                tell(gateway, replica(), new InstanceCommand.StartReceiver(""));
                awaitReceiver(replica(), ReplicationThreadState.RUNNING);
            }
        }
        assertThat(tell(gateway, replica(), new InstanceCommand.AwaitExecuted(all)))
                .isTrue();
        assertThat(replica().queryValue("SELECT COUNT(*) FROM " + table)).isEqualTo("3");
    }

    @Test
    void repointChangesHostAndPortOnlyAndDoesNothingTheSecondTime() {
        stop(replica());
        replica().execute(changeDelay());
        start(replica());
        tell(gateway, replica(), new InstanceCommand.StopReceiver(""));
        var before = replica().replicaStatus();

        InstanceCommand repoint = new InstanceCommand.Repoint("", sibling().key());
        assertThat(tell(gateway, replica(), repoint)).isTrue();
        assertThat(tell(gateway, replica(), repoint)).isTrue();
        tell(gateway, replica(), new InstanceCommand.StartReceiver(""));
        awaitReceiver(replica(), ReplicationThreadState.RUNNING);

        ReplicationChannel channel = channel(replica());
        assertThat(channel.source()).isEqualTo(sibling().key());
        assertThat(channel.applier()).isEqualTo(ReplicationThreadState.RUNNING);
        assertThat(channel.configuredDelay()).isEqualTo(Duration.ofSeconds(1));
        assertThat(channel.usesGtid()).isTrue();
        var after = replica().replicaStatus();
        assertThat(after).containsEntry("Connect_Retry", before.get("Connect_Retry"));
        assertThat(after).containsEntry("Source_User", before.get("Source_User"));
        assertThat(after).containsEntry("Source_SSL_Allowed", before.get("Source_SSL_Allowed"));
        stop(replica());
        replica().execute(changeDelay().replace("= 1", "= 0"));
    }

    private String changeDelay() {
        return primary().options().serverPackage().usesSourceAndReplicaWords()
                ? "CHANGE REPLICATION SOURCE TO SOURCE_DELAY = 1"
                : "CHANGE MASTER TO MASTER_DELAY = 1";
    }

    private void stop(DatabaseServer server) {
        server.execute(server.options().serverPackage().usesSourceAndReplicaWords() ? "STOP REPLICA" : "STOP SLAVE");
    }

    private void start(DatabaseServer server) {
        server.execute(server.options().serverPackage().usesSourceAndReplicaWords() ? "START REPLICA" : "START SLAVE");
    }

    @Test
    void willNotRepointAServerThatReplicatesFromNobody() {
        InstanceCommand repoint = new InstanceCommand.Repoint("", sibling().key());
        assertThatThrownBy(() -> tell(gateway, primary(), repoint))
                .isInstanceOfSatisfying(
                        OrchestratorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.COMMAND_FAILED))
                .hasMessageContaining("replicates from nobody");
    }

    @Test
    void promotesAndTakesTheFormerPrimaryBackAsAReplica() {
        tell(gateway, replica(), new InstanceCommand.StopReplication(""));
        tell(gateway, replica(), new InstanceCommand.ResetReplication(""));
        tell(gateway, replica(), new InstanceCommand.ResetReplication(""));
        assertThat(see(gateway, replica()).channels()).isEmpty();
        tell(gateway, primary(), new InstanceCommand.SetReadOnly(true));
        assertThat(see(gateway, primary()).readOnly()).isTrue();
        assertThat(see(gateway, primary()).superReadOnly()).isEqualTo(!isMariaDb());
        tell(gateway, replica(), new InstanceCommand.SetReadOnly(false));
        Instance promoted = see(gateway, replica());
        assertThat(promoted.readOnly()).isFalse();
        assertThat(promoted.superReadOnly()).isFalse();
        replica().execute("CREATE TABLE testkit.p" + TABLES.incrementAndGet() + " (id INT PRIMARY KEY)");

        InstanceCommand attach =
                new InstanceCommand.AttachTo(replica().key(), Gateways.REPLICATION, ChannelOptions.PLAIN);
        tell(gateway, primary(), attach);
        tell(gateway, primary(), attach);
        assertThat(channel(primary()).isReplicating()).isFalse();
        tell(gateway, primary(), new InstanceCommand.StartReplication(""));
        awaitReceiver(primary(), ReplicationThreadState.RUNNING);
        GtidSet all = see(gateway, replica()).executedGtids();
        assertThat(tell(gateway, primary(), new InstanceCommand.AwaitExecuted(all)))
                .isTrue();
        assertThat(channel(primary()).usesGtid()).isTrue();

        // Back to where the other tests begin.
        tell(gateway, primary(), new InstanceCommand.ResetReplication(""));
        if (isMariaDb()) {
            replica().execute("SET GLOBAL gtid_slave_pos = @@GLOBAL.gtid_current_pos");
        }
    }

    @Test
    void aPasswordIsInNoMessage() {
        String password = "s3cret 'with\\quotes".repeat(20);
        InstanceCommand attach = new InstanceCommand.AttachTo(
                new InstanceKey("a".repeat(250), 3306), new Credentials("somebody", password), ChannelOptions.PLAIN);

        assertThatThrownBy(() -> tell(gateway, sibling(), attach))
                .isInstanceOf(OrchestratorException.class)
                .satisfies(e -> {
                    for (Throwable t = e; t != null; t = t.getCause()) {
                        assertThat(t.toString()).doesNotContain("s3cret").doesNotContain("with\\");
                    }
                });
    }

    @Test
    void theFenceEndsWhoeverHoldsALockAndKillsClientsSpareReplication() throws SQLException {
        String table = newTable();
        try (Connection holder = primary().connect("app", "app");
                Connection other = primary().connect("app", "app");
                Statement statement = holder.createStatement()) {
            statement.execute("LOCK TABLES " + table + " WRITE");
            assertThat(tell(gateway, primary(), new InstanceCommand.SetReadOnly(true)))
                    .isTrue();
            assertThat(see(gateway, primary()).readOnly()).isTrue();
            assertThatThrownBy(() -> statement.execute("INSERT INTO " + table + " VALUES (1)"))
                    .isInstanceOf(SQLException.class);

            assertThat(tell(gateway, primary(), new InstanceCommand.KillClients()))
                    .isTrue();
            assertThat(other.isValid(1)).isFalse();
        }
        assertThat(see(gateway, primary()).replicas()).hasSize(2);
        assertThat(channel(replica()).isReplicating()).isTrue();
    }

    @Test
    void aFenceThatCannotBeSetSaysWhoStandsInTheWay() throws SQLException {
        String table = newTable();
        try (Connection holder = primary().connect();
                Statement statement = holder.createStatement()) {
            statement.execute("LOCK TABLES " + table + " WRITE");
            boolean mayKillRoot = !primary().options().serverPackage().usesSourceAndReplicaWords();
            if (mayKillRoot) {
                assertThat(tell(gateway, primary(), new InstanceCommand.SetReadOnly(true)))
                        .isTrue();
                return;
            }
            Guard guard = Gateways.guardFor(gateway, primary());
            assertThatThrownBy(() -> gateway.command(
                            primary().key(), guard, new InstanceCommand.SetReadOnly(true), Duration.ofSeconds(3)))
                    .isInstanceOfSatisfying(
                            OrchestratorException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.COMMAND_FAILED))
                    .hasMessageContaining("SYSTEM_USER");
        }
    }

    @Test
    void semiSyncIsSwitchedWhereItExistsAndLeftAloneElsewhere() {
        boolean available = see(gateway, primary()).semiSync().available();
        assertThat(tell(gateway, primary(), new InstanceCommand.SetSemiSync(true, false)))
                .isTrue();
        assertThat(see(gateway, primary()).semiSync().sourceEnabled()).isEqualTo(available);
        assertThat(see(gateway, primary()).semiSync().replicaEnabled()).isFalse();

        assertThat(tell(gateway, primary(), new InstanceCommand.SetSemiSync(false, true)))
                .isTrue();
        assertThat(see(gateway, primary()).semiSync().sourceEnabled()).isFalse();
        assertThat(see(gateway, primary()).semiSync().replicaEnabled()).isEqualTo(available);
        tell(gateway, primary(), new InstanceCommand.SetSemiSync(false, false));
    }

    @Test
    void aServerThatDoesNotAnswerInTimeMayHaveCarriedItOut() {
        Guard guard = Gateways.guardFor(gateway, sibling());
        gateway.command(sibling().key(), guard, new InstanceCommand.StopReceiver(""), LIMIT);
        sibling().freeze();
        try {
            assertThatThrownBy(() -> gateway.command(
                            sibling().key(), guard, new InstanceCommand.StartReceiver(""), Duration.ofMillis(300)))
                    .isInstanceOfSatisfying(
                            OrchestratorException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.INSTANCE_UNREACHABLE));
        } finally {
            sibling().thaw();
        }
        await().atMost(LIMIT).until(() -> see(gateway, sibling()).serverUuid().equals(guard.serverUuid()));
    }

    /** What a dry run believes is what this version does. */
    @Test
    void becomesWhatASimulatedServerBecomes() {
        List<InstanceCommand> commands = List.of(
                new InstanceCommand.StopReceiver(""),
                new InstanceCommand.Repoint("", sibling().key()),
                new InstanceCommand.StartReceiver(""),
                new InstanceCommand.StopReplication(""),
                new InstanceCommand.StartReplication(""),
                new InstanceCommand.StopReceiver(""),
                new InstanceCommand.StartReceiver(""),
                new InstanceCommand.SetReadOnly(false),
                new InstanceCommand.SetReadOnly(true),
                new InstanceCommand.StopReplication(""),
                new InstanceCommand.StartApplier(""),
                new InstanceCommand.ResetReplication(""));
        for (InstanceCommand command : commands) {
            Instance expected = CommandEffect.after(see(gateway, replica()), command);
            assertThat(tell(gateway, replica(), command)).isTrue();
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(shape(see(gateway, replica())))
                            .as(command.toString())
                            .isEqualTo(shape(expected)));
        }
    }

    /** What a command decides by itself; whether a receiver has found its source is up to the source. */
    private static String shape(Instance i) {
        return "read-only " + i.readOnly() + "/" + i.superReadOnly()
                + i.channels().stream()
                        .map(c -> ", '" + c.name() + "' from " + c.source() + " by GTID " + c.usesGtid() + ", receiver "
                                + (c.receiver() == ReplicationThreadState.STOPPED ? "off" : "on") + ", applier "
                                + c.applier())
                        .toList();
    }
}
