package dev.orchestrator.engine.internal.core.analysis;

/** What the replicas of a source that does not answer say together. */
enum Verdict {
    /** The source answers, there is nothing to judge. */
    NOT_ASKED,
    /** There is no replica. */
    NO_REPLICAS,
    /** No replica can be read. */
    ALL_UNREACHABLE,
    /** A replica is connected to the source, as far as it knows. */
    CONTRADICTED,
    /** A replica was not read since the failure began. */
    WAITING,
    /** All replicas that can be read have stopped receivers: nobody tried to reach the source. */
    NOBODY_TRIED,
    /** Every replica that can be read was read since, and at least one tried in vain to reach the source. */
    AGREED;

    boolean isOpen() {
        return this == CONTRADICTED || this == WAITING || this == NOBODY_TRIED;
    }
}
