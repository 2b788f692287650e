package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.discovery.FleetChange;
import dev.orchestrator.engine.internal.core.discovery.StoredFleet;
import dev.orchestrator.engine.internal.core.discovery.UnwrittenFleet;
import dev.orchestrator.engine.internal.shell.audit.BackendHealth;
import dev.orchestrator.spi.InstanceStore;
import dev.orchestrator.spi.InstanceStore.MemberWrite;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Writes the fleet to the backend behind everybody's back: the latest of each server, together, once a second. While the
 * backend is away the latest of each server waits. Polling never waits for it.
 */
final class WriteBehind {
    private static final String WRITING = "writing the fleet";
    private static final long FIRST_PAUSE = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofSeconds(10).toNanos();

    private final InstanceStore store;
    private final BackendHealth health;
    private final BooleanSupplier mayWrite;
    private final Ticker ticker;
    /** Held while statements run. */
    private final ReentrantLock flushing = new ReentrantLock();
    /** Held for moments only: polling takes it. */
    private final Object waitingLock = new Object();

    /* guarded by waitingLock */
    private UnwrittenFleet waiting = new UnwrittenFleet(Fleet.empty());

    /* guarded by flushing */
    private StoredFleet stored = new StoredFleet(Fleet.empty());

    /* guarded by flushing */
    private long pause;

    /* guarded by flushing */
    private long notBefore;

    /**
     * Makes one.
     *
     * @param mayWrite asked before each flush: whether this node leads
     */
    WriteBehind(InstanceStore store, BackendHealth health, BooleanSupplier mayWrite, Ticker ticker) {
        this.store = store;
        this.health = health;
        this.mayWrite = mayWrite;
        this.ticker = ticker;
        this.notBefore = ticker.nanos();
    }

    /** Starts over from what the backend holds. */
    void load(Fleet read) {
        betweenFlushes(() -> {
            stored = new StoredFleet(read);
            synchronized (waitingLock) {
                waiting = new UnwrittenFleet(read);
            }
            return true;
        });
    }

    /** Takes in a new snapshot. */
    void changed(FleetChange change) {
        note(w -> w.changed(change));
    }

    /**
     * Writes what has come in, unless the backend is given a pause after a failure. Called once a second.
     *
     * @return whether nothing is left to write
     */
    boolean flush() {
        return flush(false);
    }

    /**
     * Writes what has come in.
     *
     * @param atOnce even in a pause
     * @return whether nothing is left to write
     */
    boolean flush(boolean atOnce) {
        return betweenFlushes(() -> {
            boolean paused = !atOnce && ticker.nanos() - notBefore < 0;
            return !paused && mayWrite.getAsBoolean() && write(ask(UnwrittenFleet::take));
        });
    }

    // the caller holds the lock
    private boolean write(UnwrittenFleet.Batch batch) {
        try {
            List<Cluster> clusters = stored.unsavedClusters(batch.fleet());
            store.saveClusters(clusters);
            stored.savedClusters(clusters);
            List<MemberWrite> writes = stored.writesOf(batch.members().values());
            store.save(writes);
            stored.saved(writes);
            store.saveNames(stored.unsavedNames(batch.fleet()));
            stored.savedNames(batch.fleet());
            ask(UnwrittenFleet::superseded).forEach(this::removeRow);
            pause = 0;
            health.worked(WRITING);
            return true;
        } catch (RuntimeException e) {
            note(w -> w.putBack(batch));
            pause = pause == 0 ? FIRST_PAUSE : Math.min(2 * pause, LONGEST_PAUSE);
            notBefore = ticker.nanos() + pause;
            health.failed(WRITING, e);
            return false;
        }
    }

    private void removeRow(InstanceKey key) {
        if (stored.hasRow(key)) {
            store.forget(key, Duration.ZERO);
            stored.removed(key);
        }
        note(w -> w.removed(key));
    }

    /**
     * Changes the stored row of a server while nothing is being written.
     *
     * @param key the server; what was written of it counts no longer
     * @param change the change
     * @return the change's answer
     */
    <T> T exclusively(InstanceKey key, Supplier<T> change) {
        return betweenFlushes(() -> {
            stored.removed(key);
            note(w -> w.drop(key));
            return change.get();
        });
    }

    /** Takes note of who has a row; what the backend has lost is written in full again. */
    void reconcile(Set<InstanceKey> known) {
        betweenFlushes(() -> {
            stored.reconcile(known);
            return true;
        });
    }

    /** Writes servers in full at the next flush, and their clusters: something else is stored than was written. */
    void writeAnew(Set<InstanceKey> keys) {
        betweenFlushes(() -> {
            List<FleetMember> members = ask(w -> w.anew(keys));
            stored.outdated(keys, members);
            return true;
        });
    }

    /** Whether the next flush writes clusters. What is said of those comes of what is known of several servers. */
    boolean hasClusters() {
        return betweenFlushes(
                () -> !stored.unsavedClusters(ask(UnwrittenFleet::latest)).isEmpty());
    }

    private <T> T betweenFlushes(Supplier<T> task) {
        flushing.lock();
        try {
            return task.get();
        } finally {
            flushing.unlock();
        }
    }

    private <T> T ask(Function<UnwrittenFleet, T> question) {
        synchronized (waitingLock) {
            return question.apply(waiting);
        }
    }

    private void note(Consumer<UnwrittenFleet> change) {
        synchronized (waitingLock) {
            change.accept(waiting);
        }
    }
}
