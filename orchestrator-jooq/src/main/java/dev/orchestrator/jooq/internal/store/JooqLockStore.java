package dev.orchestrator.jooq.internal.store;

import static dev.orchestrator.jooq.internal.schema.Tables.MAINTENANCE_LOCK;
import static org.jooq.impl.DSL.castNull;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.val;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.jooq.internal.connect.Db;
import dev.orchestrator.jooq.internal.connect.DuplicateKeyException;
import dev.orchestrator.jooq.internal.schema.tables.MaintenanceLockTable;
import dev.orchestrator.spi.LockStore;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.InsertValuesStepN;
import org.jooq.Record;

/**
 * Maintenance locks. All locks of an attempt are rows of one INSERT, in key order: a unique key admits all of them or
 * none, whatever others do at the same moment. An exclusive one keeps the slot of its instance in that key.
 */
public final class JooqLockStore implements LockStore {
    private static final MaintenanceLockTable L = MAINTENANCE_LOCK;
    private static final int ATTEMPTS = 50;
    private static final List<Field<?>> FIELDS = List.of(
            L.HOSTNAME, L.PORT, L.ACTIVE, L.TOKEN, L.WHO, L.DOOR, L.NODE, L.REASON, L.BEGUN_AT, L.EXPIRES_AT, L.SHARED);

    private final Db db;
    private final Field<Long> age;

    /** A store in that backend. */
    public JooqLockStore(Db db) {
        this.db = db;
        this.age = db.now().minus(L.BEGUN_AT).as("age");
    }

    @Override
    public Attempt acquire(LockRequest request, Actor owner, String reason, Duration duration) {
        SortedSet<InstanceKey> keys = request.all();
        String token = request.newToken();
        if (keys.isEmpty()) {
            return new Attempt(token, List.of());
        }
        Rows rows = new Rows(request, token, owner, reason, duration);
        for (int i = 0; i < ATTEMPTS; i++) {
            List<LockInfo> blockers = locks("find the locks of " + keys, isOneOf(keys)).stream()
                    .filter(l -> request.isBlockedBy(l.instance(), l.shared()))
                    .toList();
            if (!blockers.isEmpty()) {
                return new Attempt(null, blockers);
            }
            if (i > 0) {
                endExpired(keys);
            }
            if (insert(rows)) {
                return new Attempt(token, List.of());
            }
        }
        throw new OrchestratorException(
                ErrorCode.LOCKED,
                "cannot lock " + keys + ": others took and left locks on them " + ATTEMPTS
                        + " times meanwhile; try again");
    }

    /** What is to be written down. */
    private record Rows(LockRequest request, String token, Actor owner, String reason, Duration duration) {}

    private boolean insert(Rows rows) {
        LockRequest request = rows.request();
        String what = "lock " + request.all();
        try {
            if (request.overShared() && request.shared().isEmpty()) {
                db.write(what, c -> insert(c, rows));
                return true;
            }
            return db.transaction(what, c -> insertBesideShared(c, rows));
        } catch (DuplicateKeyException | SharedThere e) {
            return false;
        }
    }

    /**
     * Every row goes through the slot of its instance's exclusive lock, a shared one too, which leaves it before others
     * see it. So an exclusive lock and a shared one never pass each other: whoever comes later waits for the slot until
     * the earlier one is to be seen.
     */
    private boolean insertBesideShared(DSLContext c, Rows rows) {
        insert(c, rows);
        LockRequest request = rows.request();
        if (!request.shared().isEmpty()) {
            c.update(L)
                    .set(L.ACTIVE, castNull(Integer.class))
                    .where(L.TOKEN.eq(rows.token()), L.SHARED.eq(1))
                    .execute();
        }
        if (!request.overShared() && !request.exclusive().isEmpty()) {
            Condition inTheWay =
                    isOneOf(request.exclusive()).and(L.SHARED.eq(1)).and(holds());
            if (c.fetchExists(c.selectOne().from(L).where(inTheWay))) {
                throw new SharedThere();
            }
        }
        return true;
    }

