package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what was received, once the receivers have stopped. A server that does not answer, or whose stop hangs, gets a
 * glance only: nobody waits for it. A failed server at whose port nobody listened is read as well, which costs nothing: its
 * supervisor may have started it again.
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
                || servers(s).stream().allMatch(k -> isRead(s, k));
    }

    @Override
    public List<Effect> wanted(State s) {
        List<Effect> effects = new ArrayList<>();
        for (InstanceKey key : servers(s)) {
            if (!isRead(s, key)) {
                effects.addAll(CommandAttempt.read(s, key, patience(s, key)));
            }
        }
        return effects;
    }

    private static List<InstanceKey> servers(State s) {
        List<InstanceKey> servers = new ArrayList<>(s.terms().followers());
        InstanceKey primary = s.terms().primary();
        boolean mayBeBack = s.answering(primary).isPresent()
                || s.servers()
                        .fleet()
                        .member(primary)
                        .map(FleetMember::failure)
                        .filter(f -> f.kind() == ProbeFailure.Kind.REFUSED)
                        .isPresent();
        if (mayBeBack) {
            servers.add(primary);
        }
        return servers;
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
        return doubtful ? TimedCommands.GLANCE : TimedCommands.READ;
    }
}
