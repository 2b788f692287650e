package dev.orchestrator.api.analysis;

/** Weaknesses of a topology that break nothing today. */
public enum StructureWarning {
    /** No replica logs what it applies, so none can be promoted. */
    NO_LOGGING_REPLICAS("NoLoggingReplicasStructureWarning"),
    /** Replicas cannot be repointed automatically: they do not all use GTID. */
    NO_FAILOVER_SUPPORT("NoFailoverSupportStructureWarning"),
    /** Statement and mixed binary logs among the replicas. */
    STATEMENT_AND_MIXED_LOGGING_REPLICAS("StatementAndMixedLoggingReplicasStructureWarning"),
    /** Statement and row binary logs among the replicas. */
    STATEMENT_AND_ROW_LOGGING_REPLICAS("StatementAndRowLoggingReplicasStructureWarning"),
    /** Mixed and row binary logs among the replicas. */
    MIXED_AND_ROW_LOGGING_REPLICAS("MixedAndRowLoggingReplicasStructureWarning"),
    /** Several major versions among the replicas. */
    MULTIPLE_MAJOR_VERSIONS("MultipleMajorVersionsLoggingReplicasStructureWarning"),
    /** Every replica has replication filters, so none is promoted automatically. */
    ALL_REPLICAS_FILTERED("AllReplicasFilteredStructureWarning"),
    /** A replica's gtid_mode differs from its source's. */
    DIFFERENT_GTID_MODES("DifferentGTIDModesStructureWarning"),
    /** A replica has transactions its source does not have. */
    ERRANT_GTID("ErrantGTIDStructureWarning"),
    /** The primary is read-only. */
    NO_WRITEABLE_PRIMARY("NoWriteableMasterStructureWarning"),
    /** Fewer semi-sync replicas than the primary waits for. */
    NOT_ENOUGH_SEMI_SYNC_REPLICAS("NotEnoughValidSemiSyncReplicasStructureWarning"),
    /** The server answers and refuses our account: it can be neither watched nor recovered. */
    ACCOUNT_REFUSED("AccountRefusedStructureWarning"),
    /** The primary keeps a channel, switched off, from before it became the primary. */
    LEFTOVER_CHANNEL("LeftoverChannelStructureWarning");

    private final String compatibleName;

    StructureWarning(String compatibleName) {
        this.compatibleName = compatibleName;
    }

    /** The predecessor's name. */
    public String compatibleName() {
        return compatibleName;
    }
}
