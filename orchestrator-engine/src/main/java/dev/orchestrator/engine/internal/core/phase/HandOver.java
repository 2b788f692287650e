package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import dev.orchestrator.engine.internal.core.procedure.StepState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Waits until the successor has executed all that the demoted primary wrote to the end. The sessions of the primary are
 * ended meanwhile, and what was written is read again after that and after the wait, for commits that were under way. Nobody can write meanwhile: beyond a few seconds the writes go back to
 * where they were. Its receiver is stopped while its name is written down, as each costs the outage a wait.
 */
public final class HandOver implements Phase {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Override
    public String name() {
        return PhaseNames.CATCH_UP;
    }

    @Override
    public boolean done(State s) {
        return Succession.isNamed(s)
                || (s.memory().written() != null && s.memory().hasPassed(name()));
    }

    @Override
    public List<Effect> wanted(State s) {
        InstanceKey primaryKey = s.terms().primary();
        Instance primary = s.answering(primaryKey).orElse(null);
        if (primary == null) {
            return Decisions.giveUp(primaryKey + " does not answer any more");
        }
        List<Effect> effects = new ArrayList<>();
        Demote.endSessions(s, primary).ifPresent(effects::add);
        if (s.servers().lastReadBegun(primaryKey) < s.memory().passedAt(PhaseNames.DEMOTE)) {
            effects.addAll(CommandAttempt.read(s, primaryKey, TimedCommands.READ));
            return effects;
        }
        List<Effect> next = catchUp(s, primaryKey, primary);
        if (next.stream().anyMatch(Effect.Decide.class::isInstance) && !effects.isEmpty()) {
            return effects;
        }
        effects.addAll(next);
        return effects;
    }

    private List<Effect> catchUp(State s, InstanceKey primaryKey, Instance primary) {
        if (primary.isWritable() || !primary.serverUuid().equals(uuidBefore(s, primaryKey))) {
            return Decisions.giveUp(
                    primaryKey + " is writable again, or another server: somebody interferes with the switchover");
        }
        GtidSet written = s.memory().written();
        if (written == null || !written.equals(primary.executedGtids())) {
            return List.of(new Effect.Decide(new Fact.Written(primary.executedGtids())));
        }
        InstanceKey key = Objects.requireNonNull(s.terms().explicit());
        Instance successor = s.answering(key).orElse(null);
        if (successor == null) {
            return Decisions.giveUp(key + " does not answer any more");
        }
        return execute(s, primaryKey, successor, written);
    }

    private static String uuidBefore(State s, InstanceKey key) {
        return s.terms().before().of(key).map(b -> b.serverUuid()).orElse("");
    }

    private List<Effect> execute(State s, InstanceKey primary, Instance successor, GtidSet written) {
        Effect.Run await = TimedCommands.named(
                TimedCommands.run(name(), successor, new InstanceCommand.AwaitExecuted(written), Drain.SLICE, false),
                "wait until it has executed all that " + primary + " has");
        StepState waited = s.step(await.id()).orElse(null);
        // What was waited for may have been less than what turned out to be written.
        boolean enough = waited != null && waited.isDone() && written.isSubsetOf(successor.executedGtids());
        if (waited != null && waited.inFlight()) {
            return List.of();
        }
        if (enough && s.servers().isBeingTold(primary)) {
            return List.of();
        }
        if (enough) {
            boolean readSince = s.servers().isProven(primary)
                    && s.servers().lastReadBegun(primary)
                            >= Objects.requireNonNull(waited).lastEnded();
            return readSince
                    ? List.of(new Effect.Decide(
                            new Fact.Passed(name()), name(), successor.key(), "everything is executed: " + written))
                    : CommandAttempt.read(s, primary, TimedCommands.READ);
        }
        if (waited != null && !waited.isDone()) {
            boolean late = s.now().since(waited.firstBegun()).compareTo(PATIENCE) > 0;
            if (late || waited.endedWith(StepResult.Kind.FAILED)) {
                return Decisions.giveUp(successor.key() + " has not executed everything within " + PATIENCE.toSeconds()
                        + " s: " + waited.words());
            }
        }
        return List.of(await);
    }

    /** Stops the successor's receivers and proves it by a reading, beside something else; it fails where it is needed. */
    static List<Effect> stopping(State s, InstanceKey successor) {
        Instance server = s.answering(successor).orElse(null);
        if (server == null || s.servers().isBeingTold(successor)) {
            return List.of();
        }
        return stop(s, server)
                .map(CommandAttempt::effects)
                .orElseGet(() -> s.servers().isProven(successor)
                        ? List.of()
                        : CommandAttempt.read(s, successor, TimedCommands.READ));
    }

    /** The next receiver to be stopped; empty when all are. */
    static Optional<CommandAttempt> stop(State s, Instance successor) {
        return successor.channels().stream()
                .filter(c -> !Channels.isStopped(c))
                .findFirst()
                .map(c -> CommandAttempt.upTo(
                        2, s, TimedCommands.stopReceiver(PhaseNames.CATCH_UP, successor, c.name())));
    }
}
