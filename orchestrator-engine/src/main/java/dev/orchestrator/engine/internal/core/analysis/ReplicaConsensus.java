package dev.orchestrator.engine.internal.core.analysis;

/** What the replicas of a source that does not answer say together. */
enum ReplicaConsensus {
    /** The source answers, there is nothing to judge. */
    NOT_ASKED,
    /** There is no replica. */
    NO_REPLICAS,
    /** No replica can be read. */
    ALL_UNREACHABLE,
    /** A replica is connected to the source, as far as it knows, or was refused by it. */
    CONTRADICTED,
    /** A replica was not read since the failure began. */
    WAITING,
    /** A replica may have been refused by the source before it failed for us: one receiver has to be tested. */
    IN_DOUBT,
    /** No replica that can be read was connected shortly before, so none can tell that it lost the source now. */
    NONE_WAS_CONNECTED,
    /** All replicas that can be read have stopped receivers: nobody tried to reach the source. */
    NOBODY_TRIED,
    /** Every replica that can be read was read since, and at least one tried in vain to reach the source. */
    AGREED;

    boolean isOpen() {
        return switch (this) {
            case CONTRADICTED, WAITING, IN_DOUBT, NONE_WAS_CONNECTED, NOBODY_TRIED -> true;
            case NOT_ASKED, NO_REPLICAS, ALL_UNREACHABLE, AGREED -> false;
        };
    }
}
