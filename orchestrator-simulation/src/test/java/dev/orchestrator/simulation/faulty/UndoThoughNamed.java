package dev.orchestrator.simulation.faulty;

import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.util.List;
import java.util.Objects;

/** Who goes on with a recovery puts things back as soon as its named successor, which may be writable, is silent. */
final class UndoThoughNamed implements Phase {
    @Override
    public String name() {
        return PhaseNames.DECIDE;
    }

    @Override
    public boolean done(State s) {
        return !s.terms().resumed()
                || s.record().successor() == null
                || s.answering(Objects.requireNonNull(s.record().successor())).isPresent();
    }

    @Override
    public List<Effect> wanted(State s) {
        return List.of(new Effect.Decide(new Fact.GivenUp(s.record().successor() + " does not answer")));
    }
}
