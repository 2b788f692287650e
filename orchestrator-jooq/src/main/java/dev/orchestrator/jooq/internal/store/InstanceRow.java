package dev.orchestrator.jooq.internal.store;

import static dev.orchestrator.jooq.internal.schema.Tables.INSTANCE;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.not;
import static org.jooq.impl.DSL.val;
import static org.jooq.impl.DSL.when;

import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.spi.InstanceStore.MemberWrite;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server as a row.
 *
 * @param unsynced whether the leader is to take it in
 */
record InstanceRow(FleetMember member, @Nullable String facts, boolean unsynced) {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceRow.class);
    /** How far in time to come a stored reading may have begun, in microseconds. */
    private static final long FUTURE = Micros.span(Duration.ofSeconds(1));

    static final List<Field<?>> FIELDS = List.of(
            INSTANCE.HOSTNAME,
            INSTANCE.PORT,
            INSTANCE.CLUSTER_ID,
            INSTANCE.SERVER_UUID,
            INSTANCE.VERSION,
            INSTANCE.SOURCE_HOSTNAME,
            INSTANCE.SOURCE_PORT,
            INSTANCE.READ_ONLY,
            INSTANCE.LAST_SEEN,
            INSTANCE.LAST_ATTEMPT,
            INSTANCE.LAST_CHECK_VALID,
            INSTANCE.FAILURE_KIND,
            INSTANCE.FAILURE_MESSAGE,
            INSTANCE.FAILING_SINCE,
            INSTANCE.LATENCY,
            INSTANCE.FACTS,
            INSTANCE.UNSYNCED,
            INSTANCE.FIRST_WRITTEN);

    static final List<Field<?>> READ_FIELDS = List.of(
            INSTANCE.HOSTNAME,
            INSTANCE.PORT,
            INSTANCE.CLUSTER_ID,
            INSTANCE.LAST_SEEN,
            INSTANCE.LAST_ATTEMPT,
            INSTANCE.FAILURE_KIND,
            INSTANCE.FAILURE_MESSAGE,
            INSTANCE.FAILING_SINCE,
            INSTANCE.LATENCY,
            INSTANCE.FACTS);

    static InstanceRow of(MemberWrite write, boolean byLeader) {
        Instance facts = write.factsChanged() ? write.member().instance() : null;
        return new InstanceRow(
                write.member(),
                facts == null
                        ? null
                        : InstanceJsonWriter.write(facts, write.member().lastSeen()),
                facts != null && !byLeader);
    }

    /** Roughly how many characters it adds to a statement. */
    int size() {
        return 500 + (facts == null ? 0 : facts.length());
    }

    /** Parameters for {@link #FIELDS} but the last, and the present time for the last. */
    static List<Field<?>> layout(Field<Long> now) {
        List<Field<?>> row = new ArrayList<>();
        FIELDS.subList(0, FIELDS.size() - 1).forEach(field -> row.add(val((Object) null, field.getDataType())));
        row.add(now);
        return row;
    }

    /** The values of {@link #FIELDS} but the last. */
    @Nullable
    Object[] values() {
        Instance instance = member.instance();
        InstanceKey source = instance == null ? null : instance.source().orElse(null);
        ProbeFailure failure = member.failure();
        return new @Nullable Object[] {
            member.key().hostname(),
            member.key().port(),
            member.cluster().value(),
            instance == null ? "" : Texts.clip(instance.serverUuid(), 64),
            instance == null ? "" : Texts.clip(instance.version().text(), 255),
            source == null ? null : source.hostname(),
            source == null ? null : source.port(),
            instance == null ? null : instance.readOnly(),
            Micros.of(member.lastSeen()),
            Micros.of(member.lastAttempt()),
            member.isReachable(),
            failure == null ? null : failure.kind().name(),
            failure == null ? null : failure.message(),
            Micros.of(member.failingSince()),
            Micros.span(member.latency()),
            facts,
            unsynced
        };
    }

    /**
     * What becomes of a row that is there already. When a reading was begun is told by the backend's clock, as the writer
     * knew it at that moment; so it does not matter how long a statement takes to arrive, and two nodes' readings are in
     * order as far as each knows that clock, which is to a round trip. A stored time to come is of a clock that was set back,
     * or of a node that is mistaken: it does not stand in the way, so nobody can keep others off for longer than {@link
     * #FUTURE}.
     *
     * <p>MySQL and MariaDB assign from left to right, and later expressions see what was assigned: what the condition looks
     * at comes last.
     */
    static Map<Field<?>, Field<?>> update(Field<Long> now) {
        Field<Long> begun = excluded(INSTANCE.LAST_ATTEMPT);
        Condition isLater = INSTANCE.LAST_ATTEMPT
                .isNull()
                .or(begun.ge(INSTANCE.LAST_ATTEMPT))
                .or(INSTANCE.LAST_ATTEMPT.gt(now.plus(inline(FUTURE))));
        Condition hasFacts = excluded(INSTANCE.FACTS).isNotNull();
        // What is said not to have changed is the leader's document; another one is stored there.
        Condition taken = isLater.and(hasFacts.or(INSTANCE.UNSYNCED.isFalse()));
        Map<Field<?>, Field<?>> update = new LinkedHashMap<>();
        for (Field<?> field : FIELDS.subList(2, FIELDS.size() - 1)) {
            update.put(field, ifTaken(field, taken));
        }
        update.put(
                INSTANCE.FACTS,
                when(taken.and(hasFacts), excluded(INSTANCE.FACTS)).otherwise(INSTANCE.FACTS));
        update.remove(INSTANCE.UNSYNCED);
        update.remove(INSTANCE.LAST_ATTEMPT);
        update.put(
                INSTANCE.UNSYNCED,
                when(not(hasFacts), INSTANCE.UNSYNCED)
                        .when(isLater, excluded(INSTANCE.UNSYNCED))
                        .otherwise(inline(true)));
        update.put(INSTANCE.LAST_ATTEMPT, ifTaken(INSTANCE.LAST_ATTEMPT, taken));
        return update;
    }

    private static <T> Field<T> ifTaken(Field<T> field, Condition taken) {
        return when(taken, excluded(field)).otherwise(field);
    }

    /** The server of a row with {@link #READ_FIELDS}. */
    static FleetMember read(Record r) {
        InstanceKey key = new InstanceKey(r.get(INSTANCE.HOSTNAME), r.get(INSTANCE.PORT));
        Instant seen = Micros.instant(r.get(INSTANCE.LAST_SEEN));
        return new FleetMember(
                key,
                new ClusterId(r.get(INSTANCE.CLUSTER_ID)),
                facts(key, r.get(INSTANCE.FACTS), seen),
                seen,
                Micros.instant(r.get(INSTANCE.LAST_ATTEMPT)),
                failure(r.get(INSTANCE.FAILURE_KIND), r.get(INSTANCE.FAILURE_MESSAGE)),
                Micros.instant(r.get(INSTANCE.FAILING_SINCE)),
                Micros.duration(r.get(INSTANCE.LATENCY)));
    }

    private static @Nullable ProbeFailure failure(@Nullable String kind, @Nullable String message) {
        if (kind == null) {
            return null;
        }
        return new ProbeFailure(
                Texts.named(ProbeFailure.Kind.class, kind, ProbeFailure.Kind.TIMEOUT), message == null ? "" : message);
    }

    /** One unreadable document must not hide all other servers: the server counts as never seen until its next poll. */
    private static @Nullable Instance facts(InstanceKey key, @Nullable String document, @Nullable Instant seen) {
        if (document == null) {
            return null;
        }
        try {
            return InstanceJsonWriter.read(key, document, seen);
        } catch (IOException | IllegalArgumentException | java.time.format.DateTimeParseException e) {
            LOG.atWarn()
                    .addKeyValue("instance", key)
                    .addKeyValue(
                            "reason",
                            Texts.clip(
                                    String.valueOf(e.getMessage())
                                            .lines()
                                            .findFirst()
                                            .orElse(""),
                                    200))
                    .log("the facts kept in the backend cannot be read, waiting for the next poll");
            return null;
        }
    }
}
