package dev.orchestrator.simulation;

import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.plan.Part;
import dev.orchestrator.simulation.plan.When;
import dev.orchestrator.simulation.world.Dice;
import java.util.List;
import java.util.Objects;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** One part of a script: something that goes wrong or is ordered. */
final class Happening {
    /** What goes wrong at a time that never came, because the world ended before. */
    static final String ANYTHING = "anything";

    private final Script script;
    private final boolean open;
    private final List<String> how;
    private @Nullable When when;
    private String what;
    private @Nullable Choices choices;
    private int order = Integer.MAX_VALUE;

    private Happening(Script script, boolean open, @Nullable When when, String what, List<String> how) {
        this.script = script;
        this.open = open;
        this.when = when;
        this.what = what;
        this.how = how;
    }

    /** Everything about it is open, but for what it is, perhaps. */
    static Happening open(Script script, String what) {
        return new Happening(script, true, null, what.isEmpty() ? ANYTHING : what, List.of());
    }

    /** It is said. */
    static Happening said(Script script, Part part) {
        return new Happening(script, part.what().equals(ANYTHING), part.when(), part.what(), part.how());
    }

    /** It is now. */
    Happening at(When now) {
        when = now;
        return this;
    }

    /** How long it is until then, from now on, in nanoseconds. */
    long in(long now, long thrown, LongFunction<When> at) {
        When moment = when == null ? at.apply(now + thrown) : when;
        when = moment;
        return moment.at().orElseThrow() - now;
    }

    /** What goes wrong, now. */
    Fault fault(Fault thrown) {
        Fault fault = open ? thrown : Fault.called(what);
        what = fault.toString();
        return fault;
    }

    /** What people do. */
    Chore chore() {
        return Chore.called(what).orElseThrow();
    }

    /** It happens: how is chosen now. */
    Choices happens(Dice dice) {
        Choices now = open ? Choices.open(dice) : Choices.said(dice, how);
        choices = now;
        order = script.next();
        return now;
    }

    /** The how manieth it was; those that did not happen come last. */
    int order() {
        return order;
    }

    Part part() {
        return new Part(Objects.requireNonNull(when), what, choices == null ? how : choices.made());
    }
}
