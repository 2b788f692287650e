package dev.orchestrator.api.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.model.BinlogCoordinates;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one recovery.
 */
public final class RecoveryRecord {
    private final String uid;
    private final long id;
    private final ClusterId cluster;
    private final String clusterName;
    private final String clusterAlias;
    private final RecoveryType type;
    private final AnalysisCode analysis;
    private final InstanceKey failed;
    private final String failedUuid;
    private final int replicaCount;
    private final List<InstanceKey> replicas;
    private final Actor actor;
    private final String node;
    private final String nodeToken;
    private final long epoch;
    private final Instant startedAt;
    private final @Nullable Instant endedAt;
    private final boolean successful;
    private final boolean formerLeftStopped;
    private final long version;
    private final @Nullable InstanceKey successor;
    private final String successorUuid;
    private final String successorAlias;
    private final @Nullable BinlogCoordinates successorCoordinates;
    private final List<InstanceKey> lostReplicas;
    private final List<InstanceKey> participants;
    private final List<ServerBefore> before;
    private final List<String> errors;
    private final @Nullable GtidSet gtidsAtDetection;
    private final @Nullable GtidSet gtidsAtPromotion;
    private final @Nullable GtidSet lostGtids;
    private final String lossNote;
    private final @Nullable Instant detectedAt;
    private final @Nullable Instant confirmedAt;
    private final @Nullable Instant promotedAt;
    private final @Nullable Instant firstWriteAt;
    private final @Nullable Instant repointedAt;
    private final boolean acknowledged;
    private final @Nullable Instant acknowledgedAt;
    private final String acknowledgedBy;
    private final String acknowledgedComment;

    private RecoveryRecord(Builder b) {
        this.uid = b.uid;
        this.id = b.id;
        this.cluster = b.cluster;
        this.clusterName = b.clusterName;
        this.clusterAlias = b.clusterAlias;
        this.type = b.type;
        this.analysis = b.analysis;
        this.failed = b.failed;
        this.failedUuid = b.failedUuid;
        this.replicaCount = b.replicaCount;
        this.replicas = List.copyOf(b.replicas);
        this.actor = b.actor;
        this.node = b.node;
        this.nodeToken = b.nodeToken;
        this.epoch = b.epoch;
        this.startedAt = b.startedAt;
        this.endedAt = b.endedAt;
        this.successful = b.successful;
        this.formerLeftStopped = b.formerLeftStopped;
        this.version = b.version;
        this.successor = b.successor;
        this.successorUuid = b.successorUuid;
        this.successorAlias = b.successorAlias;
        this.successorCoordinates = b.successorCoordinates;
        this.lostReplicas = List.copyOf(b.lostReplicas);
        this.participants = List.copyOf(b.participants);
        this.before = List.copyOf(b.before);
        this.errors = List.copyOf(b.errors);
        this.gtidsAtDetection = b.gtidsAtDetection;
        this.gtidsAtPromotion = b.gtidsAtPromotion;
        this.lostGtids = b.lostGtids;
        this.lossNote = b.lossNote;
        this.detectedAt = b.detectedAt;
        this.confirmedAt = b.confirmedAt;
        this.promotedAt = b.promotedAt;
        this.firstWriteAt = b.firstWriteAt;
        this.repointedAt = b.repointedAt;
        this.acknowledged = b.acknowledged;
        this.acknowledgedAt = b.acknowledgedAt;
        this.acknowledgedBy = b.acknowledgedBy;
        this.acknowledgedComment = b.acknowledgedComment;
    }

    /**
     * Starts a new one.
     *
     * @param uid the record's unique text
     * @param cluster the cluster
     * @param analysis the problem
     * @param failed the failed instance
     * @param actor who ordered it
     * @param startedAt when it was decided
     * @return a builder in which everything else has its default
     */
    public static Builder builder(
            String uid, ClusterId cluster, AnalysisCode analysis, InstanceKey failed, Actor actor, Instant startedAt) {
        return new Builder(uid, cluster, analysis, failed, actor, startedAt);
    }

