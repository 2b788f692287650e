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
import java.util.List;
import java.util.Objects;

/**
 * Waits until the successor has executed what the primary had a moment ago, while the primary still takes writes: an
 * applier that is held up must not cost an outage.
 */
public final class WaitUntilReady implements Phase {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Override
    public String name() {
        return PhaseNames.WAIT_UNTIL_READY;
    }

    @Override
    public boolean done(State s) {
        return Succession.isNamed(s)
                || (s.memory().hasPassed(name()) && s.memory().fallen() == null);
    }

    @Override
    public List<Effect> wanted(State s) {
        InstanceKey key = Objects.requireNonNull(s.terms().explicit());
        if (key.equals(s.memory().fallen())) {
            return Decisions.giveUp(
                    "nobody else was named to take over from " + s.terms().primary());
        }
        Instance successor = s.servers().fleet().instance(key).orElseThrow();
        GtidSet written = s.servers()
                .fleet()
                .instance(s.terms().primary())
                .map(Instance::executedGtids)
                .orElse(GtidSet.empty());
        Effect.Run await = TimedCommands.named(
                TimedCommands.run(name(), successor, new InstanceCommand.AwaitExecuted(written), Drain.SLICE, false),
                "wait until it has executed what " + s.terms().primary() + " had a moment ago");
        StepState waited = s.step(await.id()).orElse(null);
        if (waited == null) {
            return List.of(await);
        }
        if (waited.inFlight()) {
            return List.of();
        }
        if (waited.isDone()) {
            return List.of(new Effect.Decide(new Fact.Passed(name())));
        }
        boolean late = s.now().since(waited.firstBegun()).compareTo(PATIENCE) > 0;
        if (late || waited.endedWith(StepResult.Kind.FAILED)) {
            return Decisions.giveUp(key + " does not execute what it receives ("
                    + waited.words() + " within " + PATIENCE.toSeconds() + " s); "
                    + s.terms().primary() + " was not touched. See what holds its applier up (lag, locks, FLUSH TABLES"
                    + " WITH READ LOCK), or choose another replica");
        }
        return List.of(await);
    }
}
