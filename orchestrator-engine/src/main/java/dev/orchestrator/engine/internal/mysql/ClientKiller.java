package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.spi.Guard;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the connections of clients: not those of replication, of the server itself, or of our own account. */
final class ClientKiller {
    private static final Logger LOG = LoggerFactory.getLogger(ClientKiller.class);
    private static final Set<String> SERVERS_OWN = Set.of(
            "system user", "event_scheduler", "unauthenticated user", "mysql.session", "mysql.sys", "mysql.infoschema");

    private final CommandConnection connection;
    private final Guard guard;
    private final Deadline deadline;

    ClientKiller(CommandConnection connection, Guard guard, Deadline deadline) {
        this.connection = connection;
        this.guard = guard;
        this.deadline = deadline;
    }

    /**
     * Kills the clients there are now and waits until they are gone; those that come later are not touched.
     *
     * @return false when some are still there at the end, because they do not die or we may not kill them
     */
    boolean killClients() throws SQLException {
        Set<Long> condemned = clients();
        Set<Long> untouchable = kill(condemned);
        Set<Long> left = condemned;
        while (true) {
            left = stillThere(left);
            if (left.equals(untouchable) || left.isEmpty() || deadline.remainingNanos() < 50_000_000L) {
                break;
            }
            rest();
        }
        if (!left.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("connections", left)
                    .addKeyValue("notAllowed", untouchable)
                    .log("client connections could not be ended");
        }
        return left.isEmpty();
    }

    /** A pause that the server makes, so that nothing here has to sleep. */
    private void rest() throws SQLException {
        connection.read("DO SLEEP(0.01)", deadline, results -> true);
    }

    private Set<Long> stillThere(Set<Long> before) throws SQLException {
        Set<Long> now = new HashSet<>(before);
        now.retainAll(clients());
        return now;
    }

    /** Kills these threads one by one: one that is gone already must not spare the others. Returns those we may not kill. */
    Set<Long> kill(Set<Long> ids) throws SQLException {
        Set<Long> untouchable = new HashSet<>();
        for (long id : ids) {
            try {
                connection.guarded(guard, deadline, List.of("KILL " + id));
            } catch (SQLException e) {
                if (e.getErrorCode() == Failures.NOT_OWNER_OF_THREAD) {
                    untouchable.add(id);
                } else if (e.getErrorCode() != Failures.NO_SUCH_THREAD) {
                    throw e;
                }
            }
        }
        return untouchable;
    }

    Set<Long> clients() throws SQLException {
        ServerSession session = connection.session();
        String sql = connection.dialect().processList(session.performanceSchema());
        return connection.read(sql, deadline, results -> {
            ResultSet rows = results.next();
            Set<Long> ids = new HashSet<>();
            while (rows.next()) {
                String user = rows.getString("user");
                String command = rows.getString("command");
                if (user != null && !user.equals(session.user()) && !SERVERS_OWN.contains(user) && isClient(command)) {
                    ids.add(rows.getLong("id"));
                }
            }
            return ids;
        });
    }

    private static boolean isClient(String command) {
        // "Connect" is a receiver under the name of who started it, or somebody not logged in yet.
        return command == null
                || !(command.startsWith("Binlog Dump")
                        || command.startsWith("Slave_")
                        || command.equals("Connect")
                        || command.equals("Daemon"));
    }

    /** Those who hold what a fence waits for; empty when the server does not tell. */
    Set<Long> globalLockHolders() throws SQLException {
        String sql = connection.dialect().globalLockHolders();
        if (sql == null) {
            return Set.of();
        }
        List<Long> holders = new ArrayList<>();
        try {
            connection.read(sql, deadline, results -> {
                ResultSet rows = results.next();
                while (rows.next()) {
                    holders.add(rows.getLong("id"));
                }
                return true;
            });
        } catch (SQLException e) {
            if (!Failures.isRefusal(e)) {
                throw e;
            }
            return Set.of();
        }
        Set<Long> clients = clients();
        clients.retainAll(holders);
        return clients;
    }
}
