package dev.orchestrator.api.config;

/** What an automatic recovery does when only silent servers may hold what the dead primary acknowledged. */
public enum SemiSyncLossPolicy {
    /** Nobody is promoted; an operator decides. */
    REFUSE,
    /** Nobody is promoted if the primary waits for acknowledgements for ever, which says the same; else as PROMOTE. */
    REFUSE_IF_INFINITE,
    /** The best replica that answers is promoted, and what may be lost is written down. */
    PROMOTE
}
