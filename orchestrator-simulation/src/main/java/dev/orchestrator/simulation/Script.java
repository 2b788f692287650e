package dev.orchestrator.simulation;

import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.plan.Part;
import dev.orchestrator.simulation.plan.SchedulePlan;
import dev.orchestrator.simulation.plan.When;
import dev.orchestrator.simulation.world.Dice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A plan while it is carried out: what it says comes when it says, what it leaves open is chosen, and all is noted. */
final class Script {
    static final String ORDER = "switchover ordered";

    private final SchedulePlan plan;
    private final Choices world;
    private final List<Happening> happenings = new ArrayList<>();
    private final Map<When.AtEffect, Integer> times = new HashMap<>();
    private final Map<When.AtEffect, Integer> timesOfChores = new HashMap<>();
    private int happened;

    Script(SchedulePlan plan, Dice dice) {
        this.plan = plan;
        plan.parts().stream()
                .map(Part::what)
                .filter(w -> !isDoneByPeople(w) && !w.equals(Happening.ANYTHING))
                .forEach(Fault::called);
        this.world = plan.isOpen() ? Choices.open(dice) : Choices.said(dice, plan.world());
    }

    /** What servers and services there are. */
    Choices world() {
        return world;
    }

    /** What meets the first primary before anything else; as often as is said, or else as the dice have it. */
    List<Happening> first(int thrown) {
        return all(thrown, "", p -> p.when().isFirst());
    }

    /** What goes wrong at any time. */
    List<Happening> anytime(int thrown) {
        return all(thrown, "", p -> isAtSomeTime(p) && !isDoneByPeople(p.what()));
    }

    /** What is ordered. */
    List<Happening> orders(int thrown) {
        return all(thrown, ORDER, p -> isAtSomeTime(p) && p.what().equals(ORDER));
    }

    /** What people do beside that, at some time. */
    List<Happening> chores(List<Chore> thrown) {
        List<Happening> all = plan.isOpen()
                ? thrown.stream().map(c -> Happening.open(this, c.toString())).toList()
                : plan.parts().stream()
                        .filter(p -> isAtSomeTime(p) && Chore.called(p.what()).isPresent())
                        .map(p -> Happening.said(this, p))
                        .toList();
        happenings.addAll(all);
        return all;
    }

    /** What people do exactly now, when a procedure does something; that this is the first time is not yet known. */
    List<Happening> choresAtEffect(When.AtEffect first, List<Chore> thrown) {
        int time = timesOfChores.merge(first, 1, Integer::sum);
        When now = new When.AtEffect(first.before(), first.procedure(), first.effect(), time);
        List<Happening> all = plan.isOpen()
                ? thrown.stream()
                        .map(c -> Happening.open(this, c.toString()).at(now))
                        .toList()
                : plan.parts().stream()
                        .filter(p ->
                                p.when().equals(now) && Chore.called(p.what()).isPresent())
                        .map(p -> Happening.said(this, p))
                        .toList();
        happenings.addAll(all);
        return all;
    }

    /** Whether it is open what happens. */
    boolean isOpen() {
        return plan.isOpen();
    }

    /** Whether it says that people do something beside ordering switchovers. */
    boolean saysChores() {
        return plan.parts().stream().anyMatch(p -> Chore.called(p.what()).isPresent());
    }

    private static boolean isDoneByPeople(String what) {
        return what.equals(ORDER) || Chore.called(what).isPresent();
    }

    private static boolean isAtSomeTime(Part part) {
        return part.when().at().isPresent() && !part.when().isFirst();
    }

    private List<Happening> all(int thrown, String what, Predicate<Part> kind) {
        List<Happening> all = plan.isOpen()
                ? IntStream.range(0, thrown)
                        .mapToObj(i -> Happening.open(this, what))
                        .toList()
                : plan.parts().stream()
                        .filter(kind)
                        .map(p -> Happening.said(this, p))
                        .toList();
        happenings.addAll(all);
        return all;
    }

    /** What goes wrong exactly now, when a procedure does something. */
    Optional<Happening> atEffect(boolean before, String procedure, String effect, boolean thrown) {
        int time = times.merge(new When.AtEffect(before, procedure, effect, 0), 1, Integer::sum);
        if (plan.isOpen() && !thrown) {
            return Optional.empty();
        }
        When now = new When.AtEffect(before, procedure, effect, time);
        Stream<Happening> due = plan.isOpen()
                ? Stream.of(Happening.open(this, "").at(now))
                : plan.parts().stream()
                        .filter(p -> p.when().equals(now) && !isDoneByPeople(p.what()))
                        .map(p -> Happening.said(this, p));
        Optional<Happening> one = due.findFirst();
        one.ifPresent(happenings::add);
        return one;
    }

    /** Something happens: the how manieth it is. */
    int next() {
        return ++happened;
    }

    /** What there was, what happened, and what was still to come when the world ended, so that it can be said. */
    SchedulePlan said() {
        List<Part> parts = happenings.stream()
                .sorted(Comparator.comparingInt(Happening::order))
                .map(Happening::part)
                .toList();
        return SchedulePlan.said(plan.seed(), world.made(), parts);
    }
}
