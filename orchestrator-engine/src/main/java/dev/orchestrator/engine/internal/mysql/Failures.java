package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure.Kind;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Translates what the driver throws. */
final class Failures {
    static final int LOCK_WAIT_TIMEOUT = 1205;
    static final int GUARD_FALSE = 1242;
    static final int NO_SUCH_THREAD = 1094;
    static final int NOT_OWNER_OF_THREAD = 1095;
    static final int QUERY_INTERRUPTED = 1317;
    private static final Set<Integer> DENIED =
            Set.of(1044, 1045, 1129, 1130, 1251, 1524, 1698, 1820, 1862, 2059, 3118, 3159, 4151);
    private static final Set<Integer> TOO_MANY = Set.of(1040, 1041, 1203, 1226);
    /** The server says that it ends the connection: shutdown, killed, idle for too long. */
    private static final Set<Integer> GOODBYE = Set.of(1053, 1927, 3169, 4031);

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private Failures() {}

    /** Whether the server itself refused a statement and the connection can go on being used. */
    static boolean isRefusal(SQLException e) {
        return e.getErrorCode() > 0 && !isConnectionError(e);
    }

    private static boolean isConnectionError(SQLException e) {
        return GOODBYE.contains(e.getErrorCode())
                || (e.getSQLState() != null && e.getSQLState().startsWith("08"));
    }

    /** What a failure of connecting or polling means. */
    static ServerFailure of(InstanceKey key, Throwable thrown, boolean connecting) {
        Kind kind = kindOf(thrown, connecting);
        return new ServerFailure(kind, message(key, kind, thrown), thrown);
    }

    private static Kind kindOf(Throwable thrown, boolean connecting) {
        if (thrown instanceof SQLException e && e.getErrorCode() > 0) {
            Kind said = saidByServer(e.getErrorCode(), connecting);
            if (said != null) {
                return said;
            }
        }
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof UnknownHostException) {
                return Kind.UNRESOLVABLE;
            } else if (t instanceof SocketTimeoutException || t instanceof NoRouteToHostException) {
                return Kind.TIMEOUT;
            } else if (t instanceof SocketException) {
                return ofSocket(t);
            } else if (t instanceof EOFException) {
                return Kind.CONNECTION_LOST;
            }
        }
        boolean broken = thrown instanceof SQLException e && isConnectionError(e);
        // Without a number it was not the server who said no: the driver could not read what came.
        return broken && !connecting ? Kind.CONNECTION_LOST : Kind.NOT_MYSQL;
    }

    private static @Nullable Kind saidByServer(int code, boolean connecting) {
        if (DENIED.contains(code)) {
            return Kind.ACCESS_DENIED;
        } else if (TOO_MANY.contains(code)) {
            return Kind.TOO_MANY_CONNECTIONS;
        } else if (GOODBYE.contains(code)) {
            return Kind.CONNECTION_LOST;
        }
        return connecting ? null : Kind.STATEMENT_REFUSED;
    }

    private static Kind ofSocket(Throwable t) {
        String text = String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT);
        if (text.contains("timed out") || text.contains("unreachable") || text.contains("no route")) {
            return Kind.TIMEOUT;
        }
        // Refused, reset, broken pipe: nobody is behind the port any more.
        return t instanceof ConnectException || text.contains("reset") || text.contains("pipe")
                ? Kind.REFUSED
                : Kind.CONNECTION_LOST;
    }

    private static String message(InstanceKey key, Kind kind, Throwable thrown) {
        String said = rootMessage(thrown);
        return switch (kind) {
            case UNRESOLVABLE -> unresolvable(key);
            case REFUSED -> key + " refuses connections: " + said + "; check that it runs and listens at that port";
            case TIMEOUT -> key + " did not answer in time: " + said;
            case CONNECTION_LOST -> "the connection to " + key + " broke: " + said;
            case ACCESS_DENIED -> key + " refuses our account: " + said + "; check user, password and grants there";
            case TOO_MANY_CONNECTIONS -> key + " has no connection left for us: " + said;
            case NOT_MYSQL -> "what answers at " + key + " is no MySQL server we understand: " + said;
            case STATEMENT_REFUSED -> key + " refused a statement the poll cannot do without: " + said;
        };
    }

    static String unresolvable(InstanceKey key) {
        return "the name " + key.hostname() + " has no address; check its spelling and that this host can resolve it";
    }

    /** The message, withheld if it quotes the secret or its beginning: servers quote what is too long, and cut it off. */
    static String rootMessageWithout(String secret, SQLException e) {
        String text = rootMessage(e);
        String beginning = secret.substring(0, Math.min(4, secret.length()));
        return beginning.isEmpty() || !text.contains(beginning)
                ? text
                : "error " + e.getErrorCode() + ", whose text is withheld because it may quote the password";
    }

    /** The innermost message in one line, preceded by the server's error number if there is one. */
    static String rootMessage(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String text = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        text = BLANKS.matcher(text).replaceAll(" ").strip();
        String bounded = text.length() <= 300 ? text : text.substring(0, 300) + "...";
        return thrown instanceof SQLException e && e.getErrorCode() > 0
                ? "error " + e.getErrorCode() + ": " + bounded
                : bounded;
    }
}
