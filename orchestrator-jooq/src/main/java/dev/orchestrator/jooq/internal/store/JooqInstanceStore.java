package dev.orchestrator.jooq.internal.store;

import static dev.orchestrator.jooq.internal.schema.Tables.CLUSTER;
import static dev.orchestrator.jooq.internal.schema.Tables.INSTANCE;
import static dev.orchestrator.jooq.internal.schema.Tables.INSTANCE_FORGOTTEN;
import static dev.orchestrator.jooq.internal.schema.Tables.INSTANCE_NAME;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.jooq.internal.connect.Db;
import dev.orchestrator.spi.InstanceStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.InsertValuesStepN;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.Row2;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * Servers and clusters. That a reading does not replace one that was begun later is a condition of the writing statement,
 * see {@link InstanceRow#update}.
 */
public final class JooqInstanceStore implements InstanceStore {
    private static final int ROWS_PER_STATEMENT = 500;
    private static final int KNOWN = 0;
    private static final int FORGOTTEN = 1;
    private static final int UNSYNCED = 2;
    /** Well below the smallest max_allowed_packet in use (16 MB), counted in characters. */
    private static final int CHARACTERS_PER_STATEMENT = 3_000_000;
    /** A cluster is written before its members: a purge must not come in between. */
    private static final Duration EMPTY_CLUSTER_GRACE = Duration.ofMinutes(1);

    private final Db db;
    private final ManyRows saveInstances;
    private final ManyRows saveClusters;
    private final ManyRows saveNames;

    /** A store in that backend. */
    public JooqInstanceStore(Db db) {
        this.db = db;
        this.saveInstances = new ManyRows(rows -> saveInstances(db, rows));
        this.saveClusters = new ManyRows(rows -> saveClusters(db, rows));
        this.saveNames = new ManyRows(rows -> saveNames(db, rows));
    }

    @Override
    public void save(Collection<MemberWrite> writes) {
        save(writes, true);
    }

    @Override
    public void saveForLeader(Collection<MemberWrite> writes) {
        save(writes, false);
    }

    private void save(Collection<MemberWrite> writes, boolean byLeader) {
        List<InstanceRow> chunk = new ArrayList<>(Math.min(writes.size(), ROWS_PER_STATEMENT));
        int characters = 0;
        for (MemberWrite write : writes) {
            InstanceRow row = InstanceRow.of(write, byLeader);
            if (chunk.size() == ROWS_PER_STATEMENT || characters + row.size() > CHARACTERS_PER_STATEMENT) {
                saveChunk(chunk);
                chunk.clear();
                characters = 0;
            }
            chunk.add(row);
            characters += row.size();
        }
        saveChunk(chunk);
    }

    private void saveChunk(List<InstanceRow> rows) {
        if (rows.isEmpty()) {
            return;
        }
        List<@Nullable Object[]> values = rows.stream().map(InstanceRow::values).toList();
        db.writeRepeatably("save " + rows.size() + " instances", c -> saveInstances.execute(c, values));
    }

    private static Query saveInstances(Db db, int rows) {
        InsertValuesStepN<Record> insert = db.layout().insertInto(INSTANCE, InstanceRow.FIELDS);
        for (int i = 0; i < rows; i++) {
            insert = insert.values(InstanceRow.layout(db.now()));
        }
        return insert.onDuplicateKeyUpdate().set(InstanceRow.update(db.now()));
    }

    @Override
    public void saveClusters(Collection<Cluster> clusters) {
        if (clusters.isEmpty()) {
            return;
        }
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Cluster cluster : clusters) {
            InstanceKey primary = cluster.primary();
            rows.add(new @Nullable Object[] {
                cluster.id().value(),
                Texts.clip(cluster.name(), 300),
                cluster.alias(),
                cluster.domain(),
                primary == null ? null : primary.hostname(),
                primary == null ? null : primary.port()
            });
        }
        db.writeRepeatably("save " + rows.size() + " clusters", c -> saveInChunks(c, saveClusters, rows));
    }

    private static Query saveClusters(Db db, int rows) {
        var insert = db.layout()
                .insertInto(
                        CLUSTER,
                        CLUSTER.ID,
                        CLUSTER.NAME,
                        CLUSTER.ALIAS,
                        CLUSTER.DOMAIN,
                        CLUSTER.PRIMARY_HOSTNAME,
                        CLUSTER.PRIMARY_PORT,
                        CLUSTER.UPDATED_AT);
        for (int i = 0; i < rows; i++) {
            insert = insert.values(val(""), val(""), val(""), val(""), val(""), val(0), db.now());
        }
        return insert.onDuplicateKeyUpdate()
                .set(CLUSTER.NAME, excluded(CLUSTER.NAME))
                .set(CLUSTER.ALIAS, excluded(CLUSTER.ALIAS))
                .set(CLUSTER.DOMAIN, excluded(CLUSTER.DOMAIN))
                .set(CLUSTER.PRIMARY_HOSTNAME, excluded(CLUSTER.PRIMARY_HOSTNAME))
                .set(CLUSTER.PRIMARY_PORT, excluded(CLUSTER.PRIMARY_PORT))
                .set(CLUSTER.UPDATED_AT, excluded(CLUSTER.UPDATED_AT));
    }

    @Override
    public void saveNames(Map<InstanceKey, InstanceKey> otherNames) {
        if (otherNames.isEmpty()) {
            return;
        }
        List<@Nullable Object[]> rows = new ArrayList<>();
        otherNames.forEach((name, target) ->
                rows.add(new @Nullable Object[] {name.hostname(), name.port(), target.hostname(), target.port()}));
        db.writeRepeatably("save " + rows.size() + " names of instances", c -> saveInChunks(c, saveNames, rows));
    }

    private static Query saveNames(Db db, int rows) {
        var insert = db.layout()
                .insertInto(
                        INSTANCE_NAME,
                        INSTANCE_NAME.HOSTNAME,
                        INSTANCE_NAME.PORT,
                        INSTANCE_NAME.TARGET_HOSTNAME,
                        INSTANCE_NAME.TARGET_PORT);
        for (int i = 0; i < rows; i++) {
            insert = insert.values("", 0, "", 0);
        }
        return insert.onDuplicateKeyUpdate()
                .set(INSTANCE_NAME.TARGET_HOSTNAME, excluded(INSTANCE_NAME.TARGET_HOSTNAME))
                .set(INSTANCE_NAME.TARGET_PORT, excluded(INSTANCE_NAME.TARGET_PORT));
    }

    private static int saveInChunks(DSLContext c, ManyRows statement, List<@Nullable Object[]> rows) {
        int changed = 0;
        for (int from = 0; from < rows.size(); from += ROWS_PER_STATEMENT) {
            changed += statement.execute(c, rows.subList(from, Math.min(rows.size(), from + ROWS_PER_STATEMENT)));
        }
        return changed;
    }

    @Override
    public Fleet readFleet() {
        return db.read(
                "read the instances",
                c -> Fleet.of(
                        c.select(InstanceRow.READ_FIELDS).from(INSTANCE).fetch(InstanceRow::read),
                        clusters(c),
                        names(c)));
    }

    @Override
    public List<FleetMember> read(Collection<InstanceKey> keys) {
        List<FleetMember> members = new ArrayList<>();
        List<InstanceKey> all = List.copyOf(keys);
        for (int from = 0; from < all.size(); from += ROWS_PER_STATEMENT) {
            List<Row2<String, Integer>> some =
                    all.subList(from, Math.min(all.size(), from + ROWS_PER_STATEMENT)).stream()
                            .map(k -> row(k.hostname(), k.port()))
                            .toList();
            members.addAll(db.read(
                    "read " + some.size() + " instances",
                    c -> c.select(InstanceRow.READ_FIELDS)
                            .from(INSTANCE)
                            .where(row(INSTANCE.HOSTNAME, INSTANCE.PORT).in(some))
                            .fetch(InstanceRow::read)));
        }
        return members;
    }

    @Override
    public List<Cluster> readClusters() {
        return db.read("read the clusters", JooqInstanceStore::clusters);
    }

    private static List<Cluster> clusters(DSLContext c) {
        return c.select(
                        CLUSTER.ID,
                        CLUSTER.NAME,
                        CLUSTER.ALIAS,
                        CLUSTER.DOMAIN,
                        CLUSTER.PRIMARY_HOSTNAME,
                        CLUSTER.PRIMARY_PORT)
                .from(CLUSTER)
                .orderBy(CLUSTER.NAME, CLUSTER.ID)
                .fetch(r -> new Cluster(
                        new ClusterId(r.value1()),
                        r.value2(),
                        r.value3(),
                        r.value4(),
                        Texts.key(r.value5(), r.value6())));
    }

    private static Map<InstanceKey, InstanceKey> names(DSLContext c) {
        Map<InstanceKey, InstanceKey> names = new HashMap<>();
        c.select(INSTANCE_NAME.HOSTNAME, INSTANCE_NAME.PORT, INSTANCE_NAME.TARGET_HOSTNAME, INSTANCE_NAME.TARGET_PORT)
                .from(INSTANCE_NAME)
                .forEach(r ->
                        names.put(new InstanceKey(r.value1(), r.value2()), new InstanceKey(r.value3(), r.value4())));
        return names;
    }

    @Override
    public boolean forget(InstanceKey key, Duration blockRediscovery) {
        return db.transaction("forget " + key, c -> {
            c.insertInto(
                            INSTANCE_FORGOTTEN,
                            INSTANCE_FORGOTTEN.HOSTNAME,
                            INSTANCE_FORGOTTEN.PORT,
                            INSTANCE_FORGOTTEN.BLOCKED_UNTIL)
                    .values(val(key.hostname()), val(key.port()), db.now().plus(Micros.span(blockRediscovery)))
                    .onDuplicateKeyUpdate()
                    .set(INSTANCE_FORGOTTEN.BLOCKED_UNTIL, excluded(INSTANCE_FORGOTTEN.BLOCKED_UNTIL))
                    .execute();
            c.deleteFrom(INSTANCE_NAME)
                    .where(INSTANCE_NAME.TARGET_HOSTNAME.eq(key.hostname()), INSTANCE_NAME.TARGET_PORT.eq(key.port()))
                    .execute();
            return c.deleteFrom(INSTANCE)
                            .where(INSTANCE.HOSTNAME.eq(key.hostname()), INSTANCE.PORT.eq(key.port()))
                            .execute()
                    > 0;
        });
    }

    @Override
    public Collection<InstanceKey> forgotten() {
        return db.read(
                "read the forgotten instances",
                c -> c.select(INSTANCE_FORGOTTEN.HOSTNAME, INSTANCE_FORGOTTEN.PORT)
                        .from(INSTANCE_FORGOTTEN)
                        .where(INSTANCE_FORGOTTEN.BLOCKED_UNTIL.gt(db.now()))
                        .fetch(r -> new InstanceKey(r.value1(), r.value2())));
    }

    @Override
    public Roster roster() {
        Set<InstanceKey> known = new HashSet<>();
        Set<InstanceKey> forgotten = new HashSet<>();
        Set<InstanceKey> unsynced = new HashSet<>();
        db.read(
                        "read which instances there are",
                        c -> c.select(INSTANCE.HOSTNAME, INSTANCE.PORT, inline(KNOWN))
                                .from(INSTANCE)
                                .unionAll(c.select(
                                                INSTANCE_FORGOTTEN.HOSTNAME, INSTANCE_FORGOTTEN.PORT, inline(FORGOTTEN))
                                        .from(INSTANCE_FORGOTTEN)
                                        .where(INSTANCE_FORGOTTEN.BLOCKED_UNTIL.gt(db.now())))
                                .unionAll(c.select(INSTANCE.HOSTNAME, INSTANCE.PORT, inline(UNSYNCED))
                                        .from(INSTANCE)
                                        .where(INSTANCE.UNSYNCED.isTrue()))
                                .fetch())
                .forEach(r -> {
                    Set<InstanceKey> keys =
                            r.value3() == KNOWN ? known : r.value3() == FORGOTTEN ? forgotten : unsynced;
                    keys.add(new InstanceKey(r.value1(), r.value2()));
                });
        return new Roster(known, forgotten, unsynced);
    }

    @Override
    public List<InstanceKey> purge(Duration unseenFor, Set<InstanceKey> spared) {
        List<InstanceKey> removed = purgeInstances(unseenFor, spared);
        db.write(
                "remove names that lead nowhere",
                c -> deleteOrphans(
                        c,
                        INSTANCE_NAME,
                        INSTANCE_NAME
                                .TARGET_HOSTNAME
                                .eq(INSTANCE.HOSTNAME)
                                .and(INSTANCE_NAME.TARGET_PORT.eq(INSTANCE.PORT)),
                        noCondition()));
        db.write(
                "remove clusters without members",
                c -> deleteOrphans(
                        c,
                        CLUSTER,
                        INSTANCE.CLUSTER_ID.eq(CLUSTER.ID),
                        CLUSTER.UPDATED_AT.lt(db.now().minus(Micros.span(EMPTY_CLUSTER_GRACE)))));
        db.write(
                "remove blocks of discovery that have run out",
                c -> c.deleteFrom(INSTANCE_FORGOTTEN)
                        .where(INSTANCE_FORGOTTEN.BLOCKED_UNTIL.le(db.now()))
                        .execute());
        return removed;
    }

    private List<InstanceKey> purgeInstances(Duration unseenFor, Set<InstanceKey> spared) {
        Condition unseen =
                coalesce(INSTANCE.LAST_SEEN, INSTANCE.FIRST_WRITTEN).lt(db.now().minus(Micros.span(unseenFor)));
        List<InstanceKey> stale = db.read(
                "find instances not seen for long",
                c -> c.select(INSTANCE.HOSTNAME, INSTANCE.PORT)
                        .from(INSTANCE)
                        .where(unseen)
                        .orderBy(INSTANCE.HOSTNAME, INSTANCE.PORT)
                        .fetch(r -> new InstanceKey(r.value1(), r.value2())));
        // One by one, by primary key: a server that was seen in the meantime stays.
        return stale.stream()
                .filter(key -> !spared.contains(key))
                .filter(key -> db.write(
                                "remove " + key,
                                c -> c.deleteFrom(INSTANCE)
                                        .where(row(INSTANCE.HOSTNAME, INSTANCE.PORT)
                                                .eq(key.hostname(), key.port())
                                                .and(unseen))
                                        .execute())
                        > 0)
                .toList();
    }

    private static int deleteOrphans(DSLContext c, Table<Record> table, Condition belongs, Condition old) {
        return c.deleteFrom(table)
                .where(notExists(selectOne().from(INSTANCE).where(belongs)))
                .and(old)
                .execute();
    }
}
