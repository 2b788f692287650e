package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.engine.internal.core.procedure.Announcement;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Tells who is the primary now. Writers need not wait for replicas: the receiver of one may hang in its stop for seconds.
 * Whoever looks into the backend is to see it too, but nobody waits for that.
 */
public final class Publish implements Phase {
    @Override
    public String name() {
        return PhaseNames.PUBLISH;
    }

    @Override
    public boolean done(State s) {
        return s.told().contains(announcement(s))
                && (s.ledger().isWritten()
                        || s.ledger().inFlight() != 0
                        || s.ledger().isUnknown());
    }

    @Override
    public List<Effect> wanted(State s) {
        List<Effect> effects = new ArrayList<>(List.of(new Effect.Tell(announcement(s))));
        if (!s.ledger().isWritten()) {
            effects.add(new Effect.Save(s.record(), s.ledger().version()));
        }
        return effects;
    }

    private static Announcement announcement(State s) {
        return new Announcement.Promoted(Objects.requireNonNull(s.memory().promoted()));
    }
}
