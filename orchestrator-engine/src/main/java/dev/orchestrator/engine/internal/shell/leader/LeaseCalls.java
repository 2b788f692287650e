package dev.orchestrator.engine.internal.shell.leader;

import dev.orchestrator.engine.internal.core.leader.LeaseEffect;
import dev.orchestrator.engine.internal.core.leader.LeaseEvent;
import dev.orchestrator.engine.internal.core.leader.LeaseSettings;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.LeaseStore;
import dev.orchestrator.spi.Ticker;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks what is wanted of the backend, the ballot and who acts under the lease, and brings the answer. Blocks.
 *
 * @param store where the lease is
 * @param terms how it is kept
 * @param ticker the monotonic clock
 * @param ballot asked before a free lease is taken
 * @param quiescence awaited before the lease is given up
 */
record LeaseCalls(LeaseStore store, LeaseSettings terms, Ticker ticker, CandidacyCheck ballot, IdleCheck quiescence)
        implements LeaseEffect.Cases<LeaseEvent> {
    private static final Logger log = LoggerFactory.getLogger(LeaseCalls.class);

    @Override
    public LeaseEvent acquire(LeaseEffect.Acquire it) {
        long begun = ticker.nanos();
        Optional<Lease> lease = store.acquire(terms.name(), terms.node(), terms.ttl());
        return new LeaseEvent.Acquired(lease, begun, ticker.nanos());
    }

    @Override
    public LeaseEvent renew(LeaseEffect.Renew it) {
        long begun = ticker.nanos();
        boolean held = store.renew(it.lease());
        if (!held) {
            log.atWarn().addKeyValue("lease", it.lease()).log("lost: somebody else took it, or it ran out");
        }
        return new LeaseEvent.Renewed(it.lease(), held, begun, ticker.nanos());
    }

    @Override
    public LeaseEvent seize(LeaseEffect.Seize it) {
        long begun = ticker.nanos();
        Lease lease = store.seize(terms.name(), terms.node(), terms.ttl());
        return new LeaseEvent.Seized(lease, begun, ticker.nanos());
    }

    @Override
    public LeaseEvent look(LeaseEffect.Look it) {
        Optional<String> token = store.current(terms.name()).map(LeaseStore.Holding::token);
        return new LeaseEvent.Seen(token, ticker.nanos());
    }

    @Override
    public LeaseEvent vote(LeaseEffect.Vote it) {
        return new LeaseEvent.Voted(ballot.mayStand(), ticker.nanos());
    }

    @Override
    public LeaseEvent release(LeaseEffect.Release it) {
        store.release(it.lease());
        return new LeaseEvent.Released(it.lease(), ticker.nanos());
    }

    @Override
    public LeaseEvent awaitQuiescence(LeaseEffect.AwaitQuiescence it) {
        boolean quiet = quiescence.await(it.limit());
        if (!quiet) {
            log.atWarn()
                    .addKeyValue("lease", it.lease())
                    .log("given up while something is under way: it is left to run out");
        }
        return new LeaseEvent.Quiet(it.lease(), quiet, ticker.nanos());
    }
}
