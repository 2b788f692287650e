package dev.orchestrator.jooq.internal.store;

import static dev.orchestrator.jooq.internal.schema.Tables.POOL;
import static org.jooq.impl.DSL.val;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.jooq.internal.connect.Db;
import dev.orchestrator.spi.PoolStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Pools and their members. */
public final class JooqPoolStore implements PoolStore {
    private final Db db;

    /** A store in that backend. */
    public JooqPoolStore(Db db) {
        this.db = db;
    }

    @Override
    public void replace(String pool, Collection<InstanceKey> members) {
        db.transaction("replace the members of pool " + pool, c -> {
            c.deleteFrom(POOL).where(POOL.NAME.eq(pool)).execute();
            var insert = c.insertInto(POOL, POOL.NAME, POOL.HOSTNAME, POOL.PORT, POOL.SUBMITTED_AT);
            for (InstanceKey member : new LinkedHashSet<>(members)) {
                insert = insert.values(val(pool), val(member.hostname()), val(member.port()), db.now());
            }
            return members.isEmpty() ? 0 : insert.execute();
        });
    }

    @Override
    public SortedMap<String, List<InstanceKey>> pools(Duration within) {
        return db.read("read the pools", c -> {
            SortedMap<String, List<InstanceKey>> pools = new TreeMap<>();
            c.selectFrom(POOL)
                    .where(POOL.SUBMITTED_AT.ge(db.now().minus(val(Micros.span(within)))))
                    .orderBy(POOL.NAME, POOL.HOSTNAME, POOL.PORT)
                    .forEach(r -> pools.computeIfAbsent(r.get(POOL.NAME), name -> new ArrayList<>())
                            .add(new InstanceKey(r.get(POOL.HOSTNAME), r.get(POOL.PORT))));
            return pools;
        });
    }

    @Override
    public int purge(Duration age) {
        return db.write(
                "remove old pools",
                c -> c.deleteFrom(POOL)
                        .where(POOL.SUBMITTED_AT.lt(db.now().minus(val(Micros.span(age)))))
                        .execute());
    }
}
