package dev.orchestrator.spi;

import java.util.Objects;
import java.util.function.Function;

/**
 * By what right a recovery or a fence is written. The writing statement itself checks it: between any check before it
 * and the statement, the process may have been paused for as long as you like.
 */
public sealed interface Right {
    /**
     * Tells the kinds apart.
     *
     * @param lease what to do for a leader's right
     * @param lock what to do for the right of an operator's order
     * @param journal what to do for what was done while the backend was away
     * @return what that yields
     * @param <T> what is wanted
     */
    <T> T match(Function<UnderLease, T> lease, Function<UnderLock, T> lock, Function<OfJournal, T> journal);

    /**
     * Who writes, as it is remembered with what has ended: who ended it may complete it.
     *
     * @return random text
     */
    String writer();

    /** The leader's: holds as long as nobody else took the lease, by epoch and token. */
    record UnderLease(Lease lease) implements Right {
        /** Checks that it is there. */
        public UnderLease {
            Objects.requireNonNull(lease, "lease");
        }

        @Override
        public <T> T match(Function<UnderLease, T> lease, Function<UnderLock, T> lock, Function<OfJournal, T> journal) {
            return lease.apply(this);
        }

        @Override
        public String writer() {
            return lease.token();
        }
    }

    /**
     * The right of an operation that an operator ordered: holds as long as all of its maintenance locks do.
     *
     * @param token the token of the locks
     */
    record UnderLock(String token) implements Right {
        /** Checks that it is there. */
        public UnderLock {
            Objects.requireNonNull(token, "token");
        }

        @Override
        public <T> T match(Function<UnderLease, T> lease, Function<UnderLock, T> lock, Function<OfJournal, T> journal) {
            return lock.apply(this);
        }

        @Override
        public String writer() {
            return token;
        }
    }

    /**
     * Brings what was done while the backend was away. No lease stands behind it, as that of the recovery ended with the
     * backend that it was granted in; holds as long as nobody else has ended that recovery.
     *
     * @param nodeToken the token of the process that did it, as it stands in the recovery's record
     */
    record OfJournal(String nodeToken) implements Right {
        /** Checks that it is there. */
        public OfJournal {
            Objects.requireNonNull(nodeToken, "nodeToken");
        }

        @Override
        public <T> T match(Function<UnderLease, T> lease, Function<UnderLock, T> lock, Function<OfJournal, T> journal) {
            return journal.apply(this);
        }

        @Override
        public String writer() {
            return nodeToken;
        }
    }
}
