package dev.orchestrator.simulation;

import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.simulation.node.SimulatedService;
import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.plan.When;
import dev.orchestrator.simulation.world.Dice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * When people do something beside ordering switchovers, in some worlds: at some time, or exactly before or after the n-th
 * step of whatever procedures are run. Their dice are their own.
 */
final class Chores {
    private static final int FURTHEST = 30;
    private static final Duration SOON = Duration.ofSeconds(3);
    private static final Set<String> CHANGING = Set.of("Save", "Tell", "Finish");
    /** So long people wait for a moment that may never come. */
    private static final Duration PATIENCE = Duration.ofSeconds(13);

    private final Schedule world;
    private final Dice dice;
    private final Errands errands;
    private final List<Chore> thrown = new ArrayList<>();
    private final List<Aimed> aimed = new ArrayList<>();
    private boolean any;
    private boolean begun;
    private long endsAt;
    private int left;

    /** Something that is done at the n-th effect from now on. */
    private static final class Aimed {
        private final Chore chore;
        private final boolean before;
        private final boolean ofChange;
        private int left;

        private Aimed(Chore chore, Dice dice) {
            this.chore = chore;
            this.before = dice.once(2);
            this.ofChange = !dice.once(4);
            this.left = 1 + dice.number(FURTHEST);
        }

        private boolean isDue(String effect, boolean isBefore) {
            boolean changes = effect.contains(":") || CHANGING.contains(effect);
            return changes == ofChange && isBefore == before && --left == 0;
        }
    }

    Chores(Schedule world, long seed) {
        this.world = world;
        this.dice = new Dice(seed ^ 0x0c11L << 32);
        this.errands = new Errands(world, dice);
        int count = dice.once(3) ? 1 + dice.number(5) : 0;
        for (int i = 0; i < count; i++) {
            Chore chore = dice.oneOf(Chore.USUAL);
            // What runs is stopped at a moment of it.
            if (chore == Chore.CHANGE_CANCELLED || dice.once(2)) {
                aimed.add(new Aimed(chore, dice));
            } else {
                thrown.add(chore);
            }
        }
    }

    /** Who hears what becomes of orders. */
    Errands errands() {
        return errands;
    }

    /** Whether people do anything in this world. */
    boolean areAny() {
        return any;
    }

    void begin(Duration within) {
        List<Happening> timed = world.script().chores(thrown);
        any = !timed.isEmpty()
                || world.script().isOpen() && !aimed.isEmpty()
                || world.script().saysChores();
        begun = true;
        endsAt = world.events().now() + PATIENCE.toNanos();
        timed.forEach(it -> plan(it, within));
    }

    /** People look at what a service was doing that is gone now. */
    void gone() {
        if (any && world.script().isOpen() && dice.once(2)) {
            world.script().chores(List.of(Chore.MAINTENANCE_BEGUN)).forEach(it -> plan(it, SOON));
        }
    }

    private void plan(Happening it, Duration within) {
        long at = dice.between(Duration.ZERO, within);
        left++;
        world.events().in(it.in(world.events().now(), at, When.At::new), () -> {
            left--;
            happens(it, List.of());
        });
    }

    /** A procedure does something. */
    void atEffect(SimulatedService node, String procedure, Effect what, String effect, boolean before) {
        if (before) {
            errands.custody().effect(what);
        }
        if (!any || !begun || world.events().now() >= endsAt) {
            return;
        }
        List<Chore> due = new ArrayList<>();
        aimed.removeIf(a -> a.isDue(effect, before) && due.add(a.chore));
        List<String> running = node.running(procedure).stream().toList();
        world.script()
                .choresAtEffect(new When.AtEffect(before, procedure, effect, 0), due)
                .forEach(it -> happens(it, running));
    }

    private void happens(Happening it, List<String> running) {
        Choices how = it.happens(dice);
        errands.run(it.chore(), how, running);
    }

    /** Nobody does anything any more. */
    boolean isOver() {
        boolean waiting = begun && any && !aimed.isEmpty() && world.events().now() < endsAt;
        return left == 0 && !waiting && errands.areDone();
    }
}
