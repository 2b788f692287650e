package dev.orchestrator.simulation.server;

import dev.orchestrator.api.model.GtidSet;

/**
 * How a MariaDB server says what it has: the last sequence number of each domain. Its cluster writes into one domain, and
 * only ever one server at a time: so many transactions, so far its position. Other clusters write into another domain.
 */
final class Positions {
    private Positions() {}

    static GtidSet of(SimulatedServer server, GtidSet gtids) {
        GtidSet own = gtids;
        for (SimulatedServer other : server.servers().outside()) {
            own = own.withoutSource(other.settings().uuid());
        }
        long others = gtids.minus(own).count();
        GtidSet position = GtidSet.parse("0-1-" + own.count());
        return others == 0 ? position : position.union(GtidSet.parse("1-2-" + others));
    }
}
