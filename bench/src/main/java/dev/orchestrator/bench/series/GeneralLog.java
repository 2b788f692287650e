package dev.orchestrator.bench.series;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the general log of a MySQL server: who changed what, when. Pure. */
final class GeneralLog {
    private static final Pattern LINE =
            Pattern.compile("^(\\d{4}-\\d\\d-\\d\\dT\\S+Z)\\s+(\\d+) (\\w[\\w ]*?)\\t(.*)$");
    private static final Pattern CONNECT = Pattern.compile("^(\\S+)@\\S+ on .*");
    private static final Pattern CHANGE = Pattern.compile(
            "(?is)^(?:/\\*.*?\\*/\\s*)?(?:STOP|START|CHANGE|RESET|KILL|SET\\s+(?:GLOBAL|PERSIST|@@GLOBAL))\\b.*");

    private GeneralLog() {}

    /**
     * A statement that changes a server.
     *
     * @param at when, by the server's clock
     * @param account who sent it
     * @param statement what
     */
    record Change(Instant at, String account, String statement) {}

    /** What those accounts changed, in the order of the log. */
    static List<Change> changes(List<String> lines, List<String> accounts) {
        Map<String, String> users = new HashMap<>();
        List<Change> changes = new ArrayList<>();
        for (String line : lines) {
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                continue;
            }
            String connection = parts.group(2);
            String text = parts.group(4);
            if (parts.group(3).equals("Connect")) {
                Matcher who = CONNECT.matcher(text);
                users.put(connection, who.matches() ? who.group(1) : "");
            } else if (parts.group(3).equals("Query") && CHANGE.matcher(text).matches()) {
                String user = users.getOrDefault(connection, "");
                if (accounts.contains(user)) {
                    changes.add(new Change(time(parts.group(1)), user, text));
                }
            }
        }
        return changes;
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("not a time of a general log: " + text, e);
        }
    }
}
