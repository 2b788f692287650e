package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.util.List;

/** A move has failed, and is taken back, when one of those to be moved does not follow its new source. */
public final class AllFollow implements Phase {
    @Override
    public String name() {
        return PhaseNames.VERIFY;
    }

    @Override
    public boolean done(State s) {
        return s.memory().hasPassed(name());
    }

    @Override
    public List<Effect> wanted(State s) {
        for (InstanceKey key : s.terms().followers()) {
            String why = s.memory().settled().getOrDefault(key, "");
            if (!why.isEmpty()) {
                return Decisions.giveUp(key + ": " + why);
            }
        }
        return List.of(new Effect.Decide(new Fact.Passed(name())));
    }
}
