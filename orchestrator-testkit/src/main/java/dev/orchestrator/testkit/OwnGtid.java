package dev.orchestrator.testkit;

import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.protocol.ServerSessionStateController;
import com.mysql.cj.protocol.ServerSessionStateController.ServerSessionStateChanges;
import com.mysql.cj.protocol.ServerSessionStateController.SessionStateChange;
import com.mysql.cj.protocol.ServerSessionStateController.SessionStateChangesListener;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The GTID of the last commit on a connection, as the server tells it with the acknowledgement itself. Whoever writes holds
 * it: the driver has only a weak reference to its listeners, and once one is collected, a GTID is not told and the
 * acknowledgement that comes next ends in an exception.
 */
final class OwnGtid implements SessionStateChangesListener {
    private volatile @Nullable String last;

    private OwnGtid() {}

    /** Asks the server to tell; on one that cannot, the GTID stays unknown. */
    static OwnGtid trackedOn(JdbcConnection connection) throws SQLException {
        OwnGtid gtid = new OwnGtid();
        boolean mariadb = connection.getMetaData().getDatabaseProductVersion().contains("MariaDB");
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    mariadb
                            ? "SET SESSION session_track_system_variables = 'last_gtid'"
                            : "SET SESSION session_track_gtids = OWN_GTID");
        }
        connection.getServerSessionStateController().addSessionStateChangesListener(gtid);
        return gtid;
    }

    /** Before a write: what is known belongs to the one before. */
    void forget() {
        last = null;
    }

    @Nullable
    String last() {
        return last;
    }

    @Override
    public void handleSessionStateChanges(ServerSessionStateChanges changes) {
        for (SessionStateChange change : changes.getSessionStateChangesList()) {
            List<String> values = change.getValues();
            if (change.getType() == ServerSessionStateController.SESSION_TRACK_GTIDS && !values.isEmpty()) {
                last = values.get(0);
            } else if (change.getType() == ServerSessionStateController.SESSION_TRACK_SYSTEM_VARIABLES
                    && values.size() > 1
                    && values.get(0).equals("last_gtid")) {
                last = values.get(1);
            }
        }
    }
}
