package dev.orchestrator.jooq.internal.store;

import static dev.orchestrator.jooq.internal.schema.Tables.LEASE;
import static dev.orchestrator.jooq.internal.schema.Tables.MAINTENANCE_LOCK;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.selectOne;

import dev.orchestrator.jooq.internal.connect.Db;
import dev.orchestrator.jooq.internal.schema.tables.MaintenanceLockTable;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.Right;
import org.jooq.Condition;
import org.jooq.Select;
import org.jooq.SelectConditionStep;

/** Rights as conditions of a writing statement, which hold until the statement is done, whatever the isolation level. */
final class Rights {
    private static final MaintenanceLockTable L = MAINTENANCE_LOCK;

    private final Db db;

    Rights(Db db) {
        this.db = db;
    }

    /** For what begins anew: a lease that has run out is none, even if nobody has taken it yet. */
    Condition toBegin(Right right) {
        return right.match(l -> isCurrent(l.lease(), true), l -> isHeld(l.token()), j -> noCondition());
    }

    /** For what goes on: nobody else has taken the lease. */
    Condition toGoOn(Right right) {
        return right.match(l -> isCurrent(l.lease(), false), l -> isHeld(l.token()), j -> noCondition());
    }

    private Condition isCurrent(Lease lease, boolean notRunOut) {
        return exists(locked(selectOne()
                .from(LEASE)
                .where(JooqLeaseStore.isTenure(lease))
                .and(notRunOut ? LEASE.EXPIRES_AT.gt(db.now()) : noCondition())));
    }

    /** Each lock of the operation is held: one that an operator ended, or that ran out, ends the right. */
    private Condition isHeld(String token) {
        Condition held = L.ACTIVE.eq(1).and(L.EXPIRES_AT.gt(db.now()));
        Condition lost = L.ACTIVE.isNull().or(L.EXPIRES_AT.le(db.now()));
        return exists(locked(selectOne().from(L).where(L.TOKEN.eq(token)).and(held)))
                .and(notExists(selectOne().from(L).where(L.TOKEN.eq(token)).and(lost)));
    }

    private Select<?> locked(SelectConditionStep<?> rows) {
        return db.isSqlite() ? rows : rows.forShare();
    }
}
