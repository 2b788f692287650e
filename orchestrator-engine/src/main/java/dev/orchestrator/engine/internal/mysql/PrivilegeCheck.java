package dev.orchestrator.engine.internal.mysql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What our account may do on a server, as far as that can be asked without trying.
 *
 * @param processRefusal what the server says to those without PROCESS; null when it did not say so
 * @param limitations what cannot be done, one sentence each
 */
record PrivilegeCheck(@Nullable String processRefusal, List<String> limitations) {
    /** Refused without PROCESS and cheap with it; a process list just shows less without it. */
    private static final String NEEDS_PROCESS = "SELECT 1 FROM information_schema.INNODB_CMP LIMIT 1";

    private static final String UNKNOWN = "";
    private static final int ACCESS_DENIED_SPECIFIC = 1227;
    private static final Pattern GLOBAL_GRANT = Pattern.compile("GRANT (.+) ON \\*\\.\\* TO .*");
    private static final Pattern ROLE_GRANT = Pattern.compile("GRANT (?!.* ON ).* TO .*");

    static PrivilegeCheck of(ServerSession session, String comment, Deadline deadline) throws SQLException {
        String processRefusal = null;
        try {
            session.connection().execute(comment + NEEDS_PROCESS, deadline);
        } catch (SQLException e) {
            if (!Failures.isRefusal(e)) {
                throw e;
            }
            // A server that refuses for another reason says nothing about the grant.
            processRefusal = e.getErrorCode() == ACCESS_DENIED_SPECIFIC ? Failures.rootMessage(e) : null;
        }
        return new PrivilegeCheck(processRefusal, limitations(grants(session, comment, deadline), session.dialect()));
    }

    private static List<String> grants(ServerSession session, String comment, Deadline deadline) throws SQLException {
        try {
            return session.connection().query(comment + "SHOW GRANTS", deadline, results -> {
                ResultSet rows = results.next();
                List<String> lines = new ArrayList<>();
                while (rows.next()) {
                    lines.add(rows.getString(1));
                }
                return lines;
            });
        } catch (SQLException e) {
            if (!Failures.isRefusal(e)) {
                throw e;
            }
            return List.of(UNKNOWN);
        }
    }

    static List<String> limitations(List<String> grants, ReplicationDialect dialect) {
        if (grants.contains(UNKNOWN)) {
            return List.of();
        }
        Set<String> held = new HashSet<>();
        for (String grant : grants) {
            if (ROLE_GRANT.matcher(grant).matches()) {
                // What a role brings is not in these lines; saying nothing is better than a false alarm.
                return List.of();
            }
            Matcher global = GLOBAL_GRANT.matcher(grant);
            if (global.matches()) {
                for (String privilege : global.group(1).toUpperCase(Locale.ROOT).split(",", -1)) {
                    held.add(privilege.strip());
                }
            }
        }
        if (held.contains("ALL PRIVILEGES")) {
            return List.of();
        }
        List<String> missing = dialect.privilegesToAct().stream()
                .filter(alternatives -> alternatives.stream().noneMatch(held::contains))
                .map(alternatives -> String.join(" or ", alternatives))
                .toList();
        return missing.isEmpty()
                ? List.of()
                : List.of("can be watched, cannot be failed over: our account needs " + String.join(", ", missing));
    }
}
