package dev.orchestrator.jooq.internal.store;

import static dev.orchestrator.jooq.internal.schema.Tables.RECOVERY;
import static org.jooq.impl.DSL.val;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.channel.BinlogCoordinates;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryRecordBuilder;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.jooq.internal.schema.tables.RecoveryTable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** A recovery as a row. */
final class RecoveryRow {
    private static final RecoveryTable T = RECOVERY;

    /** How many characters of a writer are kept. */
    static final int WRITER = 64;

    /** What older programs wrote as the problem of a switchover. */
    private static final String ORDERED = "GRACEFUL_TAKEOVER";

    private RecoveryRow() {}

    /** A value for a column of its type. */
    @SuppressWarnings("unchecked")
    static Field<?> value(Field<?> column, @Nullable Object value) {
        return val(value, (Field<Object>) column);
    }

    /** What is written once. */
    static Map<Field<?>, @Nullable Object> identity(RecoveryRecord r) {
        Map<Field<?>, @Nullable Object> row = new LinkedHashMap<>();
        row.put(T.UID, r.uid());
        row.put(T.CLUSTER_ID, r.cluster().value());
        row.put(T.ACTIVE_CLUSTER, r.isActive() ? r.cluster().value() : null);
        row.put(T.STARTED_AT, Micros.of(r.startedAt()));
        row.put(T.ACKNOWLEDGED, r.acknowledged());
        row.put(T.ACKNOWLEDGED_AT, Micros.of(r.acknowledgedAt()));
        row.put(T.ACKNOWLEDGED_BY, r.acknowledgedBy());
        row.put(T.ACKNOWLEDGED_COMMENT, r.acknowledgedComment());
        return row;
    }

    /** What may change while it runs. */
    static Map<Field<?>, @Nullable Object> state(RecoveryRecord r) {
        Map<Field<?>, @Nullable Object> row = new LinkedHashMap<>();
        row.put(T.CLUSTER_NAME, Texts.clip(r.clusterName(), 300));
        row.put(T.CLUSTER_ALIAS, r.clusterAlias());
        row.put(T.RECOVERY_TYPE, r.type().name());
        row.put(T.ANALYSIS, r.analysis().name());
        row.put(T.FAILED_HOSTNAME, r.failed().hostname());
        row.put(T.FAILED_PORT, r.failed().port());
        row.put(T.FAILED_UUID, Texts.clip(r.failedUuid(), 64));
        row.put(T.REPLICA_COUNT, r.replicaCount());
        row.put(T.REPLICAS, Texts.list(r.replicas()));
        row.put(T.WHO, r.actor().who());
        row.put(T.DOOR, r.actor().origin().name());
        row.put(T.ACTOR_NODE, Texts.clip(r.actor().node(), 300));
        row.put(T.NODE, Texts.clip(r.node(), 300));
        row.put(T.NODE_TOKEN, Texts.clip(r.nodeToken(), 128));
        row.put(T.EPOCH, r.epoch());
        row.put(T.ENDED_AT, Micros.of(r.endedAt()));
        row.put(T.SUCCESSFUL, r.successful());
        row.put(T.FORMER_LEFT_STOPPED, r.formerLeftStopped());
        row.put(T.VERSION, r.version());
        outcome(r, row);
        return row;
    }

    private static void outcome(RecoveryRecord r, Map<Field<?>, @Nullable Object> row) {
        InstanceKey successor = r.successor();
        row.put(T.SUCCESSOR_HOSTNAME, successor == null ? null : successor.hostname());
        row.put(T.SUCCESSOR_PORT, successor == null ? null : successor.port());
        row.put(T.SUCCESSOR_UUID, r.successorUuid().isEmpty() ? null : Texts.clip(r.successorUuid(), 64));
        row.put(T.SUCCESSOR_ALIAS, r.successorAlias());
        BinlogCoordinates log = r.successorCoordinates();
        row.put(T.SUCCESSOR_LOG, log == null ? null : log.file() + ":" + log.position());
        row.put(T.LOST_REPLICAS, Texts.list(r.lostReplicas()));
        row.put(T.PARTICIPANTS, Texts.list(r.participants()));
        row.put(T.SERVERS_BEFORE, ServersBefore.text(r.before()));
        row.put(T.ERRORS, Texts.list(r.errors()));
        row.put(T.GTIDS_AT_DETECTION, text(r.gtidsAtDetection()));
        row.put(T.GTIDS_AT_PROMOTION, text(r.gtidsAtPromotion()));
        row.put(T.LOST_GTIDS, text(r.lostGtids()));
        row.put(T.LOSS_NOTE, r.lossNote());
        row.put(T.DETECTED_AT, Micros.of(r.detectedAt()));
        row.put(T.CONFIRMED_AT, Micros.of(r.confirmedAt()));
        row.put(T.PROMOTED_AT, Micros.of(r.promotedAt()));
        row.put(T.FIRST_WRITE_AT, Micros.of(r.firstWriteAt()));
        row.put(T.REPOINTED_AT, Micros.of(r.repointedAt()));
    }