    /**
     * A builder that starts from this one.
     *
     * @return a new builder
     */
    public Builder toBuilder() {
        Builder b = new Builder(uid, cluster, analysis, failed, actor, startedAt);
        b.id = id;
        b.type = type;
        b.clusterName = clusterName;
        b.clusterAlias = clusterAlias;
        b.failedUuid = failedUuid;
        b.replicaCount = replicaCount;
        b.replicas = replicas;
        b.node = node;
        b.nodeToken = nodeToken;
        b.epoch = epoch;
        b.endedAt = endedAt;
        b.successful = successful;
        b.formerLeftStopped = formerLeftStopped;
        b.version = version;
        b.successor = successor;
        b.successorUuid = successorUuid;
        b.successorAlias = successorAlias;
        b.successorCoordinates = successorCoordinates;
        b.lostReplicas = lostReplicas;
        b.participants = participants;
        b.before = before;
        b.errors = errors;
        b.gtidsAtDetection = gtidsAtDetection;
        b.gtidsAtPromotion = gtidsAtPromotion;
        b.lostGtids = lostGtids;
        b.lossNote = lossNote;
        b.detectedAt = detectedAt;
        b.confirmedAt = confirmedAt;
        b.promotedAt = promotedAt;
        b.firstWriteAt = firstWriteAt;
        b.repointedAt = repointedAt;
        b.acknowledged = acknowledged;
        b.acknowledgedAt = acknowledgedAt;
        b.acknowledgedBy = acknowledgedBy;
        b.acknowledgedComment = acknowledgedComment;
        return b;
    }

    /**
     * The record's unique text.
     *
     * @return the record's unique text
     */
    public String uid() {
        return uid;
    }

    /**
     * The record's number in the backend, 0 before it is stored.
     *
     * @return the record's number in the backend, 0 before it is stored
     */
    public long id() {
        return id;
    }

    /**
     * The cluster.
     *
     * @return the cluster
     */
    public ClusterId cluster() {
        return cluster;
    }

    /**
     * The cluster's name when the recovery began.
     *
     * @return the cluster's name when the recovery began
     */
    public String clusterName() {
        return clusterName;
    }

    /**
     * The cluster's alias when the recovery began.
     *
     * @return the cluster's alias when the recovery began
     */
    public String clusterAlias() {
        return clusterAlias;
    }

    /**
     * Its kind.
     *
     * @return its kind
     */
    public RecoveryType type() {
        return type;
    }

    /**
     * The problem.
     *
     * @return the problem, none for what was only ordered
     */
    public AnalysisCode analysis() {
        return analysis;
    }

    /**
     * The failed instance.
     *
     * @return the failed instance
     */
    public InstanceKey failed() {
        return failed;
    }

    /**
     * The failed instance's identity, empty when unknown.
     *
     * @return the failed instance's identity, empty when unknown
     */
    public String failedUuid() {
        return failedUuid;
    }

    /**
     * How many direct replicas it had.
     *
     * @return how many direct replicas it had
     */
    public int replicaCount() {
        return replicaCount;
    }

    /**
     * Its direct replicas.
     *
     * @return its direct replicas
     */
    public List<InstanceKey> replicas() {
        return replicas;
    }

    /**
     * Who ordered it.
     *
     * @return who ordered it
     */
    public Actor actor() {
        return actor;
    }

    /**
     * The node that does it.
     *
     * @return the node that does it
     */
    public String node() {
        return node;
    }

    /**
     * The token of the process that does it.
     *
     * @return the token of the process that does it
     */
    public String nodeToken() {
        return nodeToken;
    }

    /**
     * The epoch of the leadership it is done under, 0 for a person's order.
     *
     * @return the epoch of the leadership it is done under, 0 for a person's order
     */
    public long epoch() {
        return epoch;
    }

    /**
     * When it was decided.
     *
     * @return when it was decided
     */
    public Instant startedAt() {
        return startedAt;
    }

    /**
     * When it ended, null while it is active.
     *
     * @return when it ended, null while it is active
     */
    public @Nullable Instant endedAt() {
        return endedAt;
    }

