package dev.orchestrator.jooq.internal.store;

import static dev.orchestrator.jooq.internal.schema.Tables.CLUSTER_ALIAS;
import static dev.orchestrator.jooq.internal.schema.Tables.DOWNTIME;
import static dev.orchestrator.jooq.internal.schema.Tables.PROMOTION_RULE;
import static dev.orchestrator.jooq.internal.schema.Tables.SETTING;
import static org.jooq.impl.DSL.val;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.jooq.internal.connect.Db;
import dev.orchestrator.spi.IntentStore;
import java.time.Duration;
import org.jooq.Field;

/** What operators want. */
public final class JooqIntentStore implements IntentStore {
    static final String RECOVERIES_ENABLED = "recoveries_enabled";
    /** How long intent that has run out stays for people to look at. */
    private static final Duration KEPT = Duration.ofDays(7);

    private final Db db;
    private final IntentReader reader;

    /** A store in that backend. */
    public JooqIntentStore(Db db) {
        this.db = db;
        this.reader = new IntentReader(db);
    }

    @Override
    public Intents read() {
        return reader.read();
    }

    private Field<Long> fromNow(Duration duration) {
        return db.now().plus(val(Micros.span(duration)));
    }

    private Field<Long> longAgo() {
        return db.now().minus(val(Micros.span(KEPT)));
    }

    @Override
    public void beginDowntime(InstanceKey instance, Actor owner, String reason, Duration duration) {
        db.writeRepeatably(
                "begin a downtime of " + instance,
                c -> c.insertInto(DOWNTIME)
                        .set(DOWNTIME.HOSTNAME, instance.hostname())
                        .set(DOWNTIME.PORT, instance.port())
                        .set(DOWNTIME.WHO, owner.who())
                        .set(DOWNTIME.DOOR, owner.origin().name())
                        .set(DOWNTIME.NODE, Texts.clip(owner.node(), 300))
                        .set(DOWNTIME.REASON, reason)
                        .set(DOWNTIME.BEGUN_AT, db.now())
                        .set(DOWNTIME.ENDS_AT, fromNow(duration))
                        .onDuplicateKeyUpdate()
                        .setAllToExcluded()
                        .execute());
        db.writeRepeatably(
                "remove old downtimes",
                c -> c.deleteFrom(DOWNTIME)
                        .where(DOWNTIME.ENDS_AT.lt(longAgo()))
                        .execute());
    }

    @Override
    public boolean endDowntime(InstanceKey instance) {
        return db.write(
                        "end the downtime of " + instance,
                        c -> c.update(DOWNTIME)
                                .set(DOWNTIME.ENDS_AT, db.now())
                                .where(
                                        DOWNTIME.HOSTNAME.eq(instance.hostname()),
                                        DOWNTIME.PORT.eq(instance.port()),
                                        DOWNTIME.ENDS_AT.gt(db.now()))
                                .execute())
                > 0;
    }

    @Override
    public void setPromotionRule(InstanceKey instance, PromotionRule rule, Duration duration) {
        db.writeRepeatably(
                "set the promotion rule of " + instance,
                c -> c.insertInto(PROMOTION_RULE)
                        .set(PROMOTION_RULE.HOSTNAME, instance.hostname())
                        .set(PROMOTION_RULE.PORT, instance.port())
                        .set(PROMOTION_RULE.PROMOTION_RULE_, rule.name())
                        .set(PROMOTION_RULE.EXPIRES_AT, fromNow(duration))
                        .onDuplicateKeyUpdate()
                        .setAllToExcluded()
                        .execute());
        db.writeRepeatably(
                "remove old promotion rules",
                c -> c.deleteFrom(PROMOTION_RULE)
                        .where(PROMOTION_RULE.EXPIRES_AT.lt(longAgo()))
                        .execute());
    }

    @Override
    public void setRecoveriesEnabled(boolean enabled, Actor by) {
        db.writeRepeatably(
                "switch recoveries " + (enabled ? "on" : "off"),
                c -> c.insertInto(SETTING)
                        .set(SETTING.NAME, RECOVERIES_ENABLED)
                        .set(SETTING.CONTENT, Boolean.toString(enabled))
                        .set(SETTING.WHO, by.who())
                        .set(SETTING.DOOR, by.origin().name())
                        .set(SETTING.NODE, Texts.clip(by.node(), 300))
                        .set(SETTING.CHANGED_AT, db.now())
                        .onDuplicateKeyUpdate()
                        .setAllToExcluded()
                        .execute());
    }

    @Override
    public void setClusterAlias(ClusterId cluster, String alias) {
        if (alias.isBlank()) {
            db.writeRepeatably(
                    "remove the alias of cluster " + cluster,
                    c -> c.deleteFrom(CLUSTER_ALIAS)
                            .where(CLUSTER_ALIAS.CLUSTER_ID.eq(cluster.value()))
                            .execute());
            return;
        }
        db.writeRepeatably(
                "set the alias of cluster " + cluster,
                c -> c.insertInto(CLUSTER_ALIAS)
                        .set(CLUSTER_ALIAS.CLUSTER_ID, cluster.value())
                        .set(CLUSTER_ALIAS.ALIAS, alias)
                        .set(CLUSTER_ALIAS.CHANGED_AT, db.now())
                        .onDuplicateKeyUpdate()
                        .setAllToExcluded()
                        .execute());
    }
}
