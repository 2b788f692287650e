package dev.orchestrator.simulation;

import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.plan.Part;
import dev.orchestrator.simulation.plan.Plan;
import dev.orchestrator.simulation.plan.When;
import dev.orchestrator.simulation.world.Dice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** A plan while it is carried out: what it says comes when it says, what it leaves open is chosen, and all is noted. */
final class Script {
    static final String ORDER = "order";

    private final Plan plan;
    private final Choices world;
    private final List<Happening> happened = new ArrayList<>();
    private final Map<When.AtEffect, Integer> times = new HashMap<>();

    Script(Plan plan, Dice dice) {
        this.plan = plan;
        this.world = plan.isOpen() ? Choices.open(dice) : Choices.said(dice, plan.world());
    }

    /** What servers and services there are. */
    Choices world() {
        return world;
    }

    /** What meets the first primary before anything else; as often as is said, or else as the dice have it. */
    List<Happening> first(int thrown) {
        return all(thrown, p -> p.when().isFirst());
    }

    /** What goes wrong at any time. */
    List<Happening> anytime(int thrown) {
        return all(thrown, p -> isAtSomeTime(p) && !p.what().equals(ORDER));
    }

    /** What is ordered. */
    List<Happening> orders(int thrown) {
        return all(thrown, p -> isAtSomeTime(p) && p.what().equals(ORDER));
    }

    private static boolean isAtSomeTime(Part part) {
        return part.when().at().isPresent() && !part.when().isFirst();
    }

    private List<Happening> all(int thrown, Predicate<Part> kind) {
        return plan.isOpen()
                ? IntStream.range(0, thrown).mapToObj(i -> new Happening(this)).toList()
                : plan.parts().stream()
                        .filter(kind)
                        .map(p -> new Happening(this, p))
                        .toList();
    }

    /** What goes wrong exactly now, when a procedure does something. */
    Optional<Happening> atEffect(boolean before, String procedure, String effect, boolean thrown) {
        int time = times.merge(new When.AtEffect(before, procedure, effect, 0), 1, Integer::sum);
        When now = new When.AtEffect(before, procedure, effect, time);
        if (plan.isOpen()) {
            return thrown ? Optional.of(new Happening(this).at(now)) : Optional.empty();
        }
        return plan.parts().stream()
                .filter(p -> p.when().equals(now))
                .map(p -> new Happening(this, p))
                .findFirst();
    }

    void happens(Happening happening) {
        happened.add(happening);
    }

    /** What there was and what happened, so that it can be said. */
    Plan said() {
        return Plan.said(
                plan.seed(),
                world.made(),
                happened.stream().map(Happening::part).toList());
    }
}
