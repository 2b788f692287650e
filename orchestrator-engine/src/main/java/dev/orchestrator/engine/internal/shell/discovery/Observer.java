package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.engine.internal.core.discovery.FirstPoll;
import dev.orchestrator.engine.internal.core.discovery.FleetDraft;
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
final class Observer implements PollScheduler.Handler, SentinelKeeper.Alarm {
    private final FleetKeeper keeper;
    private final Ports ports;
    private final Duration interval;
    private final Executor background;
    private volatile boolean active;
    private PollScheduler scheduler;
    private Crawler crawler;

    /**
     * Makes one that must be joined to a scheduler and a crawler before anything is polled.
     *
     * @param background closes connections that are no longer needed
     */
    @SuppressWarnings("NullAway.Init")
    Observer(FleetKeeper keeper, Ports ports, Duration interval, Executor background) {
        this.keeper = keeper;
        this.ports = ports;
        this.interval = interval;
        this.background = background;
    }

    void join(PollScheduler pollScheduler, Crawler fleetCrawler) {
        this.scheduler = pollScheduler;
        this.crawler = fleetCrawler;
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

    @Override
    public PollSchedule.Ending polled(Observation observation) {
        InstanceKey key = observation.key();
        boolean urgent = scheduler.isWitness(key);
        Optional<FleetMember> before = keeper.current().member(key);
        keeper.observe(observation, urgent);
        Fleet fleet = keeper.current();
        if (active && !fleet.canonical(key).equals(key)) {
            background.execute(() -> ports.gateway().release(key));
        }
        // A further name that leads nowhere, or elsewhere by now, makes nobody suspect.
        boolean source = fleet.canonical(key).equals(key) && SentinelChoice.isSource(fleet, key);
        boolean alive =
                observation.match(seen -> true, failed -> failed.failure().serverAnswered());
        if (active) {
            // Who is no member is followed once it is admitted: else its own further names might be known before it.
            observation.facts().filter(f -> fleet.member(key).isPresent()).ifPresent(crawler::follow);
            observation
                    .failed()
                    .filter(f -> source && !f.serverAnswered())
                    .ifPresent(f -> doubt(
                            fleet, key, before.map(b -> b.failure() != null).orElse(false), f));
        }
        return new PollSchedule.Ending(observation.facts().isPresent(), alive, source);
    }

    /** The first failure makes a source suspect; later ones have its replicas read along with it. */
    private void doubt(Fleet fleet, InstanceKey key, boolean failedBefore, ProbeFailure failure) {
        if (!failedBefore) {
            suspect(key, "a poll failed: " + failure.message());
        } else if (!scheduler.isSuspected(key)) {
            scheduler.nudge(replicas(fleet, key));
        }
    }

    @Override
    public void suspect(InstanceKey key, String sign) {
        Fleet fleet = keeper.current();
        InstanceKey own = fleet.canonical(key);
        if (scheduler.suspect(own, replicas(fleet, own))) {
            ports.events()
                    .publish(new OrchestratorEvent.InstanceSuspected(
                            ports.clock().instant(), own, sign));
        }
    }

    @Override
    public void checkNow(InstanceKey key) {
        scheduler.nudge(List.of(keeper.current().canonical(key)));
    }

    /** A new picture: who joined is polled from now on, who left no more. */
    void changed(FleetDraft.Change change) {
        if (!active) {
            return;
        }
        Fleet fleet = change.fleet();
        change.before().forEach((key, before) -> {
            FleetMember member =
                    fleet.member(key).filter(m -> m.key().equals(key)).orElse(null);
            if (member == null) {
                scheduler.unwatch(key);
                background.execute(() -> ports.gateway().release(key));
            } else if (before.isEmpty() && !scheduler.isWatched(key)) {
                scheduler.watch(
                        key,
                        SentinelChoice.isSource(fleet, key),
                        FirstPoll.ofNew(member, interval, ports.clock().instant()));
            }
        });
    }

    private static List<InstanceKey> replicas(Fleet fleet, InstanceKey key) {
        return fleet.replicasOf(key).stream().map(FleetMember::key).toList();
    }
}
