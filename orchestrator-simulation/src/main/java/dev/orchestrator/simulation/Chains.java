package dev.orchestrator.simulation;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Downtime;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServer.Running;
import dev.orchestrator.simulation.world.Dice;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * In some worlds two replicas have replicas of their own, operators have begun a downtime of one of the two, and then both
 * die at once. Its dice are its own.
 */
final class Chains {
    private static final int SMALLEST = 5;
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofSeconds(25);

    private final Schedule world;
    private final boolean wanted;
    private final boolean first;
    private final boolean shortly;
    private final long diesAfter;
    private boolean built;

    Chains(Schedule world, long seed, Choices chosen) {
        this.world = world;
        Choices own = chosen.by(new Dice(seed ^ 0x06L << 32));
        this.wanted = own.once("two sources die and one is in downtime", 6);
        this.first = wanted && own.once("the first of the two is in downtime", 2);
        this.shortly = wanted && own.once("its downtime ends soon", 4);
        this.diesAfter = wanted ? own.between("the two sources die", Duration.ZERO, Duration.ofMillis(500)) : 0;
    }

    boolean areBuilt() {
        return built;
    }

    /**
     * From whom a server replicates.
     *
     * @param number of the server, the first primary being zero
     * @param size how many there are
     * @param keys of those before it
     * @param usual from whom it would replicate in any other world
     */
    InstanceKey source(int number, int size, List<InstanceKey> keys, InstanceKey usual) {
        built = wanted && size >= SMALLEST;
        if (!built || number >= SMALLEST) {
            return usual;
        }
        return keys.get(number < 3 ? 0 : number - 2);
    }

    /** Operators know that something is going to happen to one of the two, for long or for a short time. */
    void begin(Duration calm) {
        if (!built) {
            return;
        }
        InstanceKey key = both().get(first ? 0 : 1).key();
        Duration time = shortly ? SHORT : LONG;
        Instant now = world.events().instant();
        Actor alice = new Actor("alice", Origin.CLI, "application");
        Downtime downtime = new Downtime(key, alice, "maintenance", now, now.plus(time));
        world.backend().rows().downtimes().begin(downtime, world.backend().now() + time.toNanos());
        world.story().tell(() -> "an operator begins a downtime of " + key + " of " + time.toSeconds() + " s");
        world.events().in(calm.toNanos() + diesAfter, this::strike);
    }

    private List<SimulatedServer> both() {
        return List.copyOf(world.servers().all()).subList(1, 3);
    }

    private void strike() {
        if (world.with(Running.UP).size() >= SMALLEST) {
            world.disturbed();
            both().forEach(s -> {
                world.story().tell(() -> s.key() + " is killed");
                s.kill();
            });
        }
    }
}
