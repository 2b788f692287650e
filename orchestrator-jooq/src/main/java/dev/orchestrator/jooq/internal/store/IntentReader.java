package dev.orchestrator.jooq.internal.store;

import static dev.orchestrator.jooq.internal.schema.Tables.CLUSTER_ALIAS;
import static dev.orchestrator.jooq.internal.schema.Tables.DOWNTIME;
import static dev.orchestrator.jooq.internal.schema.Tables.INSTANCE;
import static dev.orchestrator.jooq.internal.schema.Tables.INSTANCE_FORGOTTEN;
import static dev.orchestrator.jooq.internal.schema.Tables.PROMOTION_RULE;
import static dev.orchestrator.jooq.internal.schema.Tables.SETTING;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.when;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Downtime;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.jooq.internal.connect.Db;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.Select;
import org.jooq.SelectSelectStep;

/**
 * Reads all intent by one statement: a snapshot of one moment at any isolation level. With it comes a mark of who is
 * stored, which is cheap to count and saves the leader a statement of its own. Each kind of intent is laid out as
 * its number, {@value #TEXTS} texts, {@value #PORTS} ports and {@value #TIMES} times.
 */
final class IntentReader {
    private static final int SWITCH = 0;
    private static final int ALIAS = 1;
    private static final int RULE = 2;
    private static final int DOWN = 3;
    private static final int ROSTER = 4;
    private static final int TEXTS = 5;
    private static final int PORTS = 2;
    private static final int TIMES = 2;

    private final Db db;

    IntentReader(Db db) {
        this.db = db;
    }

    Intents read() {
        Result<Record> rows = db.read("read the operators' intent", c -> {
            Result<Record> all = c.fetch(switches()
                    .unionAll(aliases())
                    .unionAll(rules())
                    .unionAll(downtimes())
                    .unionAll(roster()));
            return all;
        });
        Snapshot snapshot = new Snapshot();
        rows.forEach(snapshot::add);
        return snapshot.intents();
    }

    private static SelectSelectStep<Record> layout(
            int kind, List<Field<String>> texts, List<Field<Integer>> ports, List<Field<Long>> times) {
        List<Field<?>> fields = new ArrayList<>();
        fields.add(inline(kind));
        fields.addAll(texts);
        for (int i = texts.size(); i < TEXTS; i++) {
            fields.add(inline(""));
        }
        fields.addAll(ports);
        for (int i = ports.size(); i < PORTS; i++) {
            fields.add(inline(0));
        }
        fields.addAll(times);
        for (int i = times.size(); i < TIMES; i++) {
            fields.add(inline(0L));
        }
        return select(fields);
    }

    private static Select<Record> switches() {
        return layout(SWITCH, List.of(SETTING.NAME, SETTING.CONTENT), List.of(), List.of())
                .from(SETTING);
    }

    private static Select<Record> aliases() {
        return layout(ALIAS, List.of(CLUSTER_ALIAS.CLUSTER_ID, CLUSTER_ALIAS.ALIAS), List.of(), List.of())
                .from(CLUSTER_ALIAS);
    }

    private Select<Record> rules() {
        return layout(
                        RULE,
                        List.of(PROMOTION_RULE.HOSTNAME, PROMOTION_RULE.PROMOTION_RULE_),
                        List.of(PROMOTION_RULE.PORT),
                        List.of())
                .from(PROMOTION_RULE)
                .where(PROMOTION_RULE.EXPIRES_AT.gt(db.now()));
    }

    private Select<Record> downtimes() {
        return layout(
                        DOWN,
                        List.of(DOWNTIME.HOSTNAME, DOWNTIME.WHO, DOWNTIME.DOOR, DOWNTIME.NODE, DOWNTIME.REASON),
                        List.of(DOWNTIME.PORT),
                        List.of(DOWNTIME.BEGUN_AT, DOWNTIME.ENDS_AT))
                .from(DOWNTIME)
                .where(DOWNTIME.ENDS_AT.gt(db.now()));
    }

    /**
     * How many servers are stored, how many must not be discovered, the last end of such a block, and, while the leader has
     * not taken in a reading of others, the present time.
     */
    private Select<Record> roster() {
        Condition blocked = INSTANCE_FORGOTTEN.BLOCKED_UNTIL.gt(db.now());
        return layout(
                ROSTER,
                List.of(),
                List.of(
                        field(select(count()).from(INSTANCE)),
                        field(select(count()).from(INSTANCE_FORGOTTEN).where(blocked))),
                List.of(
                        field(select(coalesce(max(INSTANCE_FORGOTTEN.BLOCKED_UNTIL), inline(0L)))
                                .from(INSTANCE_FORGOTTEN)),
                        when(exists(selectOne().from(INSTANCE).where(INSTANCE.UNSYNCED.isTrue())), db.now())
                                .otherwise(inline(0L))));
    }

    /** Puts the rows together. */
    private static final class Snapshot {
        private boolean recoveriesEnabled = true;
        private final Map<InstanceKey, Downtime> downtimes = new HashMap<>();
        private final Map<InstanceKey, PromotionRule> rules = new HashMap<>();
        private final Map<ClusterId, String> aliases = new HashMap<>();
        private String rosterMark = "";

        void add(Record r) {
            switch (r.get(0, Integer.class)) {
                case SWITCH -> addSwitch(text(r, 0), text(r, 1));
                case ALIAS -> aliases.put(new ClusterId(text(r, 0)), text(r, 1));
                case RULE ->
                    rules.put(key(r, 0, 0), Texts.named(PromotionRule.class, text(r, 1), PromotionRule.NEUTRAL));
                case DOWN -> addDowntime(r);
                case ROSTER -> rosterMark = port(r, 0) + "/" + port(r, 1) + "/" + time(r, 0) + "/" + time(r, 1);
                default -> throw new IllegalStateException("unknown kind of intent: " + r.get(0));
            }
        }

        private void addSwitch(String name, String content) {
            if (name.equals(JooqIntentStore.RECOVERIES_ENABLED)) {
                recoveriesEnabled = Boolean.parseBoolean(content);
            }
        }

        private void addDowntime(Record r) {
            InstanceKey key = key(r, 0, 0);
            Actor owner = new Actor(text(r, 1), Texts.named(Origin.class, text(r, 2), Origin.API), text(r, 3));
            downtimes.put(key, new Downtime(key, owner, text(r, 4), Micros.at(time(r, 0)), Micros.at(time(r, 1))));
        }

        private static InstanceKey key(Record r, int text, int port) {
            return new InstanceKey(text(r, text), port(r, port));
        }

        private static int port(Record r, int i) {
            return r.get(1 + TEXTS + i, Integer.class);
        }

        private static String text(Record r, int i) {
            return r.get(1 + i, String.class);
        }

        private static long time(Record r, int i) {
            return r.get(1 + TEXTS + PORTS + i, Long.class);
        }

        Intents intents() {
            return new Intents(recoveriesEnabled, downtimes, rules, aliases, rosterMark);
        }
    }
}
