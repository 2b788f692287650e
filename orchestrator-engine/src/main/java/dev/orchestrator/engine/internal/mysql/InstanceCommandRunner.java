package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.spi.Guard;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out one command on one connection. */
final class InstanceCommandRunner {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceCommandRunner.class);
    /** A channel of that name does not exist: MySQL, MariaDB. */
    private static final List<Integer> NO_SUCH_CHANNEL = List.of(3074, 1617);
    /** The check of the applier cannot be made: missing table, grant or column. */
    private static final List<Integer> NOT_ASKABLE = List.of(1142, 1143, 1146, 1054);

    private final MonitoredServer server;
    private final CommandConnection connection;
    private final ReplicationDialect dialect;
    private final Guard guard;
    private final Deadline deadline;
    private String secret = "";
    /** What a failure shows of the statement that was sent, without the secret. */
    private String statement = "";

    InstanceCommandRunner(MonitoredServer server, CommandConnection connection, Guard guard, Deadline deadline) {
        this.server = server;
        this.connection = connection;
        this.dialect = connection.dialect();
        this.guard = guard;
        this.deadline = deadline;
    }

    boolean run(InstanceCommand command) {
        try {
            return command.match(new Statements());
        } catch (SQLException e) {
            throw connection.explain(command.describe() + statement, e, guard, deadline, secret);
        }
    }

    /** What each command is for this server. */
    private final class Statements implements InstanceCommand.Cases<Boolean, SQLException> {
        @Override
        public Boolean stopReceiver(InstanceCommand.StopReceiver c) throws SQLException {
            return change(dialect.stopReceiver(c.channel()));
        }

        @Override
        public Boolean startReceiver(InstanceCommand.StartReceiver c) throws SQLException {
            return change(dialect.startReceiver(c.channel()));
        }

        @Override
        public Boolean restartReceiver(InstanceCommand.RestartReceiver c) throws SQLException {
            return InstanceCommandRunner.this.restartReceiver(c.channel());
        }

        @Override
        public Boolean startApplier(InstanceCommand.StartApplier c) throws SQLException {
            return change(dialect.startApplier(c.channel()));
        }

        @Override
        public Boolean stopReplication(InstanceCommand.StopReplication c) throws SQLException {
            return change(dialect.stopReplication(c.channel()));
        }

        @Override
        public Boolean startReplication(InstanceCommand.StartReplication c) throws SQLException {
            return change(dialect.startReplication(c.channel()));
        }

        @Override
        public Boolean awaitExecuted(InstanceCommand.AwaitExecuted c) throws SQLException {
            return InstanceCommandRunner.this.awaitExecuted(c.gtids());
        }

        @Override
        public Boolean repoint(InstanceCommand.Repoint c) throws SQLException {
            return InstanceCommandRunner.this.repoint(c);
        }

        @Override
        public Boolean attachTo(InstanceCommand.AttachTo c) throws SQLException {
            return attach(c);
        }

        @Override
        public Boolean awaitReceiver(InstanceCommand.AwaitReceiver c) throws SQLException {
            return new ReceiverWait(server.key(), connection, deadline)
                    .await(() -> requireChannel(c.channel(), c.describe()));
        }

        @Override
        public Boolean resetReplication(InstanceCommand.ResetReplication c) throws SQLException {
            return InstanceCommandRunner.this.resetReplication(c.channel());
        }

        @Override
        public Boolean setReadOnly(InstanceCommand.SetReadOnly c) throws SQLException {
            return new ReadOnlySwitch(server, connection, guard, deadline).setReadOnly(c.readOnly());
        }

        @Override
        public Boolean killClients(InstanceCommand.KillClients it) throws SQLException {
            return new ClientKiller(connection, guard, deadline).killClients();
        }

        @Override
        public Boolean setSemiSync(InstanceCommand.SetSemiSync c) throws SQLException {
            return InstanceCommandRunner.this.setSemiSync(c);
        }
    }

    private boolean change(String... statements) throws SQLException {
        connection.guarded(guard, deadline, List.of(statements));
        return true;
    }

    private boolean restartReceiver(String channel) throws SQLException {
        if (dialect.receiverRestartDropsRelayLog()) {
            requireDrained(channel, requireChannel(channel, "restart the receiver"), "restart the receiver");
        }
        return change(dialect.stopReceiver(channel), dialect.startReceiver(channel));
    }

    private boolean awaitExecuted(GtidSet gtids) throws SQLException {
        if (executed().contains(gtids)) {
            return true;
        }
        // The server gives up first, so that its "no" arrives in time.
        long millis = deadline.remainingMillis();
        Duration patience = Duration.ofMillis(Math.max(1, millis - Math.min(250, millis / 4)));
        return connection.guarded(guard, deadline, List.of(dialect.awaitExecuted(gtids, patience)), results -> {
            ResultSet row = results.next();
            row.next();
            return row.getInt(1) == 0 && row.getString(1) != null;
        });
    }

    private boolean repoint(InstanceCommand.Repoint command) throws SQLException {
        String what = command.describe();
        ReplicationChannel channel = requireChannel(command.channel(), what);
        if (channel.source().equals(command.source())) {
            LOG.atInfo()
                    .addKeyValue("instance", server.key())
                    .addKeyValue("source", command.source())
                    .log("already replicates from there: nothing changed");
            return true;
        }
        if (!channel.usesGtid()) {
            throw refuse(what, "it is positioned by file and offset, which mean nothing on another source");
        }
        boolean applierRuns = channel.applier() == ReplicationThreadState.RUNNING;
        if (!applierRuns || dialect.receiverRestartDropsRelayLog()) {
            requireDrained(command.channel(), channel, what);
        }
        List<String> statements =
                dialect.repoint(command.channel(), command.source(), heartbeat(command.channel()), applierRuns);
        String check = applierRuns ? dialect.requireRunningApplier(command.channel()) : null;
        if (check == null) {
            connection.guarded(guard, deadline, statements);
            return true;
        }
        return repointWhileApplierRuns(what, check, statements);
    }

    /** Null where we may not ask: then the repointed channel gets the server's default. */
    private @Nullable Duration heartbeat(String channel) throws SQLException {
        try {
            return new ChannelSettingsReader(server.key(), connection, deadline)
                    .withoutAccount(channel)
                    .map(s -> s.options().heartbeat())
                    .orElse(null);
        } catch (SQLException e) {
            if (!NOT_ASKABLE.contains(e.getErrorCode())) {
                throw e;
            }
            LOG.atWarn()
                    .addKeyValue("instance", server.key())
                    .addKeyValue("reason", Failures.rootMessage(e))
                    .log("its channel's heartbeat period cannot be read and becomes the default; grant SELECT on"
                            + " performance_schema.replication_connection_configuration");
            return null;
        }
    }

    /** The applier may have stopped since we looked; then the change would throw its relay log away. */
    private boolean repointWhileApplierRuns(String what, String check, List<String> statements) throws SQLException {
        List<String> checked = new ArrayList<>();
        checked.add(check);
        checked.addAll(statements);
        try {
            connection.guarded(guard, deadline, checked);
        } catch (SQLException e) {
            if (NOT_ASKABLE.contains(e.getErrorCode())) {
                connection.guarded(guard, deadline, statements);
                return true;
            }
            if (e.getErrorCode() == Failures.GUARD_FALSE && guardHolds()) {
                throw refuse(what, "its applier has just stopped, and what it has not applied would be lost");
            }
            throw e;
        }
        return true;
    }

    private boolean guardHolds() throws SQLException {
        try {
            connection.guarded(guard, deadline, List.of("DO 0"));
            return true;
        } catch (SQLException e) {
            if (e.getErrorCode() == Failures.GUARD_FALSE) {
                return false;
            }
            throw e;
        }
    }

    private boolean attach(InstanceCommand.AttachTo command) throws SQLException {
        Credentials credentials = command.credentials();
        Credentials shown = new Credentials(credentials.user(), ReplicationDialect.MASKED);
        secret = credentials.password();
        statement = " by " + dialect.configureChannel(command.source(), shown, command.options());
        ReplicationChannel present = channel("");
        if (present != null) {
            requireDrained("", present, command.describe());
        }
        String configure = dialect.configureChannel(command.source(), credentials, command.options());
        connection.guarded(guard, deadline, dialect.attach(configure));
        return true;
    }

    private boolean resetReplication(String channel) throws SQLException {
        try {
            connection.guarded(guard, deadline, dialect.resetReplication(channel));
        } catch (SQLException e) {
            if (!NO_SUCH_CHANNEL.contains(e.getErrorCode())) {
                throw e;
            }
        }
        return true;
    }

    private boolean setSemiSync(InstanceCommand.SetSemiSync command) throws SQLException {
        SemiSyncNames names = connection.read(dialect.globalStatus(), deadline, results -> {
            ResultSet rows = results.next();
            Map<String, String> status = new java.util.HashMap<>();
            while (rows.next()) {
                status.put(rows.getString(1).toLowerCase(Locale.ROOT), rows.getString(2));
            }
            return SemiSyncNames.of(status);
        });
        List<String> settings = new ArrayList<>();
        if (names.source() != null) {
            settings.add("GLOBAL " + names.source() + "_enabled = " + (command.source() ? 1 : 0));
        }
        if (names.replica() != null) {
            settings.add("GLOBAL " + names.replica() + "_enabled = " + (command.replica() ? 1 : 0));
        }
        return settings.isEmpty() || change("SET " + String.join(", ", settings));
    }

    private ReplicationChannel requireChannel(String name, String what) throws SQLException {
        ReplicationChannel channel = channel(name);
        if (channel == null) {
            throw refuse(
                    what,
                    name.isEmpty() ? "it replicates from nobody" : "it has no replication channel '" + name + "'");
        }
        return channel;
    }

    private @Nullable ReplicationChannel channel(String name) throws SQLException {
        try {
            return connection
                    .read(dialect.channel(name), deadline, results -> {
                        ResultSet row = results.next();
                        return row.next()
                                ? Optional.ofNullable(new ChannelReader(row, dialect.columns())
                                        .read(new GtidCache(), new ArrayList<>()))
                                : Optional.<ReplicationChannel>empty();
                    })
                    .orElse(null);
        } catch (SQLException e) {
            if (NO_SUCH_CHANNEL.contains(e.getErrorCode())) {
                return null;
            }
            throw e;
        }
    }

    private void requireDrained(String name, ReplicationChannel channel, String what) throws SQLException {
        GtidSet missing = channel.retrievedGtids().minus(executed());
        if (!missing.isEmpty()) {
            throw refuse(
                    what,
                    "it has received transactions that it has not applied and that this would throw away: " + missing
                            + "; start the applier" + (name.isEmpty() ? "" : " of channel '" + name + "'")
                            + " and wait until it is done");
        }
    }

    private GtidSet executed() throws SQLException {
        return connection.read("SELECT " + dialect.executedGtids(), deadline, results -> {
            ResultSet row = results.next();
            row.next();
            String text = row.getString(1);
            return text == null ? GtidSet.empty() : GtidSet.parse(text);
        });
    }

    private OrchestratorException refuse(String what, String why) {
        return new OrchestratorException(
                ErrorCode.COMMAND_FAILED, "will not " + what + " on " + server.key() + ": " + why);
    }
}
