package dev.orchestrator.simulation;

import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.simulation.kind.ServerKind;
import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.server.SentCommand;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServer.Running;
import dev.orchestrator.simulation.world.Dice;
import java.util.function.Supplier;

/**
 * In some worlds all servers of the cluster are MariaDB servers. What is wrong is found and told, and nothing is done about
 * it: their receivers may be tested, and that is all. Its dice are its own.
 */
final class Flavor {
    private final Schedule world;
    private final boolean mariaDb;

    Flavor(Schedule world, long seed, Choices choices) {
        this.world = world;
        this.mariaDb = choices.by(new Dice(seed ^ 0xA41AL << 32)).once("all are MariaDB", 12);
        if (mariaDb) {
            world.servers().onCommand(this::check);
        }
    }

    /** Whether they are: nobody takes anybody's place then. */
    boolean isMariaDb() {
        return mariaDb;
    }

    /** What a server is that would be something else otherwise. */
    ServerKind of(Supplier<ServerKind> usual) {
        return mariaDb ? ServerKind.ORDINARY.asMariaDb() : usual.get();
    }

    private void check(SimulatedServer server, SentCommand order) {
        // What operators order of such servers is done.
        boolean ordered = order.right().match(lease -> false, lock -> true, journal -> false);
        if (!server.settings().kind().isMariaDb() || ordered) {
            return;
        }
        InstanceCommand command = order.command();
        boolean tests =
                command instanceof InstanceCommand.RestartReceiver || command instanceof InstanceCommand.StartReceiver;
        if (!tests) {
            throw new Violation(server.key() + ", a MariaDB server, is told (" + command.describe()
                    + "), though there is no recovery for it");
        }
        if (world.servers().all().iterator().next().process() == Running.DOWN
                && server.replication().restartDrops()) {
            throw new Violation(server.key() + ", a MariaDB server, is told (" + command.describe()
                    + "), which throws away what it has received of a primary that is gone");
        }
    }

    /** Why nothing is done about a dead primary is said with what people can do. */
    void refused(GateVerdict refusal) {
        boolean dead = mariaDb && refusal.facts().contains("which a recovery needs");
        if (dead && !refusal.facts().contains("by hand")) {
            throw new Violation("refused, and nobody says what to do: " + refusal.facts());
        }
    }

    /** Nothing was ever begun. */
    void began(RecoveryRecord record) {
        if (mariaDb) {
            throw new Violation("a recovery of " + record.failed() + ", a MariaDB server, is begun");
        }
    }
}
