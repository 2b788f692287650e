package dev.orchestrator.engine.internal.core.analysis;

/** What one replica's latest reading says about a source that does not answer us. */
enum Voice {
    /** The replica cannot be read. */
    UNREACHABLE,
    /** The reading is from before the failure, or too old: it says nothing. */
    STALE,
    /** The receiver tries to connect and does not succeed, or did so since the failure began until it was stopped. */
    AGREES,
    /** The receiver is stopped: it does not try, and says nothing. */
    STOPPED,
    /** The receiver believes to be connected, but got nothing since, and a test elsewhere found the source gone. */
    MUTE,
    /** The receiver is connected, as far as it knows. */
    CONNECTED,
    /** The receiver got something after the failure began, found the source again, or a test of it did. */
    REFUTES
}
