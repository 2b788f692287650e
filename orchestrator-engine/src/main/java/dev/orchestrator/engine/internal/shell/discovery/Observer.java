package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.engine.internal.core.discovery.FirstPoll;
import dev.orchestrator.engine.internal.core.discovery.FleetChange;
import dev.orchestrator.engine.internal.core.discovery.PollNews;
import dev.orchestrator.engine.internal.core.discovery.PollSchedule;
import dev.orchestrator.engine.internal.core.discovery.SentinelChoice;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Joins polls and fleet: what a poll brings goes into the fleet, and what the fleet says decides who is polled, how
 * soon, and whom it makes suspect.
 */
final class Observer {
    private final FleetState keeper;
    private final DiscoveryPorts ports;
    private final Duration interval;
    private final Executor background;
    private final PollScheduler scheduler;
    private final Crawler crawler;
    private volatile boolean active;

    /**
     * Makes one that does nothing by itself until started.
     *
     * @param background closes connections that are no longer needed
     */
    Observer(
            FleetState keeper,
            DiscoveryPorts ports,
            PollScheduler scheduler,
            Crawler crawler,
            Duration interval,
            Executor background) {
        this.keeper = keeper;
        this.ports = ports;
        this.scheduler = scheduler;
        this.crawler = crawler;
        this.interval = interval;
        this.background = background;
    }

    /** Polls all servers of a fleet from now on: sources at once, the others each at its turn. */
    void start(Fleet fleet) {
        active = true;
        fleet.members()
                .forEach(m -> scheduler.watch(
                        m.key(), SentinelChoice.isSource(fleet, m.key()), FirstPoll.ofStored(fleet, m, interval)));
    }

    /** Polls nobody any more; a node that does not lead holds no connections. */
    void stop() {
        active = false;
        scheduler.clear();
        Fleet fleet = keeper.current();
        background.execute(() -> fleet.members().forEach(m -> ports.gateway().release(m.key())));
    }

    /**
     * A poll has ended.
     *
     * @param observation what it brought
     * @return how it ended, for the schedule
     */
    PollSchedule.Ending polled(Observation observation) {
        InstanceKey key = observation.key();
        boolean urgent = scheduler.isWitness(key);
        Optional<FleetMember> before = keeper.current().member(key);
        keeper.observe(observation, urgent);
        PollNews news = PollNews.of(observation, before, keeper.current());
        if (active) {
            if (news.isFurtherName()) {
                background.execute(() -> ports.gateway().release(key));
            }
            news.follow().ifPresent(crawler::follow);
            news.silence().ifPresent(failure -> doubt(key, news.repeated(), failure));
        }
        return news.ending();
    }

    /** The first failure makes a source suspect; later ones have its replicas read along with it. */
    private void doubt(InstanceKey key, boolean failedBefore, ProbeFailure failure) {
        if (!failedBefore) {
            suspect(key, "a poll failed: " + failure.message());
        } else if (!scheduler.isSuspected(key)) {
            scheduler.nudge(replicas(keeper.current(), key));
        }
    }

    /** Has a server and its replicas polled in a burst, unless they are already. */
    void suspect(InstanceKey key, String sign) {
        Fleet fleet = keeper.current();
        InstanceKey own = fleet.canonical(key);
        if (scheduler.suspect(own, replicas(fleet, own))) {
            ports.events()
                    .publish(new OrchestratorEvent.InstanceSuspected(
                            ports.clock().instant(), own, sign));
        }
    }

    /** Has a server polled at once. */
    void checkNow(InstanceKey key) {
        scheduler.nudge(List.of(keeper.current().canonical(key)));
    }

    /** A new snapshot: who joined is polled from now on, who left no more. */
    void changed(FleetChange change) {
        if (!active) {
            return;
        }
        change.gone().forEach(key -> {
            scheduler.unwatch(key);
            background.execute(() -> ports.gateway().release(key));
        });
        change.joined().stream().filter(m -> !scheduler.isWatched(m.key())).forEach(m -> {
            long within = FirstPoll.ofNew(m, interval, ports.clock().instant());
            scheduler.watch(m.key(), SentinelChoice.isSource(change.fleet(), m.key()), within);
        });
    }

    private static List<InstanceKey> replicas(Fleet fleet, InstanceKey key) {
        return fleet.replicasOf(key).stream().map(FleetMember::key).toList();
    }
}
