package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.engine.internal.core.discovery.FleetDraft;
import dev.orchestrator.engine.internal.core.discovery.StoredFleet;
import dev.orchestrator.spi.InstanceStore;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a node that does not lead found out by discovering, written to the backend in one go. Only what is new or was
 * read now is written; the leader picks it up from there.
 */
final class Expedition {
    private final FleetKeeper keeper;
    private final Crawler crawler;
    private final InstanceStore store;
    private final Map<InstanceKey, FleetMember> found = new LinkedHashMap<>();

    /**
     * Makes one.
     *
     * @param keeper an empty one that nobody else uses
     * @param crawler one that works on that keeper
     */
    Expedition(FleetKeeper keeper, Crawler crawler, InstanceStore store) {
        this.keeper = keeper;
        this.crawler = crawler;
        this.store = store;
    }

    /**
     * Follows a seed's sources and replicas and writes what comes of it.
     *
     * @param seed what the seed answered
     * @param limit how long to follow
     * @return the fleet with what was found
     */
    Fleet run(Observation.Seen seed, Duration limit) {
        Fleet stored = store.readFleet();
        keeper.takeOver(stored);
        keeper.addListener(this::changed);
        if (stored.member(seed.key()).isPresent()) {
            keeper.observe(seed, false);
        }
        crawler.settle(seed);
        crawler.awaitQuiet(limit);
        Fleet fleet = keeper.settle();
        write(stored, fleet);
        return fleet;
    }

    private synchronized void changed(FleetDraft.Change change) {
        change.before().keySet().forEach(found::remove);
        change.altered().forEach(m -> found.put(m.key(), m));
    }

    private synchronized void write(Fleet read, Fleet fleet) {
        StoredFleet stored = new StoredFleet(read);
        Set<ClusterId> ids = found.values().stream().map(FleetMember::cluster).collect(Collectors.toSet());
        List<Cluster> clusters = stored.unsavedClusters(fleet).stream()
                .filter(c -> ids.contains(c.id()))
                .toList();
        store.saveClusters(clusters);
        store.saveForLeader(stored.writesOf(found.values()));
        store.saveNames(stored.unsavedNames(fleet));
    }
}
