package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.InstanceStore;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Forgets a server at somebody's word, with all its names: none of them must bring it back at once. */
final class Forgetting {
    private final InstanceStore store;
    private final WriteBehind writes;
    private final FleetSync sync;
    private final Duration block;

    /**
     * Makes one.
     *
     * @param block how long a forgotten server must not be discovered again
     */
    Forgetting(InstanceStore store, WriteBehind writes, FleetSync sync, Duration block) {
        this.store = store;
        this.writes = writes;
        this.sync = sync;
        this.block = block;
    }

    /** Forgets a server of the leader's picture. */
    boolean forget(InstanceKey server, FleetKeeper keeper) {
        Fleet fleet = keeper.settle();
        namesOf(fleet, server).forEach(sync::block);
        boolean known = keeper.apply(draft -> draft.remove(fleet.canonical(server)));
        return forgetRows(server, fleet) || known;
    }

    /** Forgets the rows of a server; the leader learns of it from there. */
    boolean forgetRows(InstanceKey server, Fleet fleet) {
        boolean known = false;
        for (InstanceKey name : namesOf(fleet, server)) {
            known |= writes.exclusively(name, () -> store.forget(name, block));
        }
        return known;
    }

    private static Set<InstanceKey> namesOf(Fleet fleet, InstanceKey server) {
        InstanceKey key = fleet.canonical(server);
        Set<InstanceKey> names = new LinkedHashSet<>();
        names.add(key);
        fleet.otherNames().entrySet().stream()
                .filter(e -> e.getValue().equals(key))
                .map(Map.Entry::getKey)
                .forEach(names::add);
        return names;
    }
}
