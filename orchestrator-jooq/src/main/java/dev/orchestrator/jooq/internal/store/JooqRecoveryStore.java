package dev.orchestrator.jooq.internal.store;

import static dev.orchestrator.jooq.internal.schema.Tables.FENCE;
import static dev.orchestrator.jooq.internal.schema.Tables.RECOVERY;
import static dev.orchestrator.jooq.internal.schema.Tables.RECOVERY_STEP;
import static org.jooq.impl.DSL.castNull;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;
import static org.jooq.impl.DSL.when;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.api.recovery.RecoveryType.BlockScope;
import dev.orchestrator.jooq.internal.connect.Db;
import dev.orchestrator.jooq.internal.connect.DuplicateKeyException;
import dev.orchestrator.jooq.internal.schema.tables.RecoveryTable;
import dev.orchestrator.spi.RecoveryStore;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * Recoveries. The slot is a unique column that holds the cluster while the recovery is active; that the lease is the
 * current one is a condition of the writing statement itself.
 */
public final class JooqRecoveryStore implements RecoveryStore {
    private static final RecoveryTable T = RECOVERY;
    private static final int PURGED_AT_ONCE = 200;
    private static final int MOST_BLOCKING = 1000;

    private final Db db;
    private final Rights rights;

    /** A store in that backend. */
    public JooqRecoveryStore(Db db) {
        this.db = db;
        this.rights = new Rights(db);
    }

    @Override
    public Registration register(RecoveryRecord recovery, Right right) {
        Map<Field<?>, @Nullable Object> row = RecoveryRow.identity(recovery);
        row.putAll(RecoveryRow.state(recovery));
        List<Field<?>> fields = new ArrayList<>(row.keySet());
        List<Field<?>> values = new ArrayList<>();
        fields.forEach(f -> values.add(RecoveryRow.value(f, row.get(f))));
        try {
            int rows = db.write(
                    "register recovery " + recovery.uid() + " of " + recovery.failed(),
                    c -> c.insertInto(T, fields)
                            .select(select(values).where(rights.toBegin(right)))
                            .execute());
            return new Registration(
                    rows == 1 ? Registration.Outcome.REGISTERED : Registration.Outcome.STALE_EPOCH, null);
        } catch (DuplicateKeyException e) {
            return refused(recovery);
        }
    }

    private Registration refused(RecoveryRecord recovery) {
        // The same recovery registered twice: an answer was lost and the caller tried again.
        boolean known = find(RecoveryFilter.byUid(recovery.uid())).stream().anyMatch(RecoveryRecord::isActive);
        if (known) {
            return new Registration(Registration.Outcome.REGISTERED, null);
        }
        RecoveryRecord other = read(
                        "find the active recovery of cluster " + recovery.cluster(),
                        T.ACTIVE_CLUSTER.eq(recovery.cluster().value()),
                        0,
                        1)
                .stream()
                .findFirst()
                .orElse(null);
        return new Registration(Registration.Outcome.CLUSTER_BUSY, other);
    }

    @Override
    public boolean update(RecoveryRecord recovery, Right right) {
        String writer = Texts.clip(right.writer(), RecoveryRow.WRITER);
        boolean over = !recovery.isActive();
        Map<Field<?>, @Nullable Object> row = RecoveryRow.state(recovery);
        String call = UUID.randomUUID().toString();
        row.put(T.WRITTEN_BY, call);
        if (over) {
            row.put(T.ACTIVE_CLUSTER, castNull(String.class));
            row.put(T.ENDED_BY, writer);
        }
        // Of this very call, which is repeated when its answer is lost, the first may have been carried out.
        Condition newer = T.VERSION
                .lt(recovery.version())
                .or(T.VERSION.eq(recovery.version()).and(T.WRITTEN_BY.eq(call)));
        Condition mayWrite = mayGoOn(right);
        Condition mayComplete = over ? mayComplete(right, writer) : falseCondition();
        return db.writeRepeatably(
                        "write recovery " + recovery.uid(),
                        c -> c.update(T)
                                .set(row)
                                .where(T.UID.eq(recovery.uid()), newer, mayWrite.or(mayComplete))
                                .execute())
                == 1;
    }

    private Condition mayGoOn(Right right) {
        return T.ACTIVE_CLUSTER.isNotNull().and(rights.toGoOn(right));
    }

