package dev.orchestrator.simulation;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.server.SimulatedServer;
import java.util.ArrayList;
import java.util.List;

/** What keeps single servers of a world from being like the others, though they run and answer. */
final class Ailments {
    private final Delays delays;
    private final Meddlers meddlers;
    private final Purges purges;
    private final Unfit unfit;

    Ailments(Schedule world, long seed, Choices chosen, boolean mariaDb) {
        this.delays = new Delays(world, seed, chosen);
        this.meddlers = new Meddlers(world, seed, chosen, mariaDb);
        this.purges = new Purges(world, seed, chosen, mariaDb);
        this.unfit = new Unfit(world);
    }

    /** Whether some server has one. */
    boolean areThere() {
        return delays.areThere() || meddlers.areThere() || purges.areThere();
    }

    /** The servers replicate as usual; now something is added. */
    void complete() {
        delays.complete();
        meddlers.complete();
        purges.complete();
    }

    /** An order names who is to take over. */
    void named(InstanceKey successor) {
        unfit.named(successor);
    }

    /** Whether a server could take over as far as it is concerned. */
    boolean areSparing(SimulatedServer server) {
        return !delays.isDelayed(server) && !server.hasConflicts() && !isErrant(server, Long.MAX_VALUE);
    }

    /** Whether somebody had written on it before some moment, and it was logged. */
    boolean isErrant(SimulatedServer server, long before) {
        return meddlers.wroteOn(server, before) && server.executed().intersects(meddlers.errant());
    }

    /** What came from no primary, so that nobody has to bring it anywhere. */
    GtidSet errant() {
        return meddlers.errant();
    }

    /** Who was chosen, and who could have been when it began. */
    void chosen(InstanceKey primary, List<InstanceKey> fit) {
        purges.chosen(primary, fit);
    }

    /** A recovery has come to its end. */
    void ended(State state) {
        purges.ended(state);
    }

    /** Whether people see that a receiver of a server has ended, as its source has purged what it lacks. */
    boolean isPurgeShown(SimulatedServer server) {
        return purges.isShown(server);
    }

    /** Whether people see of a server that its applier has ended, and why. */
    boolean isShown(SimulatedServer server) {
        return meddlers.isShown(server);
    }

    /** What is not as it should be at the end. */
    List<String> problems() {
        return new ArrayList<>(delays.problems());
    }
}
