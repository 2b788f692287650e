package dev.orchestrator.engine.internal.core.analysis;

/** What one replica's latest reading says about a source that does not answer us. */
enum SourceView {
    /** The replica cannot be read. */
    UNREACHABLE,
    /** The reading is from before the failure, or too old: it says nothing. */
    STALE,
    /** The receiver was connected and lost its source, or did so since the failure began until it was stopped. */
    AGREES,
    /** The source refused the receiver after the failure began. */
    REFUSED,
    /** The receiver lost its source, but perhaps by a refusal from before the failure: no vote until one is tested. */
    IN_DOUBT,
    /** The receiver could not connect before the failure either, or does not know where to: it says nothing. */
    NO_EVIDENCE,
    /** The receiver is stopped: it does not try, and says nothing. */
    STOPPED,
    /** The receiver believes to be connected, but got nothing since, and a test elsewhere found the source gone. */
    MUTE,
    /** The receiver is connected, as far as it knows. */
    CONNECTED,
    /** The receiver got something after the failure began, found the source again, or a test of it did. */
    REFUTES
}
