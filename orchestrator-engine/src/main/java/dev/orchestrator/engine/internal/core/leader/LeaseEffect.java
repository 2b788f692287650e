package dev.orchestrator.engine.internal.core.leader;

import dev.orchestrator.spi.Lease;
import java.time.Duration;

/** What is wanted of the world. Each is answered by an event, or by {@link LeaseEvent.Failed}. */
public sealed interface LeaseEffect {
    /**
     * Calls the method of its kind.
     *
     * @param cases what to do with each kind
     * @param <T> what comes of it
     * @return what came of it
     */
    <T> T match(Cases<T> cases);

    /** Take the lease if it is free. Answered by {@link LeaseEvent.Acquired}. */
    record Acquire() implements LeaseEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.acquire(this);
        }
    }

    /**
     * Extend the lease. Answered by {@link LeaseEvent.Renewed}.
     *
     * @param lease the lease
     */
    record Renew(Lease lease) implements LeaseEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.renew(this);
        }
    }

    /** Take the lease whoever holds it. Answered by {@link LeaseEvent.Seized}. */
    record Seize() implements LeaseEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.seize(this);
        }
    }

    /** See who holds the lease. Answered by {@link LeaseEvent.Seen}. */
    record Look() implements LeaseEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.look(this);
        }
    }

    /** Ask whether a free lease may be taken here. Answered by {@link LeaseEvent.Voted}. */
    record Vote() implements LeaseEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.vote(this);
        }
    }

    /**
     * Give a lease up. Answered by {@link LeaseEvent.Released}.
     *
     * @param lease the lease
     */
    record Release(Lease lease) implements LeaseEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.release(this);
        }
    }

    /**
     * Wait until what was begun under a lease is over. Answered by {@link LeaseEvent.Quiet}.
     *
     * @param lease the lease
     * @param limit how long at most
     */
    record AwaitQuiescence(Lease lease, Duration limit) implements LeaseEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.awaitQuiescence(this);
        }
    }

    /**
     * One answer for each kind: a kind that is added does not compile before everybody has one for it.
     *
     * @param <T> what is answered
     */
    interface Cases<T> {
        /**
         * The answer for {@link Acquire}.
         *
         * @param it the value
         * @return the answer
         */
        T acquire(Acquire it);

        /**
         * The answer for {@link Renew}.
         *
         * @param it the value
         * @return the answer
         */
        T renew(Renew it);

        /**
         * The answer for {@link Seize}.
         *
         * @param it the value
         * @return the answer
         */
        T seize(Seize it);

        /**
         * The answer for {@link Look}.
         *
         * @param it the value
         * @return the answer
         */
        T look(Look it);

        /**
         * The answer for {@link Vote}.
         *
         * @param it the value
         * @return the answer
         */
        T vote(Vote it);

        /**
         * The answer for {@link Release}.
         *
         * @param it the value
         * @return the answer
         */
        T release(Release it);

        /**
         * The answer for {@link AwaitQuiescence}.
         *
         * @param it the value
         * @return the answer
         */
        T awaitQuiescence(AwaitQuiescence it);
    }
}
