package dev.orchestrator.api.model.channel;

/** Whether a replica keeps the account that its receiver connects with. */
public enum StoredCredentials {
    /** User and password are stored: the receiver can be started again by anybody. */
    STORED,
    /** User or password is missing: they were given with START REPLICA, and only who knows them can start it again. */
    MISSING,
    /** The server does not let us see it. Nothing may depend on their being stored. */
    UNKNOWN
}
