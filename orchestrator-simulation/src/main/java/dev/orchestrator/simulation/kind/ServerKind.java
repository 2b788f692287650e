package dev.orchestrator.simulation.kind;

import dev.orchestrator.api.model.ServerVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * In what servers differ that replicate from each other.
 *
 * @param version its version and flavour
 * @param binlogFormat what it logs: STATEMENT, MIXED or ROW
 * @param filters replication filters of its channels, as their options say them
 * @param binlogFilters what its binary log leaves out, as its options say it
 */
public record ServerKind(ServerVersion version, String binlogFormat, List<String> filters, List<String> binlogFilters) {
    /** An ordinary server. */
    public static final ServerKind ORDINARY = new ServerKind(version("8.0.31"), "ROW", List.of(), List.of());

    /** Copies the filters. */
    public ServerKind {
        filters = List.copyOf(filters);
        binlogFilters = List.copyOf(binlogFilters);
    }

    private static ServerVersion version(String text) {
        return ServerVersion.parse(text, "MySQL Community Server - GPL");
    }

    /**
     * The same, but of that version.
     *
     * @param text the version
     * @return a new kind
     */
    public ServerKind ofVersion(String text) {
        return new ServerKind(version(text), binlogFormat, filters, binlogFilters);
    }

    /**
     * The same, but a MariaDB server.
     *
     * @return a new kind
     */
    public ServerKind asMariaDb() {
        ServerVersion mariaDb = ServerVersion.parse("10.11.6-MariaDB-log", "mariadb.org binary distribution");
        return new ServerKind(mariaDb, binlogFormat, filters, binlogFilters);
    }

    /**
     * Whether it is a MariaDB server.
     *
     * @return false for MySQL
     */
    public boolean isMariaDb() {
        return version.flavor() == ServerVersion.Flavor.MARIADB;
    }

    /**
     * The same, but it logs so.
     *
     * @param format STATEMENT, MIXED or ROW
     * @return a new kind
     */
    public ServerKind logging(String format) {
        return new ServerKind(version, format, filters, binlogFilters);
    }

    /**
     * The same with a filter.
     *
     * @param filter as its option says it; one of the binary log begins with binlog-
     * @return a new kind
     */
    public ServerKind filtering(String filter) {
        boolean ofLog = filter.startsWith("binlog-");
        return new ServerKind(version, binlogFormat, with(filters, filter, !ofLog), with(binlogFilters, filter, ofLog));
    }

    private static List<String> with(List<String> before, String filter, boolean here) {
        List<String> all = new ArrayList<>(before);
        if (here) {
            all.add(filter);
        }
        return all;
    }

    /**
     * Whether it leaves rows of a schema out, in what it applies or in what it logs.
     *
     * @param schema the schema
     * @return true when one of its filters says so
     */
    public boolean leavesOut(String schema) {
        return leaveOut(filters, schema) || leaveOut(binlogFilters, schema);
    }

    /**
     * Why its applier ends at what a server of another kind has logged.
     *
     * @param logged what the server is that has logged it
     * @return empty when it goes on
     */
    public Optional<ReplicationError> cannotExecute(ServerKind logged) {
        if (compareMajor(version, logged.version) < 0) {
            return Optional.of(new ReplicationError(
                    22, "Error 'Character set '#255' is not a compiled character set': logged by " + logged.version));
        }
        return binlogFormat.equals("STATEMENT") && logged.binlogFormat.equals("ROW")
                ? Optional.of(new ReplicationError(
                        1666,
                        "Error executing row event: 'Cannot execute statement: impossible to write to binary log since"
                                + " statement is in row format and BINLOG_FORMAT = STATEMENT.'"))
                : Optional.empty();
    }

    private static int compareMajor(ServerVersion a, ServerVersion b) {
        return a.major() != b.major() ? Integer.compare(a.major(), b.major()) : Integer.compare(a.minor(), b.minor());
    }

    /**
     * Whether filters leave out what belongs to a schema.
     *
     * @param filters each as the server's option says it
     * @param schema the schema
     * @return true when one of them does
     */
    public static boolean leaveOut(List<String> filters, String schema) {
        return filters.stream().anyMatch(f -> leavesOut(f, schema));
    }

    private static boolean leavesOut(String filter, String schema) {
        int equals = filter.indexOf('=');
        String option = filter.substring(0, equals);
        String named = filter.substring(equals + 1);
        boolean same = named.equals(schema) || named.startsWith(schema + ".");
        return option.contains("ignore-") == same;
    }
}
