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
    private final Script script;
    private final @Nullable Part said;
    private @Nullable When when;
    private String what;
    private @Nullable Choices choices;

    /** Everything about it is open. */
    Happening(Script script) {
        this.script = script;
        this.said = null;
        this.what = "";
    }

    /** It is said. */
    Happening(Script script, Part said) {
        this.script = script;
        this.said = said;
        this.when = said.when();
        this.what = said.what();
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
        Fault fault = said == null ? thrown : Fault.called(said.what());
        what = fault.toString();
        return fault;
    }

    /** It happens: how is chosen now. */
    Choices happens(Dice dice) {
        Choices now = said == null ? Choices.open(dice) : Choices.said(dice, said.how());
        choices = now;
        script.happens(this);
        return now;
    }

    /** An order is given. */
    Choices ordered(Dice dice) {
        what = Script.ORDER;
        return happens(dice);
    }

    Part part() {
        return new Part(Objects.requireNonNull(when), what, choices == null ? List.of() : choices.made());
    }
}
