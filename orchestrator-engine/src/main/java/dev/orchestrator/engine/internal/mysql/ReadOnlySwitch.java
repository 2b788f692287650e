package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.spi.Guard;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a server read-only or writable. Making it read-only waits for whoever holds a table lock or is committing; after a
 * second of waiting those are killed from another connection, then all clients, and it is tried again.
 */
final class ReadOnlySwitch {
    private static final Logger LOG = LoggerFactory.getLogger(ReadOnlySwitch.class);
    private static final int LOCK_WAIT_SECONDS = 1;
    /** Another round takes as long as the wait; one that cannot end in time would only hide the reason. */
    private static final long ROUND_NANOS = 1_200_000_000L;

    private final MonitoredServer server;
    private final CommandConnection connection;
    private final Guard guard;
    private final Deadline deadline;

    ReadOnlySwitch(MonitoredServer server, CommandConnection connection, Guard guard, Deadline deadline) {
        this.server = server;
        this.connection = connection;
        this.guard = guard;
        this.deadline = deadline;
    }

    boolean setReadOnly(boolean readOnly) throws SQLException {
        String statement = connection.dialect().setReadOnly(readOnly);
        List<String> batch = List.of("SET SESSION lock_wait_timeout = " + LOCK_WAIT_SECONDS, statement);
        for (int attempt = 1; ; attempt++) {
            try {
                connection.guarded(guard, deadline, batch);
                return true;
            } catch (SQLException e) {
                if (!readOnly || e.getErrorCode() != Failures.LOCK_WAIT_TIMEOUT) {
                    throw e;
                }
                Set<Long> untouchable = killWhatBlocks(attempt);
                if (deadline.remainingNanos() < ROUND_NANOS) {
                    throw blocked(untouchable, e);
                }
            }
        }
    }

    private OrchestratorException blocked(Set<Long> untouchable, SQLException e) {
        return new OrchestratorException(
                ErrorCode.COMMAND_FAILED,
                "cannot make " + server.key() + " read-only: others hold locks or are committing"
                        + (untouchable.isEmpty()
                                ? "; give it more time"
                                : "; our account may not end connections " + untouchable
                                        + " (MySQL 8: needs SYSTEM_USER)"),
                e);
    }

    /** Returns those we may not kill. */
    private Set<Long> killWhatBlocks(int attempt) throws SQLException {
        try (CommandConnection second = server.borrow(deadline)) {
            ClientKiller killer = new ClientKiller(second, guard, deadline);
            Set<Long> blocking = attempt == 1 ? killer.globalLockHolders() : Set.of();
            boolean known = !blocking.isEmpty();
            Set<Long> condemned = known ? blocking : killer.clients();
            LOG.atWarn()
                    .addKeyValue("instance", server.key())
                    .addKeyValue("connections", condemned)
                    .log(known ? "killing what blocks the fence" : "killing all clients to set the fence");
            return killer.kill(condemned);
        } catch (ServerFailure e) {
            throw new SQLException("the fence is blocked and no second connection can be made: " + e.getMessage(), e);
        }
    }
}
