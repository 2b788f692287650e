package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.InstanceStore;
import dev.orchestrator.spi.InstanceStore.Roster;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Brings to the leader what others did to the stored fleet: servers they discovered, servers they forgot. */
final class FleetSync {
    private static final String READING = "reading which servers are stored";

    private final InstanceStore store;
    private final WriteBehind writes;
    private final FleetKeeper keeper;
    private final BackendHealth health;
    private final Duration block;
    private volatile Set<InstanceKey> forgotten = Set.of();

    /**
     * Makes one.
     *
     * @param block how long a forgotten server must not be discovered again
     */
    FleetSync(InstanceStore store, WriteBehind writes, FleetKeeper keeper, BackendHealth health, Duration block) {
        this.store = store;
        this.writes = writes;
        this.keeper = keeper;
        this.health = health;
        this.block = block;
    }

    boolean isForgotten(InstanceKey key) {
        return forgotten.contains(key);
    }

    /** Keeps a server from being found again, until the backend's own block is read and has ended. */
    void block(InstanceKey key) {
        Set<InstanceKey> more = new HashSet<>(forgotten);
        more.add(key);
        forgotten = Set.copyOf(more);
    }

    void run() {
        try {
            Roster roster = store.roster();
            forgotten = Set.copyOf(roster.forgotten());
            writes.reconcile(roster.known());
            forgetAgain(roster);
            adopt(roster);
            health.worked(READING);
        } catch (RuntimeException e) {
            health.failed(READING, e);
        }
    }

    /** What was forgotten elsewhere goes from memory, and what we wrote of it since goes from the backend. */
    private void forgetAgain(Roster roster) {
        Fleet fleet = keeper.current();
        for (InstanceKey key : roster.forgotten()) {
            if (fleet.member(key).filter(m -> m.key().equals(key)).isPresent()) {
                keeper.apply(draft -> draft.remove(key));
            }
            if (roster.known().contains(key)) {
                store.forget(key, block);
            }
        }
    }

    private void adopt(Roster roster) {
        Fleet fleet = keeper.current();
        Set<InstanceKey> found = new HashSet<>(roster.known());
        found.removeIf(k -> fleet.member(k).isPresent() || forgotten.contains(k));
        if (!found.isEmpty()) {
            Fleet stored = store.readFleet();
            keeper.apply(draft -> draft.merge(stored, found));
        }
    }
}
