package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Credentials;
import dev.orchestrator.api.model.InstanceKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Reads the account of a receiver from the server's own notes. MariaDB keeps them in a file that nobody can ask for. */
final class ReplicationAccount {
    private final InstanceKey key;
    private final CommandConnection connection;
    private final Deadline deadline;

    ReplicationAccount(InstanceKey key, CommandConnection connection, Deadline deadline) {
        this.key = key;
        this.connection = connection;
        this.deadline = deadline;
    }

    Optional<Credentials> read(String channel) {
        if (!(connection.dialect() instanceof MySqlDialect)) {
            return Optional.empty();
        }
        String sql = "SELECT User_name, User_password FROM mysql.slave_master_info WHERE Channel_name = "
                + SqlText.quote(channel);
        try {
            return connection.read(sql, deadline, results -> {
                ResultSet row = results.next();
                if (!row.next()) {
                    return Optional.<Credentials>empty();
                }
                String user = row.getString(1);
                String password = row.getString(2);
                return user == null || user.isEmpty() || password == null
                        ? Optional.<Credentials>empty()
                        : Optional.of(new Credentials(user, password));
            });
        } catch (SQLException e) {
            throw new OrchestratorException(
                    Failures.isRefusal(e) ? ErrorCode.COMMAND_FAILED : ErrorCode.INSTANCE_UNREACHABLE,
                    "cannot read the replication account of " + key + ": " + Failures.rootMessage(e),
                    e);
        }
    }
}
