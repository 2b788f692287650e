package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.time.Duration;
import java.util.List;

/**
 * Takes the name of a successor out of the backend's record, where it may stand there, before anything is put back; one
 * that may be writable is fenced with it. As long as the backend does not answer nothing is put back, until the right is gone and somebody else goes on.
 */
public final class Unname implements Phase {
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(250);

    @Override
    public String name() {
        return PhaseNames.RESTORE;
    }

    @Override
    public boolean done(State s) {
        return s.ledger().record() == null
                || s.ledger().isWritten()
                || (s.ledger().unknown() == 0 && !s.ledger().mayBeNamed());
    }

    @Override
    public List<Effect> wanted(State s) {
        Duration rest = BETWEEN_ATTEMPTS.minus(s.now().since(s.ledger().ended()));
        return s.ledger().isUnknown() && !rest.isNegative() && !rest.isZero()
                ? List.of(new Effect.Wake(rest))
                : List.of(new Effect.Save(s.record(), s.ledger().version(), FencesOf.recovery(s), ""));
    }
}
