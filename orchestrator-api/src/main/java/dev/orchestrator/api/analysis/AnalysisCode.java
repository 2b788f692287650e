package dev.orchestrator.api.analysis;

/** The names of problems. The compatible names are those of the predecessor, which its users' scripts know. */
public enum AnalysisCode {
    /** Nothing is wrong. */
    NO_PROBLEM("NoProblem", "No problem"),
    /** The primary is dead and has no replica. */
    DEAD_PRIMARY_WITHOUT_REPLICAS("DeadMasterWithoutReplicas", "Primary cannot be reached and has no replica"),
    /** The primary is dead, its replicas agree. */
    DEAD_PRIMARY("DeadMaster", "Primary cannot be reached and none of its replicas is replicating"),
    /** The primary and all its replicas are dead. */
    DEAD_PRIMARY_AND_REPLICAS("DeadMasterAndReplicas", "Primary and all its replicas cannot be reached"),
    /** The primary and some replicas are dead, the others agree. */
    DEAD_PRIMARY_AND_SOME_REPLICAS(
            "DeadMasterAndSomeReplicas",
            "Primary and some of its replicas cannot be reached, none of the others is replicating"),
    /** We cannot reach the primary; all its replicas lag, so that they cannot tell. */
    UNREACHABLE_PRIMARY_WITH_LAGGING_REPLICAS(
            "UnreachableMasterWithLaggingReplicas", "Primary cannot be reached and all its replicas are lagging"),
    /** We cannot reach the primary; replicas still replicate from it. */
    UNREACHABLE_PRIMARY("UnreachableMaster", "Primary cannot be reached but has replicating replicas"),
    /** The primary waits for semi-sync acknowledgements nobody gives. */
    LOCKED_SEMI_SYNC_PRIMARY(
            "LockedSemiSyncMaster", "Primary waits for more semi-sync acknowledgements than it has replicas for"),
    /** As {@link #LOCKED_SEMI_SYNC_PRIMARY}, not yet believed. */
    LOCKED_SEMI_SYNC_PRIMARY_HYPOTHESIS(
            "LockedSemiSyncMasterHypothesis", "Primary may be waiting for semi-sync acknowledgements"),
    /** More semi-sync replicas than wanted. */
    PRIMARY_WITH_TOO_MANY_SEMI_SYNC_REPLICAS(
            "MasterWithTooManySemiSyncReplicas", "Primary has more semi-sync replicas than it waits for"),
    /** The primary is read-only. */
    NO_WRITEABLE_PRIMARY("NoWriteableMasterStructureWarning", "Primary is read-only"),
    /** The only replica of a living primary does not replicate. */
    PRIMARY_SINGLE_REPLICA_NOT_REPLICATING(
            "MasterSingleReplicaNotReplicating", "Primary's only replica is not replicating"),
    /** The only replica of a living primary is dead. */
    PRIMARY_SINGLE_REPLICA_DEAD("MasterSingleReplicaDead", "Primary's only replica cannot be reached"),
    /** No replica of a living primary replicates. */
    ALL_PRIMARY_REPLICAS_NOT_REPLICATING(
            "AllMasterReplicasNotReplicating", "Primary is reachable but none of its replicas is replicating"),
    /** No replica of a living primary replicates, some are dead. */
    ALL_PRIMARY_REPLICAS_NOT_REPLICATING_OR_DEAD(
            "AllMasterReplicasNotReplicatingOrDead",
            "Primary is reachable but its replicas are not replicating or cannot be reached"),
    /** A co-primary is dead, its replicas agree. */
    DEAD_CO_PRIMARY("DeadCoMaster", "Co-primary cannot be reached and none of its replicas is replicating"),
    /** A co-primary and some replicas are dead, the others agree. */
    DEAD_CO_PRIMARY_AND_SOME_REPLICAS(
            "DeadCoMasterAndSomeReplicas",
            "Co-primary and some of its replicas cannot be reached, none of the others is replicating"),
    /** We cannot reach a co-primary; replicas still replicate from it. */
    UNREACHABLE_CO_PRIMARY("UnreachableCoMaster", "Co-primary cannot be reached but has replicating replicas"),
    /** No replica of a living co-primary replicates. */
    ALL_CO_PRIMARY_REPLICAS_NOT_REPLICATING(
            "AllCoMasterReplicasNotReplicating", "Co-primary is reachable but none of its replicas is replicating"),
    /** An intermediate source is dead; its one replica cannot connect to it. */
    DEAD_INTERMEDIATE_SOURCE_WITH_SINGLE_REPLICA_FAILING_TO_CONNECT(
            "DeadIntermediateMasterWithSingleReplicaFailingToConnect",
            "Intermediate source cannot be reached and its only replica fails to connect to it"),
    /** An intermediate source is dead; its one replica does not replicate. */
    DEAD_INTERMEDIATE_SOURCE_WITH_SINGLE_REPLICA(
            "DeadIntermediateMasterWithSingleReplica",
            "Intermediate source cannot be reached and its only replica is not replicating"),
    /** An intermediate source is dead, its replicas agree. */
    DEAD_INTERMEDIATE_SOURCE(
            "DeadIntermediateMaster", "Intermediate source cannot be reached and none of its replicas is replicating"),
    /** An intermediate source and some of its replicas are dead. */
    DEAD_INTERMEDIATE_SOURCE_AND_SOME_REPLICAS(
            "DeadIntermediateMasterAndSomeReplicas",
            "Intermediate source and some of its replicas cannot be reached, none of the others is replicating"),
    /** An intermediate source and all its replicas are dead. */
    DEAD_INTERMEDIATE_SOURCE_AND_REPLICAS(
            "DeadIntermediateMasterAndReplicas", "Intermediate source and all its replicas cannot be reached"),
    /** We cannot reach an intermediate source; all its replicas lag. */
    UNREACHABLE_INTERMEDIATE_SOURCE_WITH_LAGGING_REPLICAS(
            "UnreachableIntermediateMasterWithLaggingReplicas",
            "Intermediate source cannot be reached and all its replicas are lagging"),
    /** We cannot reach an intermediate source; replicas still replicate from it. */
    UNREACHABLE_INTERMEDIATE_SOURCE(
            "UnreachableIntermediateMaster", "Intermediate source cannot be reached but has replicating replicas"),
    /** Replicas of a living intermediate source fail to connect to it or are dead. */
    ALL_INTERMEDIATE_SOURCE_REPLICAS_FAILING_TO_CONNECT_OR_DEAD(
            "AllIntermediateMasterReplicasFailingToConnectOrDead",
            "Intermediate source is reachable but all its replicas fail to connect to it"),
    /** No replica of a living intermediate source replicates. */
    ALL_INTERMEDIATE_SOURCE_REPLICAS_NOT_REPLICATING(
            "AllIntermediateMasterReplicasNotReplicating",
            "Intermediate source is reachable but none of its replicas is replicating"),
    /** A replica of the primary cannot connect to it. */
    FIRST_TIER_REPLICA_FAILING_TO_CONNECT(
            "FirstTierReplicaFailingToConnectToMaster", "A replica of the primary fails to connect to it");

    private final String compatibleName;
    private final String description;

    AnalysisCode(String compatibleName, String description) {
        this.compatibleName = compatibleName;
        this.description = description;
    }

    /** The predecessor's name, which the HTTP API, the command line and hooks show. */
    public String compatibleName() {
        return compatibleName;
    }

    /**
     * What is wrong, in one sentence.
     *
     * @return a sentence without a full stop
     */
    public String description() {
        return description;
    }
}
