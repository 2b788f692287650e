package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.config.DetectionQueries;
import dev.orchestrator.api.model.PromotionRule;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The operator's own queries, run on the held connection after the poll: each apart, every {@value #EVERY} polls, sooner
 * only while the server has never answered it. Their answers are remembered; their failures cost nothing but themselves.
 */
final class DetectionMemory {
    static final int EVERY = 12;

    /** A query of the operator's must not use up the time of the poll that has already succeeded. */
    private static final Duration LIMIT = Duration.ofMillis(500);

    private enum Query {
        CLUSTER_ALIAS(DetectionQueries::clusterAlias, true),
        CLUSTER_DOMAIN(DetectionQueries::clusterDomain, true),
        INSTANCE_ALIAS(DetectionQueries::instanceAlias, false),
        PROMOTION_RULE(DetectionQueries::promotionRule, false),
        DATA_CENTER(DetectionQueries::dataCenter, false),
        REGION(DetectionQueries::region, false),
        ENVIRONMENT(DetectionQueries::environment, false),
        LAG(DetectionQueries::lag, false);

        private final Function<DetectionQueries, String> text;
        private final boolean onPrimaryOnly;

        Query(Function<DetectionQueries, String> text, boolean onPrimaryOnly) {
            this.text = text;
            this.onPrimaryOnly = onPrimaryOnly;
        }
    }

    private final DetectionQueries queries;
    private final boolean none;
    private final Map<Query, String> answers = new EnumMap<>(Query.class);
    private final Map<Query, String> failures = new EnumMap<>(Query.class);
    private int polls;

    DetectionMemory(DetectionQueries queries) {
        this.queries = queries;
        this.none = queries.equals(DetectionQueries.NONE);
    }

    /** Asks what is due and puts what is known into the facts. Leaves the connection broken when an answer did not come. */
    void complete(ServerConnection connection, PollFacts facts, Deadline deadline) {
        if (none) {
            return;
        }
        boolean due = polls++ % EVERY == 0;
        for (Query query : Query.values()) {
            String sql = query.text.apply(queries);
            boolean applies = !sql.isBlank() && (!query.onPrimaryOnly || facts.channels.isEmpty());
            if (!applies) {
                answers.remove(query);
                failures.remove(query);
                continue;
            }
            boolean neverAsked = !answers.containsKey(query) && !failures.containsKey(query);
            boolean lag = query == Query.LAG && !failures.containsKey(query);
            if ((due || neverAsked || lag) && !connection.isBroken()) {
                ask(query, sql, connection, deadline);
            }
        }
        apply(facts);
    }

    private void ask(Query query, String sql, ServerConnection connection, Deadline deadline) {
        try {
            String answer = connection.query(sql, deadline.atMost(LIMIT), results -> {
                ResultSet rows = results.next();
                String value = rows.next() ? rows.getString(1) : null;
                return value == null ? "" : value.strip();
            });
            answers.put(query, answer);
            failures.remove(query);
        } catch (SQLException e) {
            failures.put(query, Failures.rootMessage(e));
            if (!Failures.isRefusal(e)) {
                connection.abort();
            }
        }
    }

    private void apply(PollFacts facts) {
        facts.instance
                .suggestedClusterAlias(answer(Query.CLUSTER_ALIAS))
                .clusterDomain(answer(Query.CLUSTER_DOMAIN))
                .instanceAlias(answer(Query.INSTANCE_ALIAS))
                .dataCenter(answer(Query.DATA_CENTER))
                .region(answer(Query.REGION))
                .environment(answer(Query.ENVIRONMENT))
                .detectedPromotionRule(promotionRule(facts));
        lag(facts);
        failures.forEach((query, failure) ->
                facts.limitations.add("the configured " + nameOf(query) + " query failed: " + failure));
    }

    private @Nullable PromotionRule promotionRule(PollFacts facts) {
        String text = answer(Query.PROMOTION_RULE);
        if (text.isEmpty()) {
            return null;
        }
        try {
            return PromotionRule.parse(text);
        } catch (IllegalArgumentException e) {
            facts.limitations.add("the configured promotion rule query yields no rule: " + e.getMessage());
            return null;
        }
    }

    private void lag(PollFacts facts) {
        String text = answer(Query.LAG);
        if (text.isEmpty() || facts.channels.isEmpty()) {
            return;
        }
        try {
            long millis = Math.max(0, Math.round(Double.parseDouble(text) * 1000));
            facts.channels.replaceAll(channel ->
                    channel.toBuilder().lag(Duration.ofMillis(millis)).build());
        } catch (NumberFormatException e) {
            facts.limitations.add("the configured lag query yields no number of seconds: '" + text + "'");
        }
    }

    private String answer(Query query) {
        return answers.getOrDefault(query, "");
    }

    private static String nameOf(Query query) {
        return query.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