    /**
     * Whether it reached its aim.
     *
     * @return whether it reached its aim
     */
    public boolean successful() {
        return successful;
    }

    /**
     * The instance that was chosen to be promoted, written before it is made writable; null before, and again once it is
     * proven that it never was writable. As long as one is named, the recovery's fences hold.
     *
     * @return the chosen instance, null while there is none
     */
    public @Nullable InstanceKey successor() {
        return successor;
    }

    /**
     * Whether the order was to leave the former primary stopped, for a person to start its replication.
     *
     * @return false where it replicates at once, or nobody hands over
     */
    public boolean formerLeftStopped() {
        return formerLeftStopped;
    }

    /**
     * The number of this state of the record. A backend takes a state only if its own is older, so that one that reaches
     * it late overwrites nothing.
     *
     * @return 0 for the first
     */
    public long version() {
        return version;
    }

    /**
     * The identity of {@link #successor()}, empty while there is none.
     *
     * @return its server_uuid, empty while there is none
     */
    public String successorUuid() {
        return successorUuid;
    }

    /**
     * How the servers were that were to be stopped or demoted, before that was done.
     *
     * @return in the order they were written down
     */
    public List<ServerBefore> before() {
        return before;
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
     * The promoted instance's alias, empty for none.
     *
     * @return the promoted instance's alias, empty for none
     */
    public String successorAlias() {
        return successorAlias;
    }

    /**
     * The promoted instance's own position when it was made writable, null before.
     *
     * @return the promoted instance's own position when it was made writable, null before
     */
    public @Nullable BinlogCoordinates successorCoordinates() {
        return successorCoordinates;
    }

    /**
     * Replicas that could not be taken along.
     *
     * @return replicas that could not be taken along
     */
    public List<InstanceKey> lostReplicas() {
        return lostReplicas;
    }

    /**
     * Instances the recovery changed.
     *
     * @return instances the recovery changed
     */
    public List<InstanceKey> participants() {
        return participants;
    }

    /**
     * What failed, one sentence each.
     *
     * @return what failed, one sentence each
     */
    public List<String> errors() {
        return errors;
    }

    /**
     * Everything any reachable replica had received when the failure was found, null when not read.
     *
     * @return everything any reachable replica had received when the failure was found, null when not read
     */
    public @Nullable GtidSet gtidsAtDetection() {
        return gtidsAtDetection;
    }

    /**
     * What the promoted instance had executed when it was made writable, null before.
     *
     * @return what the promoted instance had executed when it was made writable, null before
     */
    public @Nullable GtidSet gtidsAtPromotion() {
        return gtidsAtPromotion;
    }

    /**
     * Transactions known to be committed on the failed instance and not on the promoted one, null when not known.
     *
     * @return transactions known to be committed on the failed instance and not on the promoted one, null when not known
     */
    public @Nullable GtidSet lostGtids() {
        return lostGtids;
    }

    /**
     * What is known about losses and where they may still be, for people.
     *
     * @return what is known about losses and where they may still be, for people
     */
    public String lossNote() {
        return lossNote;
    }

    /**
     * When the first sign of the failure was seen.
     *
     * @return when the first sign of the failure was seen
     */
    public @Nullable Instant detectedAt() {
        return detectedAt;
    }

    /**
     * When the replicas had agreed.
     *
     * @return when the replicas had agreed
     */
    public @Nullable Instant confirmedAt() {
        return confirmedAt;
    }

    /**
     * When the promoted instance was seen to be writable.
     *
     * @return when the promoted instance was seen to be writable
     */
    public @Nullable Instant promotedAt() {
        return promotedAt;
    }

    /**
     * When the first transaction of the promoted instance's own was seen, null when none was.
     *
     * @return when the first transaction of the promoted instance's own was seen, null when none was
     */
    public @Nullable Instant firstWriteAt() {
        return firstWriteAt;
    }

    /**
     * When the last of the other replicas was seen replicating from it.
     *
     * @return when the last of the other replicas was seen replicating from it
     */
    public @Nullable Instant repointedAt() {
        return repointedAt;
    }

    /**
     * Whether a person has seen it.
     *
     * @return whether a person has seen it
     */
    public boolean acknowledged() {
        return acknowledged;
    }

    /**
     * When it was acknowledged.
     *
     * @return when it was acknowledged
     */
    public @Nullable Instant acknowledgedAt() {
        return acknowledgedAt;
    }

    /**
     * Who acknowledged it.
     *
     * @return who acknowledged it
     */
    public String acknowledgedBy() {
        return acknowledgedBy;
    }

    /**
     * What they said.
     *
     * @return what they said
     */
    public String acknowledgedComment() {
        return acknowledgedComment;
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
    public boolean equals(@Nullable Object o) {
        return this == o
                || (o instanceof RecoveryRecord other
                        && Objects.equals(uid, other.uid)
                        && id == other.id
                        && Objects.equals(cluster, other.cluster)
                        && Objects.equals(clusterName, other.clusterName)
                        && Objects.equals(clusterAlias, other.clusterAlias)
                        && type == other.type
                        && Objects.equals(analysis, other.analysis)
                        && Objects.equals(failed, other.failed)
                        && Objects.equals(failedUuid, other.failedUuid)
                        && replicaCount == other.replicaCount
                        && Objects.equals(replicas, other.replicas)
                        && Objects.equals(actor, other.actor)
                        && Objects.equals(node, other.node)
                        && Objects.equals(nodeToken, other.nodeToken)
                        && epoch == other.epoch
                        && Objects.equals(startedAt, other.startedAt)
                        && Objects.equals(endedAt, other.endedAt)
                        && successful == other.successful
                        && formerLeftStopped == other.formerLeftStopped
                        && version == other.version
                        && Objects.equals(successor, other.successor)
                        && Objects.equals(successorUuid, other.successorUuid)
                        && Objects.equals(successorAlias, other.successorAlias)
                        && Objects.equals(successorCoordinates, other.successorCoordinates)
                        && Objects.equals(lostReplicas, other.lostReplicas)
                        && Objects.equals(participants, other.participants)
                        && Objects.equals(before, other.before)
                        && Objects.equals(errors, other.errors)
                        && Objects.equals(gtidsAtDetection, other.gtidsAtDetection)
                        && Objects.equals(gtidsAtPromotion, other.gtidsAtPromotion)
                        && Objects.equals(lostGtids, other.lostGtids)
                        && Objects.equals(lossNote, other.lossNote)
                        && Objects.equals(detectedAt, other.detectedAt)
                        && Objects.equals(confirmedAt, other.confirmedAt)
                        && Objects.equals(promotedAt, other.promotedAt)
                        && Objects.equals(firstWriteAt, other.firstWriteAt)
                        && Objects.equals(repointedAt, other.repointedAt)
                        && acknowledged == other.acknowledged
                        && Objects.equals(acknowledgedAt, other.acknowledgedAt)
                        && Objects.equals(acknowledgedBy, other.acknowledgedBy)
                        && Objects.equals(acknowledgedComment, other.acknowledgedComment));
    }

    @Override
    public int hashCode() {
        return Objects.hash(uid, startedAt, endedAt);
    }

    @Override
    public String toString() {
        return "recovery " + uid + " of " + failed + " (" + analysis.compatibleName() + ")";
    }

    /** Collects the facts of a {@link RecoveryRecord}. Not thread-safe. */
    public static final class Builder {
        private final String uid;
        private long id = 0;
        private RecoveryType type;
        private final ClusterId cluster;
        private String clusterName = "";
        private String clusterAlias = "";
        private final AnalysisCode analysis;
        private final InstanceKey failed;
        private String failedUuid = "";
        private int replicaCount = 0;
        private List<InstanceKey> replicas = List.of();
        private final Actor actor;
        private String node = "";
        private String nodeToken = "";
        private long epoch = 0;
        private final Instant startedAt;
        private @Nullable Instant endedAt;
        private boolean successful = false;
        private boolean formerLeftStopped = false;
        private long version = 0;
        private @Nullable InstanceKey successor;
        private String successorUuid = "";
        private String successorAlias = "";
        private @Nullable BinlogCoordinates successorCoordinates;
        private List<InstanceKey> lostReplicas = List.of();
        private List<InstanceKey> participants = List.of();
        private List<ServerBefore> before = List.of();
        private List<String> errors = List.of();
        private @Nullable GtidSet gtidsAtDetection;
        private @Nullable GtidSet gtidsAtPromotion;
        private @Nullable GtidSet lostGtids;
        private String lossNote = "";
        private @Nullable Instant detectedAt;
        private @Nullable Instant confirmedAt;
        private @Nullable Instant promotedAt;
        private @Nullable Instant firstWriteAt;
        private @Nullable Instant repointedAt;
        private boolean acknowledged = false;
        private @Nullable Instant acknowledgedAt;
        private String acknowledgedBy = "";
        private String acknowledgedComment = "";

        private Builder(
                String uid,
                ClusterId cluster,
                AnalysisCode analysis,
                InstanceKey failed,
                Actor actor,
                Instant startedAt) {
            this.uid = Objects.requireNonNull(uid, "uid");
            this.cluster = Objects.requireNonNull(cluster, "cluster");
            this.analysis = Objects.requireNonNull(analysis, "analysis");
            this.type = RecoveryType.about(analysis).orElse(RecoveryType.DEAD_PRIMARY);
            this.failed = Objects.requireNonNull(failed, "failed");
            this.actor = Objects.requireNonNull(actor, "actor");
            this.startedAt = Objects.requireNonNull(startedAt, "startedAt");
        }

        /**
         * Sets {@link RecoveryRecord#id()}.
         *
         * @param value the record's number in the backend, 0 before it is stored
         * @return this
         */
        public Builder id(long value) {
            this.id = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#type()}; without it, the kind that the problem belongs to.
         *
         * @param value its kind
         * @return this
         */
        public Builder type(RecoveryType value) {
            this.type = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#clusterName()}.
         *
         * @param value the cluster's name when the recovery began
         * @return this
         */
        public Builder clusterName(String value) {
            this.clusterName = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#clusterAlias()}.
         *
         * @param value the cluster's alias when the recovery began
         * @return this
         */
        public Builder clusterAlias(String value) {
            this.clusterAlias = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#failedUuid()}.
         *
         * @param value the failed instance's identity, empty when unknown
         * @return this
         */
        public Builder failedUuid(String value) {
            this.failedUuid = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#replicaCount()}.
         *
         * @param value how many direct replicas it had
         * @return this
         */
        public Builder replicaCount(int value) {
            this.replicaCount = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#replicas()}.
         *
         * @param value its direct replicas
         * @return this
         */
        public Builder replicas(List<InstanceKey> value) {
            this.replicas = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#node()}.
         *
         * @param value the node that does it
         * @return this
         */
        public Builder node(String value) {
            this.node = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#nodeToken()}.
         *
         * @param value the token of the process that does it
         * @return this
         */
        public Builder nodeToken(String value) {
            this.nodeToken = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#epoch()}.
         *
         * @param value the epoch of the leadership it is done under, 0 for a person's order
         * @return this
         */
        public Builder epoch(long value) {
            this.epoch = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#endedAt()}.
         *
         * @param value when it ended, null while it is active
         * @return this
         */
        public Builder endedAt(@Nullable Instant value) {
            this.endedAt = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#successful()}.
         *
         * @param value whether it reached its aim
         * @return this
         */
        public Builder successful(boolean value) {
            this.successful = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#successor()}.
         *
         * @param value the promoted instance, null while there is none
         * @return this
         */
        public Builder successor(@Nullable InstanceKey value) {
            this.successor = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#formerLeftStopped()}.
         *
         * @param value whether a person starts the former primary's replication
         * @return this
         */
        public Builder formerLeftStopped(boolean value) {
            this.formerLeftStopped = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#version()}.
         *
         * @param value the number of this state
         * @return this
         */
        public Builder version(long value) {
            this.version = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#successorUuid()}.
         *
         * @param value the identity of the instance that is to be promoted, empty for none
         * @return this
         */
        public Builder successorUuid(String value) {
            this.successorUuid = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#before()}.
         *
         * @param value how the servers were
         * @return this
         */
        public Builder before(List<ServerBefore> value) {
            this.before = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#successorAlias()}.
         *
         * @param value the promoted instance's alias, empty for none
         * @return this
         */
        public Builder successorAlias(String value) {
            this.successorAlias = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#successorCoordinates()}.
         *
         * @param value the promoted instance's own position when it was made writable, null before
         * @return this
         */
        public Builder successorCoordinates(@Nullable BinlogCoordinates value) {
            this.successorCoordinates = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#lostReplicas()}.
         *
         * @param value replicas that could not be taken along
         * @return this
         */
        public Builder lostReplicas(List<InstanceKey> value) {
            this.lostReplicas = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#participants()}.
         *
         * @param value instances the recovery changed
         * @return this
         */
        public Builder participants(List<InstanceKey> value) {
            this.participants = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#errors()}.
         *
         * @param value what failed, one sentence each
         * @return this
         */
        public Builder errors(List<String> value) {
            this.errors = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#gtidsAtDetection()}.
         *
         * @param value everything any reachable replica had received when the failure was found, null when not read
         * @return this
         */
        public Builder gtidsAtDetection(@Nullable GtidSet value) {
            this.gtidsAtDetection = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#gtidsAtPromotion()}.
         *
         * @param value what the promoted instance had executed when it was made writable, null before
         * @return this
         */
        public Builder gtidsAtPromotion(@Nullable GtidSet value) {
            this.gtidsAtPromotion = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#lostGtids()}.
         *
         * @param value transactions known to be committed on the failed instance and not on the promoted one, null when not known
         * @return this
         */
        public Builder lostGtids(@Nullable GtidSet value) {
            this.lostGtids = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#lossNote()}.
         *
         * @param value what is known about losses and where they may still be, for people
         * @return this
         */
        public Builder lossNote(String value) {
            this.lossNote = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#detectedAt()}.
         *
         * @param value when the first sign of the failure was seen
         * @return this
         */
        public Builder detectedAt(@Nullable Instant value) {
            this.detectedAt = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#confirmedAt()}.
         *
         * @param value when the replicas had agreed
         * @return this
         */
        public Builder confirmedAt(@Nullable Instant value) {
            this.confirmedAt = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#promotedAt()}.
         *
         * @param value when the promoted instance was seen to be writable
         * @return this
         */
        public Builder promotedAt(@Nullable Instant value) {
            this.promotedAt = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#firstWriteAt()}.
         *
         * @param value when the first transaction of the promoted instance's own was seen, null when none was
         * @return this
         */
        public Builder firstWriteAt(@Nullable Instant value) {
            this.firstWriteAt = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#repointedAt()}.
         *
         * @param value when the last of the other replicas was seen replicating from it
         * @return this
         */
        public Builder repointedAt(@Nullable Instant value) {
            this.repointedAt = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#acknowledged()}.
         *
         * @param value whether a person has seen it
         * @return this
         */
        public Builder acknowledged(boolean value) {
            this.acknowledged = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#acknowledgedAt()}.
         *
         * @param value when it was acknowledged
         * @return this
         */
        public Builder acknowledgedAt(@Nullable Instant value) {
            this.acknowledgedAt = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#acknowledgedBy()}.
         *
         * @param value who acknowledged it
         * @return this
         */
        public Builder acknowledgedBy(String value) {
            this.acknowledgedBy = value;
            return this;
        }

        /**
         * Sets {@link RecoveryRecord#acknowledgedComment()}.
         *
         * @param value what they said
         * @return this
         */
        public Builder acknowledgedComment(String value) {
            this.acknowledgedComment = value;
            return this;
        }

        /**
         * Finishes.
         *
         * @return an immutable RecoveryRecord
         */
        public RecoveryRecord build() {
            return new RecoveryRecord(this);
        }
    }
}
