package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.engine.internal.core.discovery.FleetAssembly;
import dev.orchestrator.engine.internal.core.discovery.FleetDraft;
import dev.orchestrator.engine.internal.shell.audit.EventSink;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the picture of the fleet. Changes come in one by one and are put together into one new picture some milliseconds
 * later, what matters at once; the time spent on making pictures stays a small part of the whole however large the fleet
 * is and however much comes in. Listeners are told in order, one picture at a time.
 */
final class FleetKeeper {
    private static final Logger log = LoggerFactory.getLogger(FleetKeeper.class);
    private static final long GATHER = Duration.ofMillis(15).toNanos();
    /** An ordinary picture waits this many times as long as one takes to make: 2 % of a core. */
    private static final long ORDINARY_SHARE = 50;

    private static final long ORDINARY_LIMIT = Duration.ofMillis(300).toNanos();
    /** An urgent one: 20 % of a core, when everything is urgent. */
    private static final long URGENT_SHARE = 4;

    private static final long URGENT_LIMIT = Duration.ofMillis(100).toNanos();

    private final FleetAssembly assembly;
    private final EventSink events;
    private final InstantSource clock;
    private final Ticker ticker;
    private final ScheduledExecutorService scheduler;
    private final List<FleetChange> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();

    /* guarded by lock */
    private FleetDraft draft;

    /* guarded by lock */
    private long lastMade;

    /* guarded by lock */
    private long cost;

    /** When the next picture is to be made, null when none is planned. */
    /* guarded by lock */
    private @Nullable Long planned;

    /** How many changes came in; grows under the lock, is read without. */
    private final AtomicLong submitted = new AtomicLong();

    /** How many of them the present picture shows; guarded by lock. */
    private long made;

    private volatile Fleet current = Fleet.empty();

    FleetKeeper(
            FleetAssembly assembly,
            EventSink events,
            InstantSource clock,
            Ticker ticker,
            ScheduledExecutorService scheduler) {
        this.assembly = assembly;
        this.events = events;
        this.clock = clock;
        this.ticker = ticker;
        this.scheduler = scheduler;
        this.draft = new FleetDraft(current);
        this.lastMade = ticker.nanos() - GATHER;
    }

    Fleet current() {
        return current;
    }

    void addListener(FleetChange listener) {
        listeners.add(listener);
    }