    /** What has ended may be completed by who ended it, and by a leader; nobody makes it active again. */
    private Condition mayComplete(Right right, String writer) {
        Condition mine = T.ENDED_BY.eq(writer);
        Condition may = right.match(rights::toGoOn, lock -> mine, journal -> mine);
        return T.ACTIVE_CLUSTER.isNull().and(may);
    }

    @Override
    public void saveStep(RecoveryStepRecord step) {
        InstanceKey about = step.instance();
        db.writeRepeatably(
                "write step " + step.number() + " of recovery " + step.recoveryUid(),
                c -> c.insertInto(RECOVERY_STEP)
                        .set(RECOVERY_STEP.RECOVERY_UID, step.recoveryUid())
                        .set(RECOVERY_STEP.NUMBER, step.number())
                        .set(RECOVERY_STEP.BEGUN_AT, Micros.at(step.at()))
                        .set(RECOVERY_STEP.PHASE, Texts.clip(step.phase(), 300))
                        .set(RECOVERY_STEP.HOSTNAME, about == null ? null : about.hostname())
                        .set(RECOVERY_STEP.PORT, about == null ? null : about.port())
                        .set(RECOVERY_STEP.DESCRIPTION, step.description())
                        .set(RECOVERY_STEP.STATE, step.state().name())
                        .set(RECOVERY_STEP.RESULT, step.result())
                        .set(RECOVERY_STEP.DURATION, Micros.span(step.duration()))
                        .onDuplicateKeyUpdate()
                        .set(RECOVERY_STEP.DESCRIPTION, ifNewer(RECOVERY_STEP.DESCRIPTION))
                        .set(RECOVERY_STEP.RESULT, ifNewer(RECOVERY_STEP.RESULT))
                        .set(RECOVERY_STEP.DURATION, ifNewer(RECOVERY_STEP.DURATION))
                        // Last: MySQL sets one after the other, and the condition looks at it.
                        .set(RECOVERY_STEP.STATE, ifNewer(RECOVERY_STEP.STATE))
                        .execute());
    }

    /** A row that reaches the backend late does not undo the end of its step, nor a later attempt's. */
    private static <T> Field<T> ifNewer(Field<T> column) {
        String running = RecoveryStepRecord.State.RUNNING.name();
        Condition standsFirst = RECOVERY_STEP.STATE.eq(running);
        Condition laterEnd = RECOVERY_STEP
                .STATE
                .ne(RecoveryStepRecord.State.DONE.name())
                .and(excluded(RECOVERY_STEP.STATE).ne(running))
                .and(excluded(RECOVERY_STEP.DURATION).ge(RECOVERY_STEP.DURATION));
        return when(standsFirst.or(laterEnd), excluded(column)).otherwise(column);
    }

    @Override
    public List<RecoveryRecord> find(RecoveryFilter filter) {
        return read("read recoveries", matches(filter), filter.offset(), filter.limit());
    }

    private List<RecoveryRecord> read(String what, Condition which, int offset, int limit) {
        return db.read(
                what,
                c -> c.selectFrom(T)
                        .where(which)
                        .orderBy(T.ID.desc())
                        .limit(Math.max(0, limit))
                        .offset(Math.max(0, offset))
                        .fetch(RecoveryRow::read));
    }

    private static Condition matches(RecoveryFilter f) {
        Condition all = noCondition();
        all = f.uid() == null ? all : all.and(T.UID.eq(f.uid()));
        all = f.id() == null ? all : all.and(T.ID.eq(f.id()));
        all = f.cluster() == null ? all : all.and(T.CLUSTER_ID.eq(f.cluster().value()));
        if (f.clusterName() != null) {
            all = all.and(T.CLUSTER_NAME.eq(f.clusterName()).or(T.CLUSTER_ALIAS.eq(f.clusterName())));
        }
        InstanceKey failed = f.failed();
        if (failed != null) {
            all = all.and(T.FAILED_HOSTNAME.eq(failed.hostname())).and(T.FAILED_PORT.eq(failed.port()));
        }
        all = f.activeOnly() ? all.and(T.ACTIVE_CLUSTER.isNotNull()) : all;
        return f.unacknowledgedOnly() ? all.and(T.ACKNOWLEDGED.eq(false)) : all;
    }

