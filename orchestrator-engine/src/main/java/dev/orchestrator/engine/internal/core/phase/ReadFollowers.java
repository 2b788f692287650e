package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what was received, once the receivers have stopped. A server that does not answer, or whose stop hangs, gets a
 * glance only: nobody waits for it.
 */
public final class ReadFollowers implements Phase {
    @Override
    public String name() {
        return PhaseNames.RE_READ;
    }

    @Override
    public boolean done(State s) {
        return Succession.isNamed(s)
                || s.memory().choice() != null
                || s.memory().source() != null
                || s.terms().followers().stream().allMatch(k -> isRead(s, k));
    }

    @Override
    public List<Effect> wanted(State s) {
        List<Effect> effects = new ArrayList<>();
        for (InstanceKey key : s.terms().followers()) {
            if (!isRead(s, key)) {
                effects.addAll(Attempt.read(s, key, patience(s, key)));
            }
        }
        return effects;
    }

    private static boolean isRead(State s, InstanceKey key) {
        long since = Math.max(s.begun().nanos(), s.memory().rejectedAt());
        boolean again = s.servers().lastReadBegun(key) > since;
        return s.servers().isBeingTold(key) ? again : again && s.servers().isProven(key);
    }

    private static Duration patience(State s, InstanceKey key) {
        boolean doubtful = s.terms().leftAlone().containsKey(key)
                || s.servers().isBeingTold(key)
                || s.answering(key).isEmpty();
        return doubtful ? Commands.GLANCE : Commands.READ;
    }
}
