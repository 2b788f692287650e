package dev.orchestrator.engine.internal.core.analysis;

/** What one replica's latest reading says about a source that does not answer us. */
enum Voice {
    /** The replica cannot be read. */
    UNREACHABLE,
    /** The reading is from before the failure, or too old: it says nothing. */
    STALE,
    /** The receiver tries to connect and does not succeed. */
    AGREES,
    /** The receiver is stopped: it does not try, and says nothing. */
    STOPPED,
    /** The receiver believes to be connected, but got nothing since, and a test elsewhere found the source gone. */
    MUTE,
    /** The receiver is connected, as far as it knows. */
    CONNECTED,
    /** The receiver got something after the failure began, or a test of it found the source alive. */
    REFUTES
}
