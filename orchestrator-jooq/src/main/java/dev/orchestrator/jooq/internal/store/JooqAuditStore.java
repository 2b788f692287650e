package dev.orchestrator.jooq.internal.store;

import static dev.orchestrator.jooq.internal.schema.Tables.AUDIT;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.val;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.jooq.internal.connect.Db;
import dev.orchestrator.spi.AuditStore;
import java.time.Duration;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.InsertValuesStepN;
import org.jooq.Query;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** The audit trail. */
public final class JooqAuditStore implements AuditStore {
    private static final int ROWS_AT_ONCE = 500;
    private static final List<Field<?>> FIELDS = List.of(
            AUDIT.AT,
            AUDIT.TYPE,
            AUDIT.HOSTNAME,
            AUDIT.PORT,
            AUDIT.CLUSTER_NAME,
            AUDIT.WHO,
            AUDIT.DOOR,
            AUDIT.NODE,
            AUDIT.MESSAGE);

    private final Db db;
    private final ManyRows append;

    /** A store in that backend. */
    public JooqAuditStore(Db db) {
        this.db = db;
        this.append = new ManyRows(rows -> append(db, rows));
    }

    @Override
    public void append(List<AuditEntry> entries) {
        for (int from = 0; from < entries.size(); from += ROWS_AT_ONCE) {
            insert(entries.subList(from, Math.min(entries.size(), from + ROWS_AT_ONCE)));
        }
    }

    private void insert(List<AuditEntry> entries) {
        List<@Nullable Object[]> rows =
                entries.stream().map(JooqAuditStore::row).toList();
        db.write("write " + rows.size() + " audit entries", c -> append.execute(c, rows));
    }

    private static @Nullable Object[] row(AuditEntry entry) {
        InstanceKey instance = entry.instance();
        return new @Nullable Object[] {
            Texts.clip(entry.type(), 300),
            instance == null ? null : instance.hostname(),
            instance == null ? null : instance.port(),
            Texts.clip(entry.clusterName(), 300),
            entry.actor().who(),
            entry.actor().origin().name(),
            Texts.clip(entry.actor().node(), 300),
            entry.message()
        };
    }

    private static Query append(Db db, int rows) {
        InsertValuesStepN<Record> insert = db.layout().insertInto(AUDIT, FIELDS);
        for (int i = 0; i < rows; i++) {
            insert = insert.values(db.now(), "", "", 0, "", "", "", "", "");
        }
        return insert;
    }

    @Override
    public List<AuditEntry> read(@Nullable InstanceKey instance, int offset, int limit) {
        Condition which = instance == null
                ? noCondition()
                : AUDIT.HOSTNAME.eq(instance.hostname()).and(AUDIT.PORT.eq(instance.port()));
        return db.read(
                "read the audit trail",
                c -> c.selectFrom(AUDIT)
                        .where(which)
                        .orderBy(AUDIT.ID.desc())
                        .limit(Math.max(0, limit))
                        .offset(Math.max(0, offset))
                        .fetch(JooqAuditStore::entry));
    }

    private static AuditEntry entry(Record r) {
        return new AuditEntry(
                r.get(AUDIT.ID),
                Micros.at(r.get(AUDIT.AT)),
                r.get(AUDIT.TYPE),
                Texts.key(r.get(AUDIT.HOSTNAME), r.get(AUDIT.PORT)),
                r.get(AUDIT.CLUSTER_NAME),
                new Actor(
                        r.get(AUDIT.WHO), Texts.named(Origin.class, r.get(AUDIT.DOOR), Origin.API), r.get(AUDIT.NODE)),
                r.get(AUDIT.MESSAGE));
    }

    @Override
    public int purge(Duration age) {
        int removed = 0;
        List<Long> ids;
        do {
            ids = db.read(
                    "find old audit entries",
                    c -> c.select(AUDIT.ID)
                            .from(AUDIT)
                            .where(AUDIT.AT.lt(db.now().minus(val(Micros.span(age)))))
                            .orderBy(AUDIT.AT)
                            .limit(ROWS_AT_ONCE)
                            .fetch(AUDIT.ID));
            List<Long> old = ids;
            // A few at a time: short locks, and small transactions for a replicated backend.
            removed += old.isEmpty()
                    ? 0
                    : db.write(
                            "remove old audit entries",
                            c -> c.deleteFrom(AUDIT).where(AUDIT.ID.in(old)).execute());
        } while (ids.size() == ROWS_AT_ONCE);
        return removed;
    }
}
