package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import java.util.List;

/** Decisions that several phases take, with what people are told of them. */
final class Decisions {
    private Decisions() {}

    /** The aim is given up. */
    static List<Effect> giveUp(String why) {
        return List.of(new Effect.Decide(new Fact.GivenUp(why), PhaseNames.RESTORE, null, "given up: " + why));
    }

    /** The chosen server cannot take over; another one may. */
    static List<Effect> reject(InstanceKey server, String why, boolean banned) {
        return List.of(new Effect.Decide(
                new Fact.Rejected(server, why, banned), PhaseNames.CHOOSE, server, "cannot take over: " + why));
    }
}
