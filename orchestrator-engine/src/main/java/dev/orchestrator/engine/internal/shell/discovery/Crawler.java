package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.engine.internal.core.discovery.Candidate;
import dev.orchestrator.engine.internal.core.discovery.Candidate.Origin;
import dev.orchestrator.engine.internal.core.discovery.Frontier;
import dev.orchestrator.engine.internal.core.discovery.ServerNames;
import dev.orchestrator.engine.internal.shell.schedule.MonitorWait;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows sources, replicas and group members from server to server until nothing new turns up. Keys that lead nowhere
 * are tried again later and later.
 */
final class Crawler {
    private static final Logger log = LoggerFactory.getLogger(Crawler.class);

    private final FleetState keeper;
    private final Function<InstanceKey, CompletableFuture<Observation>> prober;
    private final ServerNames names;
    private final Predicate<InstanceKey> forgotten;
    private final InstantSource clock;
    private final Ticker ticker;

    /** Guarded by the monitor, which is held for moments only. */
    private final Frontier frontier = new Frontier();

    /**
     * Makes one.
     *
     * @param prober polls any key
     * @param forgotten says which keys must not be followed
     */
    Crawler(
            FleetState keeper,
            Function<InstanceKey, CompletableFuture<Observation>> prober,
            ServerNames names,
            Predicate<InstanceKey> forgotten,
            InstantSource clock,
            Ticker ticker) {
        this.keeper = keeper;
        this.prober = prober;
        this.names = names;
        this.forgotten = forgotten;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** Looks behind all the keys that a server names. */
    void follow(Instance facts) {
        Candidate.of(facts).forEach(this::explore);
        InstanceKey own = names.preferred(facts.key(), facts);
        if (!own.equals(facts.key())) {
            explore(new Candidate(own, Origin.OWN_NAME, facts.serverUuid()));
        }
    }

    /** Looks behind a key, unless that was done. */
    void explore(Candidate candidate) {
        InstanceKey key = names.resolved(candidate.key());
        if (keeper.current().member(key).isEmpty() && !forgotten.test(key) && begin(key)) {
            Candidate found = new Candidate(key, candidate.origin(), candidate.serverUuid());
            prober.apply(key).whenComplete((observation, problem) -> {
                if (observation == null) {
                    end(key, true);
                } else {
                    arrive(found, observation).whenComplete((reached, failure) -> end(key, reached == null));
                }
            });
        }
    }

    /** Takes the answer of a seed somebody waits for. */
    void settle(Observation.Seen seed) {
        InstanceKey key = seed.key();
        begin(key);
        admit(seed).whenComplete((reached, failure) -> end(key, reached == null));
    }

    /** Yields the key the server goes by, null when nothing answered. */
    private CompletableFuture<InstanceKey> arrive(Candidate candidate, Observation observation) {
        return observation.match(this::admit, failed -> {
            if (candidate.joinsUnseen(failed.failure())) {
                keeper.submit(draft -> {
                    draft.admitUnseen(candidate, failed, clock.instant());
                    return true;
                });
            }
            return CompletableFuture.completedFuture(null);
        });
    }

    private CompletableFuture<InstanceKey> admit(Observation.Seen seen) {
        Instance facts = seen.instance();
        InstanceKey own = names.preferred(seen.key(), facts);
        if (own.equals(seen.key()) || keeper.current().member(own).isPresent()) {
            return CompletableFuture.completedFuture(add(seen, seen.key()));
        }
        return prober.apply(own)
                .handle((answer, problem) -> add(answer == null ? seen : ServerNames.named(seen, answer), seen.key()));
    }

    private InstanceKey add(Observation.Seen seen, InstanceKey given) {
        keeper.submit(draft -> {
            draft.admit(seen, clock.instant());
            draft.addName(given, seen.key());
            return true;
        });
        Candidate.of(seen.instance()).forEach(this::explore);
        return seen.key();
    }

    private synchronized boolean begin(InstanceKey key) {
        return frontier.begin(key, ticker.nanos());
    }

    private synchronized void end(InstanceKey key, boolean failed) {
        frontier.end(key, failed, ticker.nanos());
        notifyAll();
    }

    /** Gives keys that led nowhere another chance at once. */
    synchronized void startAfresh() {
        frontier.startAfresh();
    }

    /** Waits until nothing is under way; what still is in the end goes on. */
    void awaitQuiet(Duration atMost) {
        if (!MonitorWait.until(this, () -> underWay() == 0, atMost, ticker)) {
            log.atInfo().addKeyValue("underWay", underWay()).log("the rest of a topology is read in the background");
        }
    }

    private synchronized int underWay() {
        return frontier.underWay();
    }
}
