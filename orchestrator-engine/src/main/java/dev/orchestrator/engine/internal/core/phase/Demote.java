package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Takes a living primary's writes away: it is read-only, and its sessions are ended while others go on with the handover. */
public final class Demote implements Phase {
    /** Setting it waits a second for commits and table locks before it kills who holds them. */
    private static final Duration READ_ONLY = Duration.ofSeconds(15);

    @Override
    public String name() {
        return PhaseNames.DEMOTE;
    }

    @Override
    public boolean done(State s) {
        return Succession.isNamed(s) || s.memory().hasPassed(name());
    }

    @Override
    public List<Effect> wanted(State s) {
        InstanceKey key = s.terms().primary();
        if (s.servers().isBeingTold(key)) {
            return List.of();
        }
        Instance primary = s.answering(key).orElse(null);
        if (primary == null) {
            return Decisions.giveUp(key + " does not answer any more");
        }
        if (primary.isWritable() || !s.servers().isCertain(key)) {
            Effect.Run readOnly =
                    TimedCommands.run(name(), primary, new InstanceCommand.SetReadOnly(true), READ_ONLY, false);
            CommandAttempt attempt = CommandAttempt.upTo(2, s, readOnly);
            return attempt.failed() == null ? attempt.effects() : Decisions.giveUp(attempt.failed());
        }
        return List.of(new Effect.Decide(new Fact.Passed(name())));
    }

    /** Ends the sessions that had begun something; done once, whatever comes of it. */
    static Optional<Effect> endSessions(State s, Instance primary) {
        Effect.Run kill = TimedCommands.run(PhaseNames.DEMOTE, primary, new InstanceCommand.KillClients());
        return s.step(kill.id()).isEmpty() ? Optional.of(kill) : Optional.empty();
    }
}
