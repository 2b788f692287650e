package dev.orchestrator.simulation;

import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServer.Running;
import dev.orchestrator.simulation.world.Dice;
import dev.orchestrator.simulation.world.Network;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What goes wrong together. In some worlds the first primary stands in one rack with its first replica; now and then a service shares its host with a server. Its dice are its own.
 */
final class Fate {
    private final Schedule world;
    private final Dice dice;
    private final boolean rack;
    private final boolean standing;

    Fate(Schedule world, long seed, Choices chosen) {
        this.world = world;
        this.dice = new Dice(~seed);
        this.rack = chosen.by(dice).once("a rack of two", 3);
        this.standing = chosen.by(dice).once("last replica stopped", 4);
    }

    /** Whether only who stands beside the primary acknowledges its commits. */
    boolean isAloneInAcknowledging() {
        return rack;
    }

    /** Whether the last replica stands, as somebody has stopped it, for a backup say. */
    boolean isLastStanding() {
        return standing;
    }

    /** Whether the rack of the first primary goes dark with it this time. */
    boolean isRackHit(Choices how, int oneIn) {
        return rack && how.by(dice).once("with its rack", oneIn);
    }

    /** A rack goes dark: first nothing of it reaches the other servers any more, though clients do, then it dies. */
    void goDark(Choices how, Consumer<SimulatedServer> dies) {
        List<SimulatedServer> all = List.copyOf(world.servers().all());
        List<SimulatedServer> inside = all.subList(0, 2);
        for (SimulatedServer far : all.subList(2, all.size())) {
            inside.forEach(
                    s -> world.network().set(s.key().hostname(), far.key().hostname(), Network.State.CUT));
        }
        world.story().tell(() -> "the rack of " + all.get(0).key() + " is cut off");
        long dark = how.by(dice).between("cut off for", Duration.ofMillis(100), Duration.ofMillis(900));
        world.events().in(dark, () -> inside.forEach(dies));
    }

    /** Who is silent when a service is: the server that is being promoted, now and then. */
    Optional<SimulatedServer> besideService(Choices how) {
        return world.recoveries().stream()
                .filter(RecoveryRecord::isActive)
                .flatMap(r -> Optional.ofNullable(r.successor()).stream())
                .map(world.servers()::get)
                .filter(s -> s.process() == Running.UP && how.by(dice).once("with the successor", 2))
                .findFirst();
    }
}