    @Override
    public List<RecoveryStepRecord> steps(String uid) {
        return db.read(
                "read the steps of recovery " + uid,
                c -> c.selectFrom(RECOVERY_STEP)
                        .where(RECOVERY_STEP.RECOVERY_UID.eq(uid))
                        .orderBy(RECOVERY_STEP.NUMBER)
                        .fetch(r -> new RecoveryStepRecord(
                                r.get(RECOVERY_STEP.RECOVERY_UID),
                                r.get(RECOVERY_STEP.NUMBER),
                                Micros.at(r.get(RECOVERY_STEP.BEGUN_AT)),
                                r.get(RECOVERY_STEP.PHASE),
                                Texts.key(r.get(RECOVERY_STEP.HOSTNAME), r.get(RECOVERY_STEP.PORT)),
                                r.get(RECOVERY_STEP.DESCRIPTION),
                                Texts.named(
                                        RecoveryStepRecord.State.class,
                                        r.get(RECOVERY_STEP.STATE),
                                        RecoveryStepRecord.State.NOTE),
                                r.get(RECOVERY_STEP.RESULT),
                                Micros.duration(r.get(RECOVERY_STEP.DURATION)))));
    }

    @Override
    public List<RecoveryRecord> blocking(ClusterId cluster, Duration period) {
        Condition same = T.CLUSTER_ID.eq(cluster.value());
        return blocking("cluster " + cluster, same, BlockScope.CLUSTER, period);
    }

    @Override
    public List<RecoveryRecord> blockingIntermediate(InstanceKey failed, Duration period) {
        Condition same = T.FAILED_HOSTNAME.eq(failed.hostname()).and(T.FAILED_PORT.eq(failed.port()));
        return blocking(failed.toString(), same, BlockScope.INSTANCE, period);
    }

    private List<RecoveryRecord> blocking(String what, Condition which, BlockScope scope, Duration period) {
        Condition blocks =
                which.and(T.ACKNOWLEDGED.eq(false)).and(T.ENDED_AT.gt(db.now().minus(val(Micros.span(period)))));
        // Rows of older programs have no kind, it follows from what they have: so the rows are looked at here.
        return read("find what blocks a recovery of " + what, blocks, 0, MOST_BLOCKING).stream()
                .filter(r -> r.type().blockScope() == scope)
                .toList();
    }

    @Override
    public int acknowledge(RecoveryFilter filter, Actor by, String comment) {
        // Only what there is now: a statement that is carried out late must not acknowledge what begins later.
        Long newest = db.read(
                "find the recoveries to acknowledge",
                c -> c.select(max(T.ID)).from(T).where(matches(filter)).fetchOne(0, Long.class));
        if (newest == null) {
            return 0;
        }
        return db.write(
                "acknowledge recoveries",
                c -> c.update(T)
                        .set(T.ACKNOWLEDGED, true)
                        .set(T.ACKNOWLEDGED_AT, db.now())
                        .set(T.ACKNOWLEDGED_BY, by.who())
                        .set(T.ACKNOWLEDGED_COMMENT, comment)
                        .where(matches(filter), T.ID.le(newest), T.ACKNOWLEDGED.eq(false))
                        .execute());
    }

    @Override
    public int purge(Duration age) {
        int removed = 0;
        List<String> uids;
        do {
            uids = db.read(
                    "find old recoveries",
                    c -> c.select(T.UID)
                            .from(T)
                            .where(
                                    T.ACTIVE_CLUSTER.isNull(),
                                    T.ENDED_AT.lt(db.now().minus(val(Micros.span(age)))))
                            .orderBy(T.ID)
                            .limit(PURGED_AT_ONCE)
                            .fetch(T.UID));
            if (!uids.isEmpty()) {
                removed += purge(uids);
            }
        } while (uids.size() == PURGED_AT_ONCE);
        return removed;
    }

    private int purge(List<String> uids) {
        // What is interrupted in between is found again by the recovery, which is removed last. A fence that never came
        // to hold, because nobody was made writable, must not begin to when its recovery is not known any more.
        db.write(
                "remove fences of old recoveries that promoted nobody",
                c -> c.deleteFrom(FENCE)
                        .where(FENCE.RECOVERY_UID.in(
                                select(T.UID).from(T).where(T.UID.in(uids), T.SUCCESSOR_HOSTNAME.isNull())))
                        .execute());
        db.write(
                "remove steps of old recoveries",
                c -> c.deleteFrom(RECOVERY_STEP)
                        .where(RECOVERY_STEP.RECOVERY_UID.in(uids))
                        .execute());
        return db.write(
                "remove old recoveries",
                c -> c.deleteFrom(T).where(T.UID.in(uids)).execute());
    }
}
