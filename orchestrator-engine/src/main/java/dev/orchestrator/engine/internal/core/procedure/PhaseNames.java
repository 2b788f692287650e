package dev.orchestrator.engine.internal.core.procedure;

/** The names of the phases of a recovery, as records and people see them. */
public final class PhaseNames {
    /** Decisions taken before and between phases. */
    public static final String DECIDE = "decide";
    /** Every reachable replica's receiver is stopped. */
    public static final String STOP_RECEIVERS = "stop receivers";
    /** What was received is read. */
    public static final String RE_READ = "re-read";
    /** Who takes over is chosen. */
    public static final String CHOOSE = "choose";
    /** The chosen one is brought what only others received. */
    public static final String CATCH_UP = "catch up";
    /** The chosen one executes what it received. */
    public static final String DRAIN = "drain";
    /** The chosen one becomes the primary. */
    public static final String PROMOTE = "promote";
    /** What was done is read back. */
    public static final String VERIFY = "verify";
    /** The others replicate from the new primary. */
    public static final String REPOINT = "repoint";
    /** The former primary is kept from being written. */
    public static final String FENCE = "fence";
    /** Others are told. */
    public static final String PUBLISH = "publish";
    /** See that the new primary still takes writes. */
    public static final String CONFIRM_WRITABLE = "confirm writable";

    /** What is left is put in order. */
    public static final String TIDY = "tidy";
    /** Replicas go on as they did before. */
    public static final String RESTORE = "restore";

    /** The successor keeps up, while the primary still takes writes. */
    public static final String WAIT_UNTIL_READY = "wait until ready";
    /** The former primary takes no writes any more. */
    public static final String DEMOTE = "demote";
    /** The former primary becomes a replica. */
    public static final String REJOIN = "rejoin";

    private PhaseNames() {}
}
