package dev.orchestrator.simulation.faulty;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.candidate.Choice;
import dev.orchestrator.engine.internal.core.phase.ChooseSuccessor;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whoever answers first takes over; nobody looks who holds more. */
final class FirstWhoAnswers implements Phase {
    private final Phase good = new ChooseSuccessor();

    @Override
    public String name() {
        return good.name();
    }

    @Override
    public boolean done(State s) {
        return good.done(s);
    }

    @Override
    public List<Effect> wanted(State s) {
        Optional<InstanceKey> first = s.terms().participants().stream()
                .filter(k -> s.answering(k).isPresent())
                .filter(k -> !s.memory().rejected().containsKey(k))
                .findFirst();
        return first.map(FirstWhoAnswers::chosen).orElseGet(() -> good.wanted(s));
    }

    private static List<Effect> chosen(InstanceKey first) {
        Choice choice = new Choice(
                first,
                null,
                false,
                GtidSet.empty(),
                GtidSet.empty(),
                List.of(),
                List.of(first),
                Map.of(),
                Map.of(),
                first + " answered first");
        return List.of(new Effect.Decide(new Fact.Chosen(choice)));
    }
}
