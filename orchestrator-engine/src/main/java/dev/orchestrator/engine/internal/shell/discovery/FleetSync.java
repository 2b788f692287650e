package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.discovery.ServerNames;
import dev.orchestrator.engine.internal.core.discovery.TimeToCome;
import dev.orchestrator.engine.internal.shell.audit.BackendHealth;
import dev.orchestrator.engine.internal.shell.schedule.ReadingClock;
import dev.orchestrator.spi.InstanceStore;
import dev.orchestrator.spi.InstanceStore.Roster;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings to the leader what others did to the stored fleet: servers they discovered, forgot, or read because they had
 * changed them. And forgets servers at somebody's word: none of their names must bring them back at once.
 */
final class FleetSync {
    private static final String READING = "reading which servers are stored";
    private final InstanceStore store;
    private final WriteBehind writes;
    private final FleetState keeper;
    private final BackendHealth health;
    private final ReadingClock clock;
    private final Duration block;
    private volatile Set<InstanceKey> forgotten = Set.of();

    /**
     * Makes one.
     *
     * @param clock the one that readings are stamped by
     * @param block how long a forgotten server must not be discovered again
     */
    FleetSync(
            InstanceStore store,
            WriteBehind writes,
            FleetState keeper,
            BackendHealth health,
            ReadingClock clock,
            Duration block) {
        this.clock = clock;
        this.store = store;
        this.writes = writes;
        this.keeper = keeper;
        this.health = health;
        this.block = block;
    }

    boolean isForgotten(InstanceKey key) {
        return forgotten.contains(key);
    }

    /**
     * Forgets a server of the leader's snapshot, with all its names. It is kept from being found again until the backend's own
     * block is read and has ended.
     */
    boolean forget(InstanceKey server) {
        Fleet fleet = keeper.settle();
        Set<InstanceKey> more = new HashSet<>(forgotten);
        more.addAll(ServerNames.of(fleet, server));
        forgotten = Set.copyOf(more);
        boolean known = keeper.apply(draft -> draft.remove(fleet.canonical(server)));
        return forgetRows(server, fleet) || known;
    }

    /** Forgets the rows of a server; the leader learns of it from there. */
    boolean forgetRows(InstanceKey server, Fleet fleet) {
        boolean known = false;
        for (InstanceKey name : ServerNames.of(fleet, server)) {
            known |= writes.exclusively(name, () -> store.forget(name, block));
        }
        return known;
    }

    synchronized void run() {
        try {
            Roster roster = store.roster();
            forgotten = Set.copyOf(roster.forgotten());
            writes.reconcile(roster.known());
            forgetAgain(roster);
            adopt(roster);
            removeFurtherNames(roster);
            takeIn(roster);
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
            keeper.apply(draft -> {
                draft.merge(stored, found);
                draft.setBack(clock.instant());
                return true;
            });
        }
    }

    /** What another process read of a server by a further name: it is no server, and nobody would ever write it. */
    private void removeFurtherNames(Roster roster) {
        Fleet fleet = keeper.current();
        roster.known().stream()
                .filter(k -> !fleet.canonical(k).equals(k))
                .forEach(k -> writes.exclusively(k, () -> store.forget(k, Duration.ZERO)));
    }

    /**
     * What another process read of a server after it had changed it, or what stands in the backend because a statement of
     * ours came too late. The later reading is taken in, then the server is written anew, with its facts.
     */
    private void takeIn(Roster roster) {
        if (roster.unsynced().isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        List<FleetMember> stored = store.read(roster.unsynced()).stream()
                .filter(m -> m.lastSeen() != null && !TimeToCome.holds(m.lastSeen(), now))
                .toList();
        stored.forEach(m -> clock.saw(m.lastSeen()));
        keeper.apply(draft -> {
            stored.forEach(draft::takeIn);
            return true;
        });
        writes.writeAnew(roster.unsynced());
    }
}
