package dev.orchestrator.simulation;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.simulation.kind.ServerSettings;
import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.server.ByHand;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServers;
import dev.orchestrator.simulation.world.Dice;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Channels beside the usual ones, in some worlds: a primary that keeps one of the time before it was the primary, and an
 * aggregator, a replica that reads from a server of another cluster, too. Its dice are its own.
 */
final class Wiring {
    private static final InstanceKey GHOST = new InstanceKey("db0", 3306);
    private static final InstanceKey OTHER = new InstanceKey("shard2", 3306);

    private final SimulatedServers servers;
    private final boolean leftover;
    private final boolean ghost;
    private final boolean aggregating;
    private final boolean ownFirst;
    private @Nullable SimulatedServer aggregator;

    Wiring(SimulatedServers servers, long seed, Choices chosen) {
        this.servers = servers;
        Dice dice = new Dice(seed ^ 0x1012L << 32);
        Choices own = chosen.by(dice);
        this.leftover = own.once("the primary has a leftover channel", 10);
        this.ghost = leftover ? own.once("from a server that is gone", 2) : dice.once(2);
        this.aggregating = own.once("the last replica is an aggregator", 8);
        this.ownFirst = aggregating && own.once("its own channel is the default one", 2);
    }

    /** Whether one replica reads from another cluster, too: it takes nobody's place. */
    boolean isAggregating() {
        return aggregating;
    }

    /** Whether the first primary has a channel that nobody ever started again: nor does a restart. */
    boolean isLeftover() {
        return leftover;
    }

    /** The servers replicate as usual; now something is added. */
    void complete() {
        List<SimulatedServer> all = List.copyOf(servers.all());
        SimulatedServer primary = all.get(0);
        if (leftover) {
            new ByHand(primary).leaveChannel("", ghost ? GHOST : all.get(1).key());
        }
        SimulatedServer last = all.get(all.size() - 1);
        if (aggregating && !last.isLeftStanding()) {
            aggregate(last);
        }
    }

    private void aggregate(SimulatedServer replica) {
        String uuid = UUID.nameUUIDFromBytes(OTHER.hostname().getBytes(StandardCharsets.UTF_8))
                .toString();
        // Whatever it logs, the aggregator can execute it.
        ServerSettings settings =
                ServerSettings.ordinary(OTHER, uuid).of(replica.settings().kind());
        servers.addOutside(settings).begin(GtidSet.parse(uuid + ":1-20"));
        // The default channel sorts first, and the topology is drawn by it.
        new ByHand(replica).alsoReplicateFrom(ownFirst ? "" : "own", ownFirst ? "shard2" : "", OTHER);
        aggregator = replica;
    }

    /** An aggregator that was taken from its other source, which is no matter of this cluster. */
    List<String> problems() {
        SimulatedServer server = aggregator;
        return server == null || server.reads(OTHER)
                ? List.of()
                : List.of(server.key() + " does not replicate from " + OTHER + " any more, beside its own source");
    }
}
