package dev.orchestrator.simulation;

import dev.orchestrator.simulation.world.Dice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every other seed has a mark: a cell that its faults are meant for, one seed after the other through all of them, and perhaps
 * others of the same procedure beside it. What must happen first, so that the procedure is begun, or gone on with, happens there.
 * Its dice are its own.
 */
final class Marks {
    private static final String SWITCHOVER = "SWITCHOVER";
    private static final String INTERMEDIATE = "DEAD_INTERMEDIATE_SOURCE";
    private static final List<Fault> FATAL = List.of(Fault.PRIMARY_KILLED, Fault.REPLICA_KILLED);
    private static final int FURTHEST = 16;
    private static final int OFTEN = 4;

    private final Dice dice;
    private final boolean on;
    private final Cell first;
    private final List<Cell> left = new ArrayList<>();
    private final Map<Cell, Integer> due = new HashMap<>();
    private int untilLeft;

    Marks(long seed) {
        this.dice = new Dice(seed ^ 0x4d41524bL << 16);
        this.on = Math.floorMod(seed, 2) == 0;
        this.first = Cell.ALL.get((int) Math.floorMod(seed / 2, (long) Cell.ALL.size()));
        List<Cell> same =
                Cell.ALL.stream().filter(c -> c.isOf(first.procedure())).toList();
        left.add(first);
        for (int more = 1 + dice.number(3); more > 0; more--) {
            left.add(dice.oneOf(same));
        }
        left.forEach(c -> due.put(c, dice.once(4) ? 1 + dice.number(OFTEN) : 1));
        untilLeft = first.isOfResumed() ? 1 + dice.number(FURTHEST) : 0;
    }

    /** Dice for what is no mark. */
    Dice further() {
        return dice;
    }

    /** Whether this is such a world. */
    boolean isOn() {
        return on;
    }

    /** How many things are meant to go wrong, beside what comes first. */
    int count() {
        return left.size() + (untilLeft > 0 ? 1 : 0);
    }

    /** Whether somebody must order something. */
    boolean needsOrder() {
        return on && first.begun().equals(SWITCHOVER);
    }

    /** How many servers there must be: where another dies, too, somebody must stay. */
    int needsServers() {
        return on && FATAL.contains(first.fault()) ? 4 : 3;
    }

    /** How many services there must be. */
    int needsServices() {
        return on && (first.isOfResumed() || first.fault() == Fault.NODE_KILLED) ? 2 : 1;
    }

    /** Whether commits must wait for acknowledgements. */
    boolean needsSemiSync() {
        return on && first.isOfSemiSync();
    }

    /** Whether replicas must have replicas. */
    boolean needsChain() {
        return on && first.begun().equals(INTERMEDIATE);
    }

    /** What must happen to a server first; who is meant to die in the middle must not be dead before. */
    Optional<Fault> needsFirst() {
        if (!on || first.begun().equals(SWITCHOVER)) {
            return Optional.empty();
        }
        if (needsChain()) {
            return Optional.of(Fault.REPLICA_KILLED);
        }
        boolean diesLater = first.fault() == Fault.PRIMARY_KILLED;
        return Optional.of(diesLater ? Fault.SERVER_FROZEN : Fault.PRIMARY_KILLED);
    }

    /** What goes wrong here. */
    Optional<Fault> hit(String procedure, String effect, boolean isBefore) {
        if (untilLeft > 0) {
            boolean leaves = first.begun().equals(procedure) && --untilLeft == 0;
            return leaves ? Optional.of(dice.once(4) ? Fault.NODE_KILLED : Fault.NODE_ASLEEP) : Optional.empty();
        }
        Stream<Cell> here = left.stream().filter(c -> c.isOf(procedure) && c.isAt(effect, isBefore));
        Optional<Cell> hit =
                here.filter(c -> due.merge(c, -1, Integer::sum) <= 0).findFirst();
        hit.ifPresent(left::remove);
        return hit.map(Cell::fault);
    }
}