    /** Starts over from a picture somebody else made. Of its events only those of changed primaries are told. */
    void load(Fleet fleet) {
        lock.lock();
        try {
            Fleet previous = current;
            draft = new FleetDraft(fleet);
            current = fleet;
            tell(new FleetDraft.Change(fleet, fleet, present(fleet)));
            tellPrimaries(previous, fleet);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes over a picture somebody else made, but for what was read here later than there, be it in a picture yet or
     * not. Of its events only those of changed primaries are told.
     *
     * @param stored the picture
     */
    void follow(Fleet stored) {
        lock.lock();
        try {
            Fleet previous = current;
            FleetDraft followed = new FleetDraft(stored);
            Instant now = clock.instant();
            draft.members().stream()
                    .filter(m -> m.lastAttempt() != null && !m.lastAttempt().isAfter(now))
                    .forEach(followed::keepIfNewer);
            draft = followed;
            made = submitted.get();
            current = followed.isChanged() ? followed.assemble(assembly).fleet() : stored;
            tellPrimaries(previous, current);
        } finally {
            lock.unlock();
        }
    }

    private static Map<InstanceKey, Optional<FleetMember>> present(Fleet fleet) {
        Map<InstanceKey, Optional<FleetMember>> all = new LinkedHashMap<>();
        fleet.members().forEach(m -> all.put(m.key(), Optional.of(m)));
        return all;
    }

    /**
     * Changes the fleet; the new picture follows soon.
     *
     * @param change what to change; returns whether it should be told at once
     */
    void submit(Predicate<FleetDraft> change) {
        lock.lock();
        try {
            boolean urgent = change.test(draft);
            submitted.incrementAndGet();
            plan(urgent);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Changes the fleet and makes the picture before returning.
     *
     * @param change what to change
     * @return the change's answer
     */
    <T> T apply(Function<FleetDraft, T> change) {
        lock.lock();
        try {
            T answer = change.apply(draft);
            submitted.incrementAndGet();
            make();
            return answer;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The picture of all that has come in until now. Many who ask at the same time share one: it is made by this call
     * only if nobody else has made it meanwhile.
     */
    Fleet settle() {
        long wanted = submitted.get();
        lock.lock();
        try {
            if (made - wanted < 0) {
                make();
            }
            return current;
        } finally {
            lock.unlock();
        }
    }

    // the caller holds the lock
    private void plan(boolean urgent) {
        if (!draft.isChanged()) {
            return;
        }
        long now = ticker.nanos();
        long gap = urgent
                ? Math.min(URGENT_SHARE * cost, URGENT_LIMIT)
                : Math.min(Math.max(GATHER, ORDINARY_SHARE * cost), ORDINARY_LIMIT);
        long at = lastMade + gap;
        if (at - now <= 0 && urgent) {
            make();
        } else if (planned == null || planned - at > 0) {
            planned = at;
            schedule(Math.max(0, at - now));
        }
    }

    private void schedule(long nanos) {
        try {
            scheduler.schedule(this::makePlanned, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("closing: the last picture is not made");
        }
    }

    private void makePlanned() {
        lock.lock();
        try {
            if (planned != null) {
                make();
            }
        } catch (RuntimeException e) {
            log.error("the picture of the fleet could not be made", e);
        } finally {
            lock.unlock();
        }
    }

    // the caller holds the lock
    private void make() {
        planned = null;
        made = submitted.get();
        if (!draft.isChanged()) {
            return;
        }
        long begun = ticker.nanos();
        FleetDraft.Change change = draft.assemble(assembly);
        current = change.fleet();
        tell(change);
        lastMade = ticker.nanos();
        cost = (3 * cost + lastMade - begun) / 4;
        change.before().forEach((key, before) -> tellMember(key, before, change.fleet()));
        tellPrimaries(change.previous(), change.fleet());
    }

    private void tell(FleetDraft.Change change) {
        for (FleetChange listener : listeners) {
            try {
                listener.changed(change);
            } catch (RuntimeException e) {
                log.error("a listener of the fleet failed", e);
            }
        }
    }

    private void tellMember(InstanceKey key, Optional<FleetMember> before, Fleet fleet) {
        Instant now = clock.instant();
        FleetMember after = fleet.member(key).filter(m -> m.key().equals(key)).orElse(null);
        if (after == null) {
            boolean renamed = fleet.member(key).isPresent();
            if (before.isPresent() && !renamed) {
                events.publish(new OrchestratorEvent.InstanceForgotten(now, key));
            }
            return;
        }
        Optional<Cluster> cluster = fleet.cluster(after.cluster());
        if (before.isEmpty() && cluster.isPresent()) {
            events.publish(new OrchestratorEvent.InstanceDiscovered(now, key, cluster.get()));
        }
        ProbeFailure failure = after.failure();
        boolean failedBefore = before.map(b -> b.failure() != null).orElse(false);
        if (failure != null && !failedBefore) {
            events.publish(new OrchestratorEvent.InstanceLost(now, key, failure));
        } else if (failure == null && failedBefore) {
            events.publish(new OrchestratorEvent.InstanceBack(now, key));
        }
    }

    /** Of all clusters: what operators want can make another server the primary without a new reading of any. */
    private void tellPrimaries(Fleet previous, Fleet fleet) {
        for (Cluster after : fleet.clusters()) {
            Cluster before = previous.cluster(after.id()).orElse(null);
            if (before != null && !Objects.equals(before.primary(), after.primary())) {
                events.publish(new OrchestratorEvent.PrimaryChanged(
                        clock.instant(), after.id(), before.primary(), after.primary()));
            }
        }
    }

    /** The clusters that a change says something about: those of the servers, and of all sources they read from. */
    static Set<ClusterId> touched(FleetDraft.Change change) {
        Set<ClusterId> touched = new HashSet<>();
        change.before().forEach((key, before) -> {
            before.ifPresent(m -> touched.add(m.cluster()));
            change.fleet().member(key).ifPresent(m -> {
                touched.add(m.cluster());
                m.facts()
                        .ifPresent(f -> f.channels().stream()
                                .flatMap(c -> change.fleet().sourceOf(c).stream())
                                .forEach(source -> touched.add(source.cluster())));
            });
        });
        return touched;
    }

    /** The members that a change brought or altered, as they are now. */
    static List<FleetMember> altered(FleetDraft.Change change) {
        List<FleetMember> members = new ArrayList<>();
        for (InstanceKey key : change.before().keySet()) {
            change.fleet().member(key).filter(m -> m.key().equals(key)).ifPresent(members::add);
        }
        return members;
    }
}
