package dev.orchestrator.jooq.internal.store;

import static dev.orchestrator.jooq.internal.schema.Tables.LEASE;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.val;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.jooq.internal.connect.Db;
import dev.orchestrator.jooq.internal.connect.DuplicateKeyException;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.LeaseStore;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * Leases: one row each, changed only by single statements that name the tenure they replace, so that it does not matter
 * who read what before. The row is never deleted, so that its epoch never shrinks.
 */
public final class JooqLeaseStore implements LeaseStore {
    private static final int SEIZE_ATTEMPTS = 100;

    private final Db db;

    /** A store in that backend. */
    public JooqLeaseStore(Db db) {
        this.db = db;
    }

    /** Rows of the lease table that are this tenure, whether or not it has run out. */
    static Condition isTenure(Lease lease) {
        return LEASE.NAME.eq(lease.name()).and(LEASE.EPOCH.eq(lease.epoch())).and(LEASE.TOKEN.eq(lease.token()));
    }

    @Override
    public Optional<Lease> acquire(String name, String holder, Duration ttl) {
        HeldLease last = read(name);
        if (last != null && last.expiresIn() > 0) {
            return Optional.empty();
        }
        return begin(last, true, name, holder, ttl);
    }

    @Override
    public Lease seize(String name, String holder, Duration ttl) {
        for (int i = 0; i < SEIZE_ATTEMPTS; i++) {
            Optional<Lease> lease = begin(read(name), false, name, holder, ttl);
            if (lease.isPresent()) {
                return lease.get();
            }
        }
        throw new OrchestratorException(
                ErrorCode.BACKEND_UNAVAILABLE,
                "cannot seize the lease " + name + " for " + holder + ": others changed it " + SEIZE_ATTEMPTS
                        + " times meanwhile; try again");
    }

    @Override
    public Optional<Lease> succeed(Lease former) {
        String token = UUID.randomUUID().toString();
        long epoch = former.epoch() + 1;
        Lease next = new Lease(former.name(), former.holder(), token, epoch, former.ttl());
        String what = "take the lease " + former.name() + " after epoch " + former.epoch();
        // A row that is older than the former tenure lost the news of it, and is of somebody who was replaced by it.
        Condition behind =
                LEASE.EPOCH.lt(former.epoch()).or(LEASE.EPOCH.eq(former.epoch()).and(LEASE.TOKEN.eq(former.token())));
        boolean ours = read(former.name()) == null
                ? isFirst(() -> db.write(what, c -> insert(c, next)))
                : db.write(
                        what,
                        c -> c.update(LEASE)
                                        .set(LEASE.HOLDER, Texts.clip(next.holder(), 300))
                                        .set(LEASE.TOKEN, token)
                                        .set(LEASE.EPOCH, epoch)
                                        .set(LEASE.SINCE, db.now())
                                        .set(LEASE.RENEWED_AT, db.now())
                                        .set(LEASE.EXPIRES_AT, fromNow(next.ttl()))
                                        .where(LEASE.NAME.eq(next.name()), behind)
                                        .execute()
                                == 1);
        return ours ? Optional.of(next) : Optional.empty();
    }

    private Optional<Lease> begin(
            @Nullable HeldLease last, boolean onlyIfExpired, String name, String holder, Duration ttl) {
        String token = UUID.randomUUID().toString();
        long epoch = last == null ? 1 : last.epoch() + 1;
        String what = "take the lease " + name + " for " + holder;
        boolean ours = last == null
                ? isFirst(() -> db.write(what, c -> insert(c, new Lease(name, holder, token, 1, ttl))))
                : db.write(
                        what,
                        c -> c.update(LEASE)
                                        .set(LEASE.HOLDER, Texts.clip(holder, 300))
                                        .set(LEASE.TOKEN, token)
                                        .set(LEASE.EPOCH, epoch)
                                        .set(LEASE.SINCE, db.now())
                                        .set(LEASE.RENEWED_AT, db.now())
                                        .set(LEASE.EXPIRES_AT, fromNow(ttl))
                                        .where(
                                                LEASE.NAME.eq(name),
                                                LEASE.EPOCH.eq(last.epoch()),
                                                LEASE.TOKEN.eq(last.token()))
                                        .and(onlyIfExpired ? LEASE.EXPIRES_AT.le(db.now()) : noCondition())
                                        .execute()
                                == 1);
        return ours ? Optional.of(new Lease(name, holder, token, epoch, ttl)) : Optional.empty();
    }

    private static boolean isFirst(BooleanSupplier insert) {
        try {
            return insert.getAsBoolean();
        } catch (DuplicateKeyException e) {
            return false;
        }
    }

    private boolean insert(DSLContext c, Lease lease) {
        return c.insertInto(LEASE)
                        .set(LEASE.NAME, lease.name())
                        .set(LEASE.HOLDER, Texts.clip(lease.holder(), 300))
                        .set(LEASE.TOKEN, lease.token())
                        .set(LEASE.EPOCH, lease.epoch())
                        .set(LEASE.SINCE, db.now())
                        .set(LEASE.RENEWED_AT, db.now())
                        .set(LEASE.EXPIRES_AT, fromNow(lease.ttl()))
                        .execute()
                == 1;
    }

    private Field<Long> fromNow(Duration ttl) {
        return db.now().plus(val(Micros.span(ttl)));
    }

    @Override
    public boolean renew(Lease lease) {
        return db.write(
                        "renew the lease " + lease,
                        c -> c.update(LEASE)
                                .set(LEASE.RENEWED_AT, db.now())
                                .set(LEASE.EXPIRES_AT, fromNow(lease.ttl()))
                                .where(isTenure(lease), LEASE.EXPIRES_AT.gt(db.now()))
                                .execute())
                == 1;
    }

    @Override
    public boolean release(Lease lease) {
        return db.write(
                        "release the lease " + lease,
                        c -> c.update(LEASE)
                                .set(LEASE.EXPIRES_AT, inline(0L))
                                .where(isTenure(lease), LEASE.EXPIRES_AT.gt(db.now()))
                                .execute())
                == 1;
    }

    @Override
    public void vacate(String name) {
        db.writeRepeatably(
                "vacate the lease " + name,
                c -> c.update(LEASE)
                        .set(LEASE.EXPIRES_AT, inline(0L))
                        .where(LEASE.NAME.eq(name))
                        .execute());
    }

    @Override
    public Optional<Holding> current(String name) {
        HeldLease t = read(name);
        if (t == null || t.expiresIn() <= 0) {
            return Optional.empty();
        }
        return Optional.of(new Holding(
                t.holder(),
                t.token(),
                t.epoch(),
                Micros.at(t.since()),
                Micros.at(t.renewedAt()),
                Micros.duration(t.expiresIn())));
    }

    private record HeldLease(String holder, String token, long epoch, long since, long renewedAt, long expiresIn) {}

    private @Nullable HeldLease read(String name) {
        return db.read(
                "read the lease " + name,
                c -> c.select(
                                LEASE.HOLDER,
                                LEASE.TOKEN,
                                LEASE.EPOCH,
                                LEASE.SINCE,
                                LEASE.RENEWED_AT,
                                LEASE.EXPIRES_AT.minus(db.now()))
                        .from(LEASE)
                        .where(LEASE.NAME.eq(name))
                        .fetchOne(r ->
                                new HeldLease(r.value1(), r.value2(), r.value3(), r.value4(), r.value5(), r.value6())));
    }
}