    private static @Nullable String text(@Nullable GtidSet set) {
        return set == null ? null : set.toString();
    }

    private static @Nullable GtidSet gtids(@Nullable String text) {
        return text == null ? null : GtidSet.parse(text);
    }

    /** Older programs wrote no kind, and an order to hand over as the problem. */
    private static RecoveryType type(Record r) {
        String analysis = r.get(T.ANALYSIS);
        RecoveryType derived = analysis.equals(ORDERED)
                ? RecoveryType.SWITCHOVER
                : RecoveryType.about(Texts.named(AnalysisCode.class, analysis, AnalysisCode.NO_PROBLEM))
                        .orElse(RecoveryType.DEAD_PRIMARY);
        String stored = r.get(T.RECOVERY_TYPE);
        return stored == null ? derived : Texts.named(RecoveryType.class, stored, derived);
    }

    static RecoveryRecord read(Record r) {
        RecoveryRecordBuilder builder = RecoveryRecord.builder(
                        r.get(T.UID),
                        new ClusterId(r.get(T.CLUSTER_ID)),
                        Texts.named(AnalysisCode.class, r.get(T.ANALYSIS), AnalysisCode.NO_PROBLEM),
                        new InstanceKey(r.get(T.FAILED_HOSTNAME), r.get(T.FAILED_PORT)),
                        new Actor(
                                r.get(T.WHO),
                                Texts.named(Origin.class, r.get(T.DOOR), Origin.API),
                                r.get(T.ACTOR_NODE)),
                        Micros.at(r.get(T.STARTED_AT)))
                .id(r.get(T.ID))
                .type(type(r))
                .clusterName(r.get(T.CLUSTER_NAME))
                .clusterAlias(r.get(T.CLUSTER_ALIAS))
                .failedUuid(r.get(T.FAILED_UUID))
                .replicaCount(r.get(T.REPLICA_COUNT))
                .replicas(Texts.keys(r.get(T.REPLICAS)))
                .node(r.get(T.NODE))
                .nodeToken(r.get(T.NODE_TOKEN))
                .epoch(r.get(T.EPOCH))
                .endedAt(Micros.instant(r.get(T.ENDED_AT)))
                .successful(r.get(T.SUCCESSFUL))
                .formerLeftStopped(r.get(T.FORMER_LEFT_STOPPED))
                .version(r.get(T.VERSION))
                .acknowledged(r.get(T.ACKNOWLEDGED))
                .acknowledgedAt(Micros.instant(r.get(T.ACKNOWLEDGED_AT)))
                .acknowledgedBy(r.get(T.ACKNOWLEDGED_BY))
                .acknowledgedComment(r.get(T.ACKNOWLEDGED_COMMENT));
        return outcome(r, builder).build();
    }

    private static RecoveryRecordBuilder outcome(Record r, RecoveryRecordBuilder builder) {
        String log = r.get(T.SUCCESSOR_LOG);
        return builder.successor(Texts.key(r.get(T.SUCCESSOR_HOSTNAME), r.get(T.SUCCESSOR_PORT)))
                .successorUuid(Objects.requireNonNullElse(r.get(T.SUCCESSOR_UUID), ""))
                .successorAlias(r.get(T.SUCCESSOR_ALIAS))
                .successorCoordinates(log == null ? null : BinlogCoordinates.parse(log))
                .lostReplicas(Texts.keys(r.get(T.LOST_REPLICAS)))
                .participants(Texts.keys(r.get(T.PARTICIPANTS)))
                .before(ServersBefore.read(r.get(T.SERVERS_BEFORE)))
                .errors(Texts.list(r.get(T.ERRORS)))
                .gtidsAtDetection(gtids(r.get(T.GTIDS_AT_DETECTION)))
                .gtidsAtPromotion(gtids(r.get(T.GTIDS_AT_PROMOTION)))
                .lostGtids(gtids(r.get(T.LOST_GTIDS)))
                .lossNote(r.get(T.LOSS_NOTE))
                .detectedAt(Micros.instant(r.get(T.DETECTED_AT)))
                .confirmedAt(Micros.instant(r.get(T.CONFIRMED_AT)))
                .promotedAt(Micros.instant(r.get(T.PROMOTED_AT)))
                .firstWriteAt(Micros.instant(r.get(T.FIRST_WRITE_AT)))
                .repointedAt(Micros.instant(r.get(T.REPOINTED_AT)));
    }
}
