package dev.orchestrator.api.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.channel.BinlogCoordinates;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one recovery.
 *
 * @param uid the record's unique text
 * @param id the record's number in the backend, 0 before it is stored
 * @param clusterName the cluster's name when the recovery began
 * @param clusterAlias the cluster's alias when the recovery began
 * @param type its kind; what the builder begins with is the kind that the problem belongs to
 * @param analysis the problem; none for what was only ordered
 * @param failed the failed instance
 * @param failedUuid the failed instance's identity, empty when unknown
 * @param replicaCount how many direct replicas it had
 * @param replicas its direct replicas
 * @param actor who ordered it
 * @param node the node that does it
 * @param nodeToken the token of the process that does it
 * @param epoch the epoch of the leadership it is done under, 0 for an operator's order
 * @param startedAt when it was decided
 * @param endedAt when it ended, null while it is active
 * @param successful whether it reached its aim
 * @param formerLeftStopped whether the order was to leave the former primary stopped, for an operator to start its
 *     replication; false where it replicates at once, or nobody hands over
 * @param version the number of this state of the record. A backend takes a state only if its own is older, so that
 *     one that reaches it late overwrites nothing; 0 for the first
 * @param successor the instance that was chosen to be promoted, written before it is made writable; null before,
 *     and again once it is proven that it never was writable. As long as one is named, the recovery's fences hold
 * @param successorUuid the identity of {@link #successor()}, its server_uuid; empty while there is none
 * @param successorAlias the promoted instance's alias, empty for none
 * @param successorCoordinates the promoted instance's own position when it was made writable, null before
 * @param lostReplicas replicas that could not be taken along
 * @param participants instances the recovery changed
 * @param before how the servers were that were to be stopped or demoted, before that was done, in the order they
 *     were written down
 * @param errors what failed, one sentence each
 * @param gtidsAtDetection everything any reachable replica had received when the failure was found, null when not read
 * @param gtidsAtPromotion what the promoted instance had executed when it was made writable, null before
 * @param lostGtids transactions known to be committed on the failed instance and not on the promoted one, null when
 *     not known
 * @param lossNote what is known about losses and where they may still be, in words
 * @param detectedAt when the first sign of the failure was seen
 * @param confirmedAt when the replicas had agreed
 * @param promotedAt when the promoted instance was seen to be writable
 * @param firstWriteAt when the first transaction of the promoted instance's own was seen, null when none was
 * @param repointedAt when the last of the other replicas was seen replicating from it
 * @param acknowledged whether an operator has seen it
 * @param acknowledgedAt when it was acknowledged
 * @param acknowledgedBy who acknowledged it
 * @param acknowledgedComment what they said
 */
@RecordBuilder
public record RecoveryRecord(
        String uid,
        long id,
        ClusterId cluster,
        String clusterName,
        String clusterAlias,
        RecoveryType type,
        AnalysisCode analysis,
        InstanceKey failed,
        String failedUuid,
        int replicaCount,
        List<InstanceKey> replicas,
        Actor actor,
        String node,
        String nodeToken,
        long epoch,
        Instant startedAt,
        @Nullable Instant endedAt,
        boolean successful,
        boolean formerLeftStopped,
        long version,
        @Nullable InstanceKey successor,
        String successorUuid,
        String successorAlias,
        @Nullable BinlogCoordinates successorCoordinates,
        List<InstanceKey> lostReplicas,
        List<InstanceKey> participants,
        List<ServerBefore> before,
        List<String> errors,
        @Nullable GtidSet gtidsAtDetection,
        @Nullable GtidSet gtidsAtPromotion,
        @Nullable GtidSet lostGtids,
        String lossNote,
        @Nullable Instant detectedAt,
        @Nullable Instant confirmedAt,
        @Nullable Instant promotedAt,
        @Nullable Instant firstWriteAt,
        @Nullable Instant repointedAt,
        boolean acknowledged,
        @Nullable Instant acknowledgedAt,
        String acknowledgedBy,
        String acknowledgedComment) {
    /** Collections are copied. */
    public RecoveryRecord {
        replicas = List.copyOf(replicas);
        lostReplicas = List.copyOf(lostReplicas);
        participants = List.copyOf(participants);
        before = List.copyOf(before);
        errors = List.copyOf(errors);
    }

    /**
     * Starts a new one.
     *
     * @param uid the record's unique text
     * @param analysis the problem
     * @param failed the failed instance
     * @param actor who ordered it
     * @param startedAt when it was decided
     * @return a builder in which everything else has its default
     */
    public static RecoveryRecordBuilder builder(
            String uid, ClusterId cluster, AnalysisCode analysis, InstanceKey failed, Actor actor, Instant startedAt) {
        return RecoveryRecordBuilder.builder()
                .uid(uid)
                .cluster(cluster)
                .type(RecoveryType.about(analysis).orElse(RecoveryType.DEAD_PRIMARY))
                .clusterName("")
                .clusterAlias("")
                .analysis(analysis)
                .failed(failed)
                .failedUuid("")
                .replicas(List.of())
                .actor(actor)
                .node("")
                .nodeToken("")
                .startedAt(startedAt)
                .successorUuid("")
                .successorAlias("")
                .lostReplicas(List.of())
                .participants(List.of())
                .before(List.of())
                .errors(List.of())
                .lossNote("")
                .acknowledgedBy("")
                .acknowledgedComment("");
    }

    /** A builder that starts from this one. */
    public RecoveryRecordBuilder toBuilder() {
        return RecoveryRecordBuilder.builder(this);
    }

    /**
     * How a server was before it was stopped or demoted.
     *
     * @param serverUuid its identity
     * @return empty when the recovery did not intend to
     */
    public Optional<ServerBefore> before(String serverUuid) {
        return before.stream().filter(b -> b.serverUuid().equals(serverUuid)).findFirst();
    }

    /**
     * Whether it is still going on.
     *
     * @return true until it has an end
     */
    public boolean isActive() {
        return endedAt == null;
    }

    @Override
    public int hashCode() {
        return Objects.hash(uid, startedAt, endedAt);
    }

    @Override
    public String toString() {
        return "recovery " + uid + " of " + failed + " (" + analysis.compatibleName() + ")";
    }
}
