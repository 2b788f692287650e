package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.engine.internal.core.discovery.FreshReadings;
import dev.orchestrator.engine.internal.core.discovery.StoredFleet;
import dev.orchestrator.spi.InstanceStore;
import java.time.Duration;

/**
 * What a node that does not lead found out by discovering, written to the backend in one go. Only what is new or was
 * read now is written; the leader picks it up from there.
 *
 * @param keeper an empty one that nobody else uses
 * @param crawler one that works on that keeper
 * @param store where the leader looks
 */
record DiscoveryResult(FleetState keeper, Crawler crawler, InstanceStore store) {
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
        Fleet begun = keeper.current();
        if (stored.member(seed.key()).isPresent()) {
            keeper.observe(seed, false);
        }
        crawler.settle(seed);
        crawler.awaitQuiet(limit);
        Fleet fleet = keeper.settle();
        StoredFleet rows = new StoredFleet(stored);
        FreshReadings found = FreshReadings.since(begun, fleet, rows);
        store.saveClusters(found.clusters());
        store.saveForLeader(found.servers());
        store.saveNames(rows.unsavedNames(fleet));
        return fleet;
    }
}
