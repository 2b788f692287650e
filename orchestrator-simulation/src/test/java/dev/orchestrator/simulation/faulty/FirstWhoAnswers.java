package dev.orchestrator.simulation.faulty;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.candidate.Choice;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.util.List;
import java.util.Map;

/** Whoever answers first takes over; nobody looks who holds more. */
final class FirstWhoAnswers {
    private FirstWhoAnswers() {}

    /** In the place of what is wanted by who compares all. */
    static List<Effect> chosen(State s, List<Effect> wanted) {
        return s.terms().participants().stream()
                .filter(k -> s.answering(k).isPresent())
                .filter(k -> !s.memory().rejected().containsKey(k))
                .findFirst()
                .map(FirstWhoAnswers::chosen)
                .orElse(wanted);
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
