package dev.orchestrator.api.plan;

/** Why a recovery was not done. */
public enum RefusalReason {
    /** The instance is not known. */
    UNKNOWN_INSTANCE,
    /** Nothing is wrong with the instance, or nothing a recovery exists for. */
    NO_PROBLEM,
    /** We cannot reach the server, but its replicas do not agree that it is dead. */
    NOT_CONFIRMED,
    /** This node is not the leader. */
    NOT_LEADER,
    /** The engine only observes. */
    OBSERVE_ONLY,
    /** A configuration key that is not honoured yet forbids automatic recovery. */
    DISABLED_BY_CONFIGURATION,
    /** Recoveries are disabled by the global switch. */
    GLOBALLY_DISABLED,
    /** The configuration does not name the cluster for automatic recovery. */
    CLUSTER_NOT_CONFIGURED,
    /** The instance is in downtime. */
    DOWNTIMED,
    /** A recovery of the cluster ended a short while ago and was not acknowledged. */
    ANTI_FLAPPING,
    /** Another recovery of the cluster is active. */
    RECOVERY_ACTIVE,
    /** A maintenance lock stands in the way. */
    LOCKED,
    /** The topology is of a kind that cannot be recovered yet. */
    UNSUPPORTED_TOPOLOGY,
    /** No replica may be promoted. */
    NO_CANDIDATE,
    /** The replica asked for cannot be promoted. */
    CANDIDATE_UNFIT,
    /** The backend cannot be used. */
    BACKEND_UNAVAILABLE,
    /** The epoch of the leadership is over. */
    STALE_EPOCH,
    /** A server that takes part does not answer. */
    INSTANCE_UNREACHABLE,
    /** The server replicates from nobody. */
    NOT_A_REPLICA,
    /** The replica cannot, or must not, replicate from the server asked for. */
    ILLEGAL_MOVE,
    /** The server must stay read-only: it is a former primary that was replaced. */
    FENCED,
    /** Another server has taken the server's place. */
    SUPERSEDED,
    /** No fence stands on the server: there is nothing to lift. */
    NOT_FENCED,
    /** Another server of the cluster can be written, or may be: there would be two. */
    OTHER_WRITER,
    /** The account that replication logs in with cannot be had. */
    NO_CREDENTIALS
}
