package dev.orchestrator.simulation.faulty;

import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.simulation.node.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Puts faulty phases in the place of good ones. */
final class Exchange {
    private Exchange() {}

    /** An engine with these procedures. */
    static Engine running(UnaryOperator<Procedure> procedure) {
        Engine good = Engine.DELIVERED;
        return new Engine(good.read(), procedure, good.fences(), good.due(), good.policy(), good.heeds(), good.left());
    }

    /** All phases of one kind give way to another, on the way forward and back. */
    static Engine each(Class<? extends Phase> kind, UnaryOperator<Phase> other) {
        return phases(all -> all.stream().map(p -> kind.isInstance(p) ? other.apply(p) : p));
    }

    /** The phases of one kind are forgotten. */
    static Engine without(Class<? extends Phase> kind) {
        return phases(all -> all.stream().filter(p -> !kind.isInstance(p)));
    }

    /** Something is done before all else. */
    static Engine first(Phase phase) {
        return running(p -> new Procedure(p.title(), before(phase, p.forward()), p.back()));
    }

    /** Something is done before anything is put back. */
    static Engine firstBack(Phase phase) {
        return running(p -> new Procedure(p.title(), p.forward(), before(phase, p.back())));
    }

    private static List<Phase> before(Phase first, List<Phase> then) {
        List<Phase> all = new ArrayList<>(List.of(first));
        all.addAll(then);
        return all;
    }

    private static Engine phases(Exchanged other) {
        return running(p -> new Procedure(
                p.title(),
                other.apply(p.forward()).toList(),
                other.apply(p.back()).toList()));
    }

    /** What becomes of the phases of a procedure. */
    @FunctionalInterface
    private interface Exchanged {
        Stream<Phase> apply(List<Phase> good);
    }

    /** A phase that is told of another state than the one that is. */
    static Phase seeing(Phase good, UnaryOperator<State> seen) {
        return new Altered(good, seen, (s, wanted) -> wanted);
    }

    /** A phase of which something else is made than what it wants. */
    static Phase wanting(Phase good, BiFunction<State, List<Effect>, List<Effect>> wanted) {
        return new Altered(good, UnaryOperator.identity(), wanted);
    }

    private record Altered(Phase good, UnaryOperator<State> seen, BiFunction<State, List<Effect>, List<Effect>> made)
            implements Phase {
        @Override
        public String name() {
            return good.name();
        }

        @Override
        public boolean done(State s) {
            return good.done(seen.apply(s));
        }

        @Override
        public List<Effect> wanted(State s) {
            return made.apply(s, good.wanted(seen.apply(s)));
        }
    }
}
