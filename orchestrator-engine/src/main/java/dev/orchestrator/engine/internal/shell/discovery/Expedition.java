package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.discovery.FactChanges;
import dev.orchestrator.engine.internal.core.discovery.FleetDraft;
import dev.orchestrator.spi.InstanceStore;
import dev.orchestrator.spi.InstanceStore.MemberWrite;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a node that does not lead found out by discovering, written to the backend in one go. Only what is new or was
 * read now is written; the leader picks it up from there.
 */
final class Expedition implements FleetChange {
    private final Fleet stored;
    private final Map<InstanceKey, FleetMember> found = new LinkedHashMap<>();

    Expedition(Fleet stored) {
        this.stored = stored;
    }

    @Override
    public synchronized void changed(FleetDraft.Change change) {
        change.before().keySet().forEach(found::remove);
        FleetKeeper.altered(change).forEach(m -> found.put(m.key(), m));
    }

    /** Writes what was found. */
    synchronized void write(InstanceStore store, Fleet fleet) {
        List<MemberWrite> writes = new ArrayList<>();
        Set<ClusterId> ids = new HashSet<>();
        for (FleetMember member : found.values()) {
            boolean changed = FactChanges.worthWriting(
                    stored.member(member.key()).map(FleetMember::instance).orElse(null), member.instance());
            writes.add(new MemberWrite(member, changed));
            ids.add(member.cluster());
        }
        List<Cluster> clusters = fleet.clusters().stream()
                .filter(c -> ids.contains(c.id()))
                .filter(c -> !stored.cluster(c.id()).equals(Optional.of(c)))
                .toList();
        if (!clusters.isEmpty()) {
            store.saveClusters(clusters);
        }
        if (!writes.isEmpty()) {
            store.save(writes);
        }
        Map<InstanceKey, InstanceKey> names = new HashMap<>(fleet.otherNames());
        names.entrySet().removeAll(stored.otherNames().entrySet());
        if (!names.isEmpty()) {
            store.saveNames(names);
        }
    }
}
