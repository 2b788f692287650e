package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.discovery.FactChanges;
import dev.orchestrator.engine.internal.core.discovery.FleetDraft;
import dev.orchestrator.spi.InstanceStore;
import dev.orchestrator.spi.InstanceStore.MemberWrite;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Writes the fleet to the backend behind everybody's back: the latest of each server, together, once a second. While the
 * backend is away the latest of each server waits. Polling never waits for it.
 */
final class WriteBehind implements FleetChange {
    private static final String WRITING = "writing the fleet";
    private static final long FIRST_PAUSE = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofSeconds(10).toNanos();

    private final InstanceStore store;
    private final BackendHealth health;
    private final BooleanSupplier mayWrite;
    private final Ticker ticker;
    private final ReentrantLock flushing = new ReentrantLock();
    private final Object pendingLock = new Object();

    /* guarded by pendingLock */
    private Map<InstanceKey, FleetMember> pending = new LinkedHashMap<>();

    /* guarded by pendingLock */
    private Fleet latest = Fleet.empty();

    /** Keys that became further names of other members: their rows are to go. Guarded by pendingLock. */
    private final Set<InstanceKey> superseded = new HashSet<>();

    /** Those that have a row. Guarded by flushing. */
    private final Set<InstanceKey> stored = new HashSet<>();

    /* guarded by flushing */
    private final Map<InstanceKey, Instance> written = new HashMap<>();

    /* guarded by flushing */
    private final Map<ClusterId, Cluster> writtenClusters = new HashMap<>();

    /* guarded by flushing */
    private Map<InstanceKey, InstanceKey> writtenNames = Map.of();

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
        flushing.lock();
        try {
            written.clear();
            writtenClusters.clear();
            stored.clear();
            read.members().forEach(m -> {
                stored.add(m.key());
                m.facts().ifPresent(facts -> written.put(m.key(), facts));
            });
            read.clusters().forEach(c -> writtenClusters.put(c.id(), c));
            writtenNames = read.otherNames();
            synchronized (pendingLock) {
                pending = new LinkedHashMap<>();
                superseded.clear();
                latest = read;
            }
        } finally {
            flushing.unlock();
        }
    }

    @Override
    public void changed(FleetDraft.Change change) {
        synchronized (pendingLock) {
            latest = change.fleet();
            for (InstanceKey key : change.before().keySet()) {
                FleetMember member = latest.member(key).orElse(null);
                if (member == null || !member.key().equals(key)) {
                    pending.remove(key);
                    if (member != null) {
                        superseded.add(key);
                    }
                } else {
                    superseded.remove(key);
                    pending.put(key, member);
                }
            }
        }
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
        flushing.lock();
        try {
            if ((!atOnce && ticker.nanos() - notBefore < 0) || !mayWrite.getAsBoolean()) {
                return false;
            }
            Map<InstanceKey, FleetMember> taken;
            Fleet fleet;
            synchronized (pendingLock) {
                taken = pending;
                fleet = latest;
                pending = new LinkedHashMap<>();
            }
            return write(taken, fleet);
        } finally {
            flushing.unlock();
        }
    }

    // the caller holds the lock
    private boolean write(Map<InstanceKey, FleetMember> taken, Fleet fleet) {
        try {
            writeClusters(fleet);
            writeMembers(taken.values());
            writeNames(fleet.otherNames());
            removeSuperseded();
            pause = 0;
            health.worked(WRITING);
            return true;
        } catch (RuntimeException e) {
            synchronized (pendingLock) {
                taken.forEach(pending::putIfAbsent);
                pending.keySet().removeIf(k -> latest.member(k).isEmpty());
            }
            pause = pause == 0 ? FIRST_PAUSE : Math.min(2 * pause, LONGEST_PAUSE);
            notBefore = ticker.nanos() + pause;
            health.failed(WRITING, e);
            return false;
        }
    }

    private void writeClusters(Fleet fleet) {
        List<Cluster> changed = changed(fleet);
        if (!changed.isEmpty()) {
            store.saveClusters(changed);
            changed.forEach(c -> writtenClusters.put(c.id(), c));
        }
    }

    // the caller holds the lock
    private List<Cluster> changed(Fleet fleet) {
        return fleet.clusters().stream()
                .filter(c -> !c.equals(writtenClusters.get(c.id())))
                .toList();
    }

    private void writeMembers(Iterable<FleetMember> members) {
        List<MemberWrite> writes = new ArrayList<>();
        for (FleetMember member : members) {
            boolean changed = FactChanges.worthWriting(written.get(member.key()), member.instance());
            writes.add(new MemberWrite(member, changed));
        }
        if (!writes.isEmpty()) {
            store.save(writes);
            for (MemberWrite write : writes) {
                stored.add(write.member().key());
                Instance facts = write.member().instance();
                if (write.factsChanged() && facts != null) {
                    written.put(write.member().key(), facts);
                }
            }
        }
    }

    private void writeNames(Map<InstanceKey, InstanceKey> names) {
        if (!names.equals(writtenNames)) {
            Map<InstanceKey, InstanceKey> changed = new HashMap<>(names);
            changed.entrySet().removeAll(writtenNames.entrySet());
            if (!changed.isEmpty()) {
                store.saveNames(changed);
            }
            writtenNames = Map.copyOf(names);
        }
    }

    private void removeSuperseded() {
        List<InstanceKey> gone;
        synchronized (pendingLock) {
            gone = List.copyOf(superseded);
        }
        for (InstanceKey key : gone) {
            if (stored.remove(key)) {
                written.remove(key);
                store.forget(key, Duration.ZERO);
            }
            synchronized (pendingLock) {
                superseded.remove(key);
            }
        }
    }

    /**
     * Changes the stored row of a server while nothing is being written.
     *
     * @param key the server; what was written of it counts no longer
     * @param change the change
     * @return the change's answer
     */
    <T> T exclusively(InstanceKey key, Supplier<T> change) {
        flushing.lock();
        try {
            written.remove(key);
            stored.remove(key);
            synchronized (pendingLock) {
                pending.remove(key);
            }
            return change.get();
        } finally {
            flushing.unlock();
        }
    }

    /**
     * Takes note of who has a row. Rows that are missing, because the backend lost its last writes in a failure of its
     * own or somebody restored it, are written in full again.
     */
    void reconcile(Set<InstanceKey> known) {
        flushing.lock();
        try {
            if (stored.retainAll(known)) {
                written.keySet().retainAll(known);
                writtenClusters.clear();
                writtenNames = Map.of();
            }
        } finally {
            flushing.unlock();
        }
    }

    /** Writes servers in full at the next flush, and their clusters: something else is stored than was written. */
    void writeAnew(Set<InstanceKey> keys) {
        flushing.lock();
        try {
            written.keySet().removeAll(keys);
            synchronized (pendingLock) {
                for (InstanceKey key : keys) {
                    latest.member(key).filter(m -> m.key().equals(key)).ifPresent(m -> {
                        pending.putIfAbsent(key, m);
                        writtenClusters.remove(m.cluster());
                    });
                }
            }
        } finally {
            flushing.unlock();
        }
    }

    /** Whether the next flush writes clusters. What is said of those comes of what is known of several servers. */
    boolean hasClusters() {
        flushing.lock();
        try {
            Fleet fleet;
            synchronized (pendingLock) {
                fleet = latest;
            }
            return !changed(fleet).isEmpty();
        } finally {
            flushing.unlock();
        }
    }

    /** How many servers wait to be written. */
    int backlog() {
        synchronized (pendingLock) {
            return pending.size();
        }
    }
}
