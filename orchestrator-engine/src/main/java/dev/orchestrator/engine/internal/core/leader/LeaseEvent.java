package dev.orchestrator.engine.internal.core.leader;

import dev.orchestrator.spi.Lease;
import java.util.Optional;

/** What happens to a node that stands for a lease, with the monotonic time of it. */
public sealed interface LeaseEvent {
    /**
     * When it was noticed.
     *
     * @return a ticker reading
     */
    long at();

    /**
     * What it makes of a state.
     *
     * @param state the state before
     * @return the state after
     */
    LeaseState on(LeaseState state);

    /**
     * It is time to renew, or to try to take the lease.
     *
     * @param at when
     */
    record TurnDue(long at) implements LeaseEvent {
        @Override
        public LeaseState on(LeaseState s) {
            return s.turnDue(at);
        }
    }

    /**
     * The lease is to be taken whoever holds it.
     *
     * @param at when
     */
    record SeizeAsked(long at) implements LeaseEvent {
        @Override
        public LeaseState on(LeaseState s) {
            return s.doing(Errand.Kind.SEIZE, new LeaseEffect.Acquire());
        }
    }

    /**
     * The present leadership is to end, whosever it is.
     *
     * @param at when
     */
    record VacateAsked(long at) implements LeaseEvent {
        @Override
        public LeaseState on(LeaseState s) {
            return s.doing(Errand.Kind.VACATE, new LeaseEffect.Look());
        }
    }

    /**
     * This node is to lead no longer, and to let others lead for one lease time.
     *
     * @param at when
     */
    record ResignAsked(long at) implements LeaseEvent {
        @Override
        public LeaseState on(LeaseState s) {
            return s.givenUp(s.terms().ttl(), at);
        }
    }

    /**
     * The node ends.
     *
     * @param at when
     */
    record CloseAsked(long at) implements LeaseEvent {
        @Override
        public LeaseState on(LeaseState s) {
            return s.closing().givenUp(s.terms().ttl(), at);
        }
    }

    /**
     * The node moved to another backend: whoever led in the former one may lead for one lease time.
     *
     * @param at when
     */
    record Rested(long at) implements LeaseEvent {
        @Override
        public LeaseState on(LeaseState s) {
            return s.barredFor(s.terms().ttl(), at);
        }
    }

    /**
     * Listeners may know of a lease that succeeded another one.
     *
     * @param at when
     */
    record Announced(long at) implements LeaseEvent {
        @Override
        public LeaseState on(LeaseState s) {
            return s.announced();
        }
    }

    /**
     * A free lease was taken, or was not free.
     *
     * @param lease the lease
     * @param begun when it was asked for
     * @param at when the answer came
     */
    record Acquired(Optional<Lease> lease, long begun, long at) implements LeaseEvent {
        @Override
        public LeaseState on(LeaseState s) {
            return lease.map(l -> s.granted(l, begun, begun)).orElseGet(s::notFree);
        }
    }

    /**
     * A renewal was answered.
     *
     * @param lease the lease
     * @param held whether it was extended
     * @param begun when it was asked for
     * @param at when the answer came
     */
    record Renewed(Lease lease, boolean held, long begun, long at) implements LeaseEvent {
        @Override
        public LeaseState on(LeaseState s) {
            return s.renewed(lease, held, begun);
        }
    }

    /**
     * The lease was taken from whoever held it.
     *
     * @param lease the lease
     * @param begun when it was asked for
     * @param at when the answer came
     */
    record Seized(Lease lease, long begun, long at) implements LeaseEvent {
        @Override
        public LeaseState on(LeaseState s) {
            return s.seized(lease, begun, at);
        }
    }

    /**
     * Who holds the lease was seen.
     *
     * @param token the holder's, empty when nobody holds it
     * @param at when the answer came
     */
    record Seen(Optional<String> token, long at) implements LeaseEvent {
        @Override
        public LeaseState on(LeaseState s) {
            return s.seen(token, at);
        }
    }

    /**
     * Whether a free lease may be taken here was answered.
     *
     * @param may whether it may
     * @param at when the answer came
     */
    record Voted(boolean may, long at) implements LeaseEvent {
        @Override
        public LeaseState on(LeaseState s) {
            return s.voted(may, at);
        }
    }

    /**
     * A lease was given up.
     *
     * @param lease the lease
     * @param at when the answer came
     */
    record Released(Lease lease, long at) implements LeaseEvent {
        @Override
        public LeaseState on(LeaseState s) {
            return s.left(lease).doneWith(new LeaseEffect.Release(lease));
        }
    }

    /**
     * What the errand in hand asked was not answered; whether it was done is not known.
     *
     * @param at when that was noticed
     */
    record Failed(long at) implements LeaseEvent {
        @Override
        public LeaseState on(LeaseState s) {
            return s.failed();
        }
    }

    /**
     * What was begun under a lease that is being given up is over, or is not.
     *
     * @param lease the lease
     * @param quiet whether it is
     * @param at when
     */
    record Quiet(Lease lease, boolean quiet, long at) implements LeaseEvent {
        @Override
        public LeaseState on(LeaseState s) {
            return quiet ? s.quiet(lease) : s.left(lease);
        }
    }

    /**
     * A lease was taken in a copy of the backend that became the backend.
     *
     * @param former the lease that the node held
     * @param next the new one
     * @param begun when it was asked for
     * @param at when the answer came
     */
    record Succeeded(Lease former, Lease next, long begun, long at) implements LeaseEvent {
        @Override
        public LeaseState on(LeaseState s) {
            return s.succeededBy(former, next, begun);
        }
    }
}