    /** Takes a transaction back. */
    private static final class SharedThere extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SharedThere() {
            super("somebody holds a shared lock", null, false, false);
        }
    }

    private int insert(DSLContext c, Rows rows) {
        InsertValuesStepN<Record> insert = c.insertInto(L, FIELDS);
        for (InstanceKey key : rows.request().all()) {
            insert = insert.values(
                    key.hostname(),
                    key.port(),
                    1,
                    rows.token(),
                    rows.owner().who(),
                    rows.owner().origin().name(),
                    Texts.clip(rows.owner().node(), 300),
                    rows.reason(),
                    db.now(),
                    fromNow(rows.duration()),
                    rows.request().shared().contains(key) ? 1 : 0);
        }
        return insert.execute();
    }

    /**
     * Makes room where a crashed owner's locks have run out. Looked for without locking rows, and ended by number: among
     * many that want the same locks, an update by range would stand in everybody's way.
     */
    private void endExpired(Collection<InstanceKey> keys) {
        Condition runOut = L.ACTIVE.eq(1).and(L.EXPIRES_AT.le(db.now()));
        List<Long> expired = db.read(
                "find locks that have run out",
                c -> c.select(L.ID).from(L).where(isOneOf(keys), runOut).fetch(L.ID));
        for (long id : expired) {
            db.write(
                    "end a lock that has run out",
                    c -> c.update(L)
                            .set(L.ACTIVE, castNull(Integer.class))
                            .set(L.ENDED_AT, L.EXPIRES_AT)
                            .where(L.ID.eq(id), runOut)
                            .execute());
        }
    }

    private static Condition isOneOf(Collection<InstanceKey> keys) {
        return keys.stream().map(JooqLockStore::is).reduce(Condition::or).orElseThrow();
    }

    private static Condition is(InstanceKey key) {
        return row(L.HOSTNAME, L.PORT).eq(key.hostname(), key.port());
    }

    private Field<Long> fromNow(Duration duration) {
        return db.now().plus(val(Micros.span(duration)));
    }

    /** The condition that a lock holds. */
    private Condition holds() {
        return L.ENDED_AT.isNull().and(L.EXPIRES_AT.gt(db.now()));
    }

    @Override
    public int extend(String token, Duration duration) {
        return db.writeRepeatably(
                "extend locks",
                c -> c.update(L)
                        .set(L.EXPIRES_AT, fromNow(duration))
                        .where(L.TOKEN.eq(token), holds())
                        .execute());
    }

    @Override
    public int release(String token) {
        return db.write("release locks", c -> end(c, L.TOKEN.eq(token)));
    }

    private int end(DSLContext c, Condition which) {
        return c.update(L)
                .set(L.ACTIVE, castNull(Integer.class))
                .set(L.ENDED_AT, db.now())
                .where(which, holds())
                .execute();
    }

    @Override
    public Optional<LockInfo> end(InstanceKey instance) {
        return end("end the lock of " + instance, is(instance).and(L.SHARED.eq(0)));
    }

    @Override
    public Optional<LockInfo> end(long id) {
        return end("end lock " + id, L.ID.eq(id));
    }

    private Optional<LockInfo> end(String what, Condition which) {
        // Read, then end exactly what was read: if somebody else is quicker, it is not ours to report.
        return locks(what, which).stream()
                .filter(lock -> db.write(what, c -> end(c, L.ID.eq(lock.id()))) == 1)
                .findFirst();
    }

    @Override
    public Optional<LockInfo> find(InstanceKey instance) {
        return locks("find the lock of " + instance, is(instance).and(L.SHARED.eq(0))).stream()
                .findFirst();
    }

    @Override
    public List<LockInfo> active() {
        return locks("read the locks", noCondition());
    }

    private List<LockInfo> locks(String what, Condition which) {
        return db.read(
                what,
                c -> c.select(
                                L.ID,
                                L.HOSTNAME,
                                L.PORT,
                                L.WHO,
                                L.DOOR,
                                L.NODE,
                                L.REASON,
                                L.TOKEN,
                                L.BEGUN_AT,
                                L.EXPIRES_AT,
                                L.SHARED,
                                age)
                        .from(L)
                        .where(which, holds())
                        .orderBy(L.HOSTNAME, L.PORT, L.ID)
                        .fetch(this::lock));
    }

    private LockInfo lock(Record r) {
        return new LockInfo(
                r.get(L.ID),
                new InstanceKey(r.get(L.HOSTNAME), r.get(L.PORT)),
                new Actor(r.get(L.WHO), Texts.named(Origin.class, r.get(L.DOOR), Origin.API), r.get(L.NODE)),
                r.get(L.REASON),
                r.get(L.TOKEN),
                Micros.at(r.get(L.BEGUN_AT)),
                Micros.at(r.get(L.EXPIRES_AT)),
                Micros.duration(r.get(age)),
                r.get(L.SHARED) == 1);
    }

    @Override
    public int purge(Duration age) {
        Field<Long> before = db.now().minus(val(Micros.span(age)));
        return db.write(
                "remove old locks",
                c -> c.deleteFrom(L)
                        .where(L.ENDED_AT.le(before).or(L.ENDED_AT.isNull().and(L.EXPIRES_AT.le(before))))
                        .execute());
    }
}
