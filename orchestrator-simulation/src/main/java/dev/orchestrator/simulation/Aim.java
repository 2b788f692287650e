package dev.orchestrator.simulation;

import dev.orchestrator.simulation.world.Dice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where faults strike in some of the worlds: before or after the n-th step of a procedure, mostly one that changes something,
 * of whoever began it or of whoever goes on with it. Left to chance alone they would mostly meet readings, of which there are most, and
 * hardly ever what comes late in a procedure or is done by a second service. Its dice are its own.
 */
final class Aim {
    private static final int FURTHEST = 20;
    private static final int FURTHEST_RESUMED = 12;
    private static final List<Fault> OF_SERVICES = List.of(Fault.NODE_KILLED, Fault.NODE_PAUSED);
    private static final Set<String> CHANGING = Set.of("Save", "Tell", "Finish");

    private final Dice dice;
    private final boolean on;
    private final boolean intermediateFirst;
    private final Map<String, Integer> steps = new HashMap<>();
    private boolean resumed;
    private boolean before;
    private boolean ofChange;
    private int step;

    Aim(long seed) {
        this.dice = new Dice(seed ^ 0x5bd1e995L);
        this.on = dice.once(2);
        this.intermediateFirst = dice.once(4);
        next(false);
    }

    /** Whether this is such a world. */
    boolean isOn() {
        return on;
    }

    /** Whether a source in the middle dies first, not the primary. */
    boolean isIntermediateFirst() {
        return on && intermediateFirst;
    }

    private void next(boolean ofResumed) {
        resumed = ofResumed;
        before = dice.once(2);
        ofChange = !dice.once(4);
        step = 1 + dice.number(ofResumed ? FURTHEST_RESUMED : FURTHEST);
        steps.clear();
    }

    /** Whether something goes wrong here. */
    boolean hits(String procedure, String effect, boolean isBefore) {
        boolean changes = effect.contains(":") || CHANGING.contains(effect);
        return changes == ofChange
                && isBefore == before
                && procedure.endsWith("resumed") == resumed
                && steps.merge(procedure, 1, Integer::sum) == step;
    }

    /** What goes wrong; where a service ends, the next one strikes whoever goes on. */
    Fault fault() {
        Fault fault = dice.oneOf(!resumed && dice.once(2) ? OF_SERVICES : Fault.USUAL);
        next(OF_SERVICES.contains(fault));
        return fault;
    }
}
