package dev.orchestrator.jooq.internal.store;

import static dev.orchestrator.jooq.internal.schema.Tables.NODE;
import static dev.orchestrator.jooq.internal.schema.Tables.RUN;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.CancelOutcome;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.RunningChange;
import dev.orchestrator.jooq.internal.connect.Db;
import dev.orchestrator.spi.RunStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Running changes. */
public final class JooqRunStore implements RunStore {
    /** A process makes changes before its first heartbeat is written. */
    private static final Duration YOUNG = Duration.ofMinutes(1);

    private static final Duration SILENT = Duration.ofSeconds(RunningChange.SILENT_SECONDS);

    private final Db db;

    /** A store in that backend. */
    public JooqRunStore(Db db) {
        this.db = db;
    }

    @Override
    public void begin(RunningChange run) {
        db.transaction("write that change " + run.uid() + " begins", c -> {
            c.deleteFrom(RUN).where(RUN.UID.eq(run.uid())).execute();
            return c.insertInto(RUN)
                    .set(RUN.UID, run.uid())
                    .set(RUN.KIND, Texts.clip(run.kind(), 100))
                    .set(RUN.DESCRIPTION, run.description())
                    .set(RUN.INSTANCES, Texts.list(run.instances()))
                    .set(RUN.WHO, run.actor().who())
                    .set(RUN.DOOR, run.actor().origin().name())
                    .set(RUN.ORDERED_AT, Texts.clip(run.actor().node(), 300))
                    .set(RUN.NODE, Texts.clip(run.node(), 255))
                    .set(RUN.NODE_TOKEN, run.nodeToken())
                    .set(RUN.BEGUN_AT, db.now())
                    .set(RUN.PHASE, Texts.clip(run.phase(), 300))
                    .execute();
        });
    }

    @Override
    public void phase(String uid, String phase) {
        db.writeRepeatably(
                "write the phase of change " + uid,
                c -> c.update(RUN)
                        .set(RUN.PHASE, Texts.clip(phase, 300))
                        .where(RUN.UID.eq(uid))
                        .execute());
    }

    @Override
    public void end(String uid, String nodeToken) {
        db.writeRepeatably(
                "write that change " + uid + " is over",
                c -> c.deleteFrom(RUN)
                        .where(RUN.UID.eq(uid), RUN.NODE_TOKEN.eq(nodeToken))
                        .execute());
    }

    @Override
    public List<RunningChange> running() {
        // A process makes changes before its first heartbeat is written, so one that was never heard of is silent
        // later.
        Field<Boolean> silent = field(
                        coalesce(NODE.LAST_SEEN, RUN.BEGUN_AT).lt(db.now().minus(val(Micros.span(SILENT)))))
                .as("silent");
        return db.read(
                "read the running changes",
                c -> c.select(RUN.fields())
                        .select(silent)
                        .from(RUN)
                        .leftJoin(NODE)
                        .on(NODE.TOKEN.eq(RUN.NODE_TOKEN))
                        .orderBy(RUN.BEGUN_AT, RUN.UID)
                        .fetch(r -> run(r, r.get(silent))));
    }

    private static RunningChange run(Record r, boolean silent) {
        return new RunningChange(
                r.get(RUN.UID),
                r.get(RUN.KIND),
                r.get(RUN.DESCRIPTION),
                Texts.keys(r.get(RUN.INSTANCES)),
                actor(r.get(RUN.WHO), r.get(RUN.DOOR), r.get(RUN.ORDERED_AT)),
                r.get(RUN.NODE),
                r.get(RUN.NODE_TOKEN),
                Micros.at(r.get(RUN.BEGUN_AT)),
                r.get(RUN.PHASE),
                silent,
                cancellation(r));
    }

    private static RunningChange.@Nullable Cancellation cancellation(Record r) {
        Long at = r.get(RUN.CANCELLED_AT);
        return at == null
                ? null
                : new RunningChange.Cancellation(
                        actor(r.get(RUN.CANCEL_WHO), r.get(RUN.CANCEL_DOOR), r.get(RUN.CANCEL_ORDERED_AT)),
                        Micros.at(at),
                        outcome(r.get(RUN.CANCEL_OUTCOME)));
    }

    private static Actor actor(String who, String origin, String node) {
        return new Actor(who, Texts.named(Origin.class, origin, Origin.API), node);
    }

    /** One that a newer program wrote is not known here. */
    private static @Nullable CancelOutcome outcome(@Nullable String name) {
        return name == null ? null : Texts.named(CancelOutcome.class, name, CancelOutcome.ASKED);
    }

    @Override
    public void answer(String uid, CancelOutcome outcome) {
        db.writeRepeatably(
                "write what change " + uid + " does that was asked to stop",
                c -> c.update(RUN)
                        .set(RUN.CANCEL_OUTCOME, outcome.name())
                        .where(RUN.UID.eq(uid))
                        .execute());
    }

    @Override
    public boolean askToStop(String uid, Actor by) {
        return db.transaction("ask change " + uid + " to stop", c -> {
            int first = c.update(RUN)
                    .set(RUN.CANCELLED_AT, db.now())
                    .set(RUN.CANCEL_WHO, by.who())
                    .set(RUN.CANCEL_DOOR, by.origin().name())
                    .set(RUN.CANCEL_ORDERED_AT, Texts.clip(by.node(), 300))
                    .where(RUN.UID.eq(uid), RUN.CANCELLED_AT.isNull())
                    .execute();
            return first > 0 || c.fetchExists(RUN, RUN.UID.eq(uid));
        });
    }

    @Override
    public Set<String> askedToStop(String nodeToken) {
        return db.read(
                "read which changes somebody wants stopped",
                c -> c.select(RUN.UID)
                        .from(RUN)
                        .where(RUN.NODE_TOKEN.eq(nodeToken), RUN.CANCELLED_AT.isNotNull())
                        .fetchSet(RUN.UID));
    }

    @Override
    public int purge() {
        return db.write(
                "remove changes of nodes that vanished",
                c -> c.deleteFrom(RUN)
                        .where(
                                RUN.BEGUN_AT.lt(db.now().minus(val(Micros.span(YOUNG)))),
                                RUN.NODE_TOKEN.notIn(select(NODE.TOKEN).from(NODE)))
                        .execute());
    }
}
