package dev.orchestrator.jooq.internal.store;

import static dev.orchestrator.jooq.internal.schema.Tables.FENCE;
import static dev.orchestrator.jooq.internal.schema.Tables.RECOVERY;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.not;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.jooq.internal.connect.Db;
import dev.orchestrator.jooq.internal.schema.tables.FenceTable;
import dev.orchestrator.jooq.internal.schema.tables.RecoveryTable;
import dev.orchestrator.spi.FenceStore;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectConditionStep;
import org.jspecify.annotations.Nullable;

/**
 * Fences. Whether one holds is read together with the recovery it belongs to; whether it may be written is a condition of
 * the writing statement.
 */
public final class JooqFenceStore implements FenceStore {
    private static final FenceTable F = FENCE;
    private static final RecoveryTable R = RECOVERY;

    private final Db db;
    private final Rights rights;

    /** A store in that backend. */
    public JooqFenceStore(Db db) {
        this.db = db;
        this.rights = new Rights(db);
    }

    @Override
    public List<Fence> standing() {
        Condition onReplaced = R.FAILED_HOSTNAME.eq(F.HOSTNAME).and(R.FAILED_PORT.eq(F.PORT));
        Condition holds = R.UID.isNull().or(R.SUCCESSOR_HOSTNAME.isNotNull()).or(not(onReplaced));
        return db.read(
                "read the fences that stand",
                c -> c.select(F.fields())
                        .from(F)
                        .leftJoin(R)
                        .on(R.UID.eq(F.RECOVERY_UID))
                        .where(F.STATE.ne(FenceState.LIFTED.name()), holds)
                        .orderBy(F.SINCE, F.SERVER_UUID)
                        .fetch(JooqFenceStore::read));
    }

    private static Fence read(Record r) {
        return new Fence(
                r.get(F.SERVER_UUID),
                new InstanceKey(r.get(F.HOSTNAME), r.get(F.PORT)),
                new ClusterId(r.get(F.CLUSTER_ID)),
                new InstanceKey(r.get(F.SUCCESSOR_HOSTNAME), r.get(F.SUCCESSOR_PORT)),
                r.get(F.RECOVERY_UID),
                Texts.named(FenceState.class, r.get(F.STATE), FenceState.PENDING),
                r.get(F.NOTE),
                Micros.at(r.get(F.SINCE)));
    }

    @Override
    public boolean add(Fence fence, Right right) {
        Map<Field<?>, @Nullable Object> row = row(fence);
        List<Field<?>> fields = new ArrayList<>(row.keySet());
        List<Field<?>> values = new ArrayList<>();
        fields.forEach(f -> values.add(RecoveryRow.value(f, row.get(f))));
        fields.add(F.CHANGED_AT);
        values.add(db.now());
        return db.writeRepeatably(
                        "fence " + fence.instance(),
                        c -> c.insertInto(F, fields)
                                .select(select(values).where(isOpen(fence, right), rights.toGoOn(right)))
                                .onDuplicateKeyUpdate()
                                .setAllToExcluded()
                                .execute())
                > 0;
    }

    private static Map<Field<?>, @Nullable Object> row(Fence fence) {
        Map<Field<?>, @Nullable Object> row = new LinkedHashMap<>();
        row.put(F.SERVER_UUID, fence.serverUuid());
        row.put(F.HOSTNAME, fence.instance().hostname());
        row.put(F.PORT, fence.instance().port());
        row.put(F.CLUSTER_ID, fence.cluster().value());
        row.put(F.SUCCESSOR_HOSTNAME, fence.successor().hostname());
        row.put(F.SUCCESSOR_PORT, fence.successor().port());
        row.put(F.RECOVERY_UID, fence.recoveryUid());
        row.put(F.STATE, fence.state().name());
        row.put(F.NOTE, fence.note());
        row.put(F.SINCE, Micros.at(fence.since()));
        return row;
    }

    /** The recovery is under way; what a journal brings may belong to one that the same process has ended meanwhile. */
    private Condition isOpen(Fence fence, Right right) {
        Condition open = R.ACTIVE_CLUSTER.isNotNull();
        Condition mine = right.match(
                l -> open, l -> open, j -> open.or(R.ENDED_BY.eq(Texts.clip(j.nodeToken(), RecoveryRow.WRITER))));
        SelectConditionStep<?> recovery =
                selectOne().from(R).where(R.UID.eq(fence.recoveryUid())).and(mine);
        return exists(db.isSqlite() ? recovery : recovery.forShare());
    }

    @Override
    public boolean update(Fence fence, FenceState state, String note, Right right) {
        return write(fence, state, note, rights.toGoOn(right));
    }

    @Override
    public boolean end(Fence fence, String note, Right right) {
        SelectConditionStep<?> active =
                selectOne().from(R).where(R.ACTIVE_CLUSTER.eq(fence.cluster().value()));
        Condition slotIsFree = notExists(db.isSqlite() ? active : active.forShare());
        return write(fence, FenceState.LIFTED, note, rights.toGoOn(right).and(slotIsFree));
    }

    @Override
    public int purge(Duration age) {
        Field<Long> before = db.now().minus(val(Micros.span(age)));
        return db.write(
                "remove lifted fences",
                c -> c.deleteFrom(F)
                        .where(F.STATE.eq(FenceState.LIFTED.name()), F.CHANGED_AT.le(before))
                        .execute());
    }

    private boolean write(Fence fence, FenceState state, String note, Condition may) {
        return db.writeRepeatably(
                        "write the fence of " + fence.instance(),
                        c -> c.update(F)
                                .set(F.STATE, state.name())
                                .set(F.NOTE, note)
                                .set(F.CHANGED_AT, db.now())
                                .where(
                                        F.SERVER_UUID.eq(fence.serverUuid()),
                                        F.RECOVERY_UID.eq(fence.recoveryUid()),
                                        F.STATE.ne(FenceState.LIFTED.name()),
                                        may)
                                .execute())
                == 1;
    }
}
