package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.engine.internal.core.discovery.FleetAssembly;
import dev.orchestrator.engine.internal.core.discovery.FleetChange;
import dev.orchestrator.engine.internal.core.discovery.FleetDraft;
import dev.orchestrator.engine.internal.core.discovery.FleetNews;
import dev.orchestrator.engine.internal.core.discovery.SnapshotPace;
import dev.orchestrator.engine.internal.shell.audit.EventSink;
import dev.orchestrator.spi.Ticker;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the snapshot of the fleet. Changes come in one by one and are put together into one new snapshot some milliseconds
 * later, what matters at once; the time spent on making snapshots stays a small part of the whole however large the fleet
 * is and however much comes in. Listeners are told in order, one snapshot at a time.
 */
final class FleetState {
    private static final Logger log = LoggerFactory.getLogger(FleetState.class);

    private final FleetAssembly assembly;
    private final EventSink events;
    private final InstantSource clock;
    private final Ticker ticker;
    private final ScheduledExecutorService scheduler;
    private final List<Consumer<FleetChange>> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();

    /* guarded by lock */
    private FleetDraft draft;

    /* guarded by lock */
    private final SnapshotPace pace;

    /** How many changes came in; grows under the lock, is read without. */
    private final AtomicLong submitted = new AtomicLong();

    /** How many of them the present snapshot shows; guarded by lock. */
    private long made;

    private volatile Fleet current = Fleet.empty();

    FleetState(
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
        this.pace = new SnapshotPace(ticker.nanos());
    }

    Fleet current() {
        return current;
    }

    /** Adds one that is told of every new snapshot, in order, on the thread that made it; it must not block. */
    void addListener(Consumer<FleetChange> listener) {
        listeners.add(listener);
    }

    /**
     * Begins to lead with a snapshot somebody else made, as {@link #follow}: who leads again after a moment without the
     * lease knows of some servers what nobody has stored yet. Everybody is told of all members.
     *
     * @param stored the snapshot
     */
    void takeOver(Fleet stored) {
        replace(stored, true);
    }

    /**
     * Takes over a snapshot somebody else made, but for what was read here later than there, be it in a snapshot yet or
     * not. Of its events only those of changed primaries are told.
     *
     * @param stored the snapshot
     */
    void follow(Fleet stored) {
        replace(stored, false);
    }

    private void replace(Fleet stored, boolean everybodyIsTold) {
        locked(() -> {
            Fleet previous = current;
            draft = FleetDraft.following(stored, draft.members(), clock.instant());
            made = submitted.get();
            current = draft.isChanged() ? draft.assemble(assembly).fleet() : stored;
            if (everybodyIsTold) {
                tell(FleetChange.ofAll(current));
            }
            FleetNews.ofPrimaries(previous, current, clock.instant()).forEach(events::publish);
            return current;
        });
    }

    /**
     * Changes the fleet; the new snapshot follows soon.
     *
     * @param change what to change; returns whether it should be told at once
     */
    void submit(Predicate<FleetDraft> change) {
        locked(() -> {
            boolean urgent = change.test(draft);
            submitted.incrementAndGet();
            plan(urgent);
            return urgent;
        });
    }

    /**
     * Takes in what a poll of a member brought; the new snapshot follows soon.
     *
     * @param observation what it brought
     * @param urgent whether it should be told at once, whatever it says
     */
    void observe(Observation observation, boolean urgent) {
        submit(draft -> draft.observe(observation, clock.instant()) || urgent);
    }

    /**
     * Changes the fleet and makes the snapshot before returning.
     *
     * @param change what to change
     * @return the change's answer
     */
    <T> T apply(Function<FleetDraft, T> change) {
        return locked(() -> {
            T answer = change.apply(draft);
            submitted.incrementAndGet();
            make();
            return answer;
        });
    }

    /**
     * The snapshot of all that has come in until now. Many who ask at the same time share one: it is made by this call
     * only if nobody else has made it meanwhile.
     */
    Fleet settle() {
        long wanted = submitted.get();
        return locked(() -> {
            if (made - wanted < 0) {
                make();
            }
            return current;
        });
    }

    private <T> T locked(Supplier<T> task) {
        lock.lock();
        try {
            return task.get();
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
        if (urgent && pace.isFreeForUrgent(now)) {
            make();
            return;
        }
        Long wait = pace.plan(urgent, now);
        if (wait != null) {
            scheduler.schedule(this::makePlanned, wait, TimeUnit.NANOSECONDS);
        }
    }

    private void makePlanned() {
        lock.lock();
        try {
            if (pace.isPlanned()) {
                make();
            }
        } catch (RuntimeException e) {
            log.error("the snapshot of the fleet could not be made", e);
        } finally {
            lock.unlock();
        }
    }

    // the caller holds the lock
    private void make() {
        pace.begun();
        made = submitted.get();
        if (!draft.isChanged()) {
            return;
        }
        long begun = ticker.nanos();
        FleetChange change = draft.assemble(assembly);
        current = change.fleet();
        tell(change);
        pace.made(begun, ticker.nanos());
        FleetNews.of(change, clock.instant()).forEach(events::publish);
    }

    private void tell(FleetChange change) {
        for (Consumer<FleetChange> listener : listeners) {
            try {
                listener.accept(change);
            } catch (RuntimeException e) {
                log.error("a listener of the fleet failed", e);
            }
        }
    }
}
