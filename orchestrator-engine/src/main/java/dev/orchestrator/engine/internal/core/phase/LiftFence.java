package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.Fence;
import dev.orchestrator.engine.internal.core.procedure.Announcement;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.util.List;

/** Lifts the fence of a former primary by an operator's order. No server is changed. */
public final class LiftFence implements Phase {
    private final Announcement.Lifted lifted;

    /**
     * The phase.
     *
     * @param fence the fence
     * @param why for people
     */
    public LiftFence(Fence fence, String why) {
        this.lifted = new Announcement.Lifted(fence, why);
    }

    @Override
    public String name() {
        return "lift";
    }

    @Override
    public boolean done(State s) {
        return s.told().contains(lifted);
    }

    @Override
    public List<Effect> wanted(State s) {
        return List.of(new Effect.Tell(lifted));
    }
}
