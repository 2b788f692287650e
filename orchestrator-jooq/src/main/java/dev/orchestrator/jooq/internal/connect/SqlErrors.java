package dev.orchestrator.jooq.internal.connect;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Locale;
import org.sqlite.SQLiteException;

/** What kind of failure a backend reported, and what an operator can do about it. */
public enum SqlErrors {
    /** A unique key stood in the way: often an answer, not a failure. */
    DUPLICATE_KEY("this is a fault in the program or a foreign row; please report it"),
    /** A deadlock or somebody else's lock; the statement was undone and may be repeated. */
    CONFLICT("the backend is overloaded or somebody else holds its locks; look for long transactions"),
    /** There was no connection to be had. */
    NO_CONNECTION(
            "check that the backend runs and can be reached from here; a service goes on by itself when it is back"),
    /** A connection broke in the middle: whether the statement took effect is not known. */
    CONNECTION_LOST("check that the backend runs; a service goes on by itself when it is back"),
    /** A connection got no answer in time: whether the statement took effect is not known. */
    NO_ANSWER("the backend is frozen, overloaded or cut off; a service goes on by itself when it is back"),
    /** The backend takes no writes. */
    READ_ONLY("make it writable, or point to the one that is"),
    /** No space is left. */
    DISK_FULL("free space on its disk; a service goes on by itself then"),
    /** The account or the rights of the file are not sufficient. */
    ACCESS_DENIED("check user, password and grants of the backend's account"),
    /** The file cannot be opened. */
    CANNOT_OPEN("check that the file's directory exists and that this user may write in it"),
    /** What is there is no database of ours, or a damaged one. */
    UNUSABLE("restore the file from a copy, or move it away to begin with an empty one"),
    /** A table or column is missing. */
    NO_SCHEMA("let a service with the right to create tables start once, it creates and upgrades the schema"),
    /** A value does not fit. */
    TOO_LARGE("shorten the text that was given"),
    /** Anything else. */
    OTHER("see the cause");

    private final String advice;

    SqlErrors(String advice) {
        this.advice = advice;
    }

    /** What an operator can do. */
    public String advice() {
        return advice;
    }

    /** Its name for people with a colon, empty when the driver's words must do. */
    public String prefix() {
        return this == OTHER ? "" : name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": ";
    }

    /** Whether the connection it happened on must not be used again. */
    public boolean spoilsConnection() {
        return this == CONNECTION_LOST || this == NO_ANSWER || this == READ_ONLY;
    }

    /** What kind of trouble a failure is. */
    public static SqlErrors of(Throwable failure) {
        SqlErrors found = OTHER;
        int depth = 0;
        for (Throwable t = failure; t != null && depth < 20; t = t.getCause(), depth++) {
            if (t instanceof SocketTimeoutException && found == CONNECTION_LOST) {
                return NO_ANSWER;
            }
            if (t instanceof SQLException && (found == OTHER || found == NO_CONNECTION)) {
                SqlErrors closer = of((SQLException) t);
                found = found == NO_CONNECTION && (closer == OTHER || closer == CONNECTION_LOST) ? found : closer;
            }
        }
        return found;
    }

    private static SqlErrors of(SQLException e) {
        if (e instanceof SQLiteException) {
            return ofSqlite((SQLiteException) e);
        }
        if (e instanceof SQLTransientConnectionException && e.getErrorCode() == 0 && isPoolTimeout(e)) {
            return NO_CONNECTION;
        }
        SqlErrors byCode = ofMySql(e.getErrorCode());
        if (byCode != OTHER) {
            return byCode;
        }
        String state = e.getSQLState();
        return state != null && state.startsWith("08") ? CONNECTION_LOST : OTHER;
    }

    private static boolean isPoolTimeout(SQLException e) {
        String message = e.getMessage();
        return message != null && message.toLowerCase(Locale.ROOT).contains("connection is not available");
    }

    private static SqlErrors ofMySql(int code) {
        return switch (code) {
            case 1062, 1586 -> DUPLICATE_KEY;
            case 1205, 1213, 3572 -> CONFLICT;
            case 1290, 1792, 1836, 3100 -> READ_ONLY;
            case 1021, 1114, 3675 -> DISK_FULL;
            case 1044, 1045, 1142, 1143, 1227, 1698, 1820, 3118 -> ACCESS_DENIED;
            case 1049, 1054, 1146 -> NO_SCHEMA;
            case 1153, 1264, 1366, 1406 -> TOO_LARGE;
            case 1040, 1129, 1130, 1203 -> NO_CONNECTION;
            // Shutdown in progress, Galera node not ready, killed connection, kicked for being idle.
            case 1053, 1047, 1927, 3169, 4031 -> CONNECTION_LOST;
            default -> OTHER;
        };
    }

    private static SqlErrors ofSqlite(SQLiteException e) {
        return switch (e.getResultCode()) {
            case SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY -> DUPLICATE_KEY;
            case SQLITE_NOTADB -> UNUSABLE;
            default -> ofSqliteClass(e);
        };
    }

    private static SqlErrors ofSqliteClass(SQLiteException e) {
        String message = e.getMessage() == null ? "" : e.getMessage();
        return switch (e.getErrorCode() & 0xff) {
            case 5, 6 -> CONFLICT;
            case 8 -> READ_ONLY;
            case 13 -> DISK_FULL;
            case 14 -> CANNOT_OPEN;
            case 11, 26 -> UNUSABLE;
            case 18 -> TOO_LARGE;
            default -> message.contains("no such table") || message.contains("no such column") ? NO_SCHEMA : OTHER;
        };
    }
}
