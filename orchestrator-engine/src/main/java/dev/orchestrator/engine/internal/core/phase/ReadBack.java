package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepState;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** Proves by readings that began after the last command that a server is as it was wanted. */
public final class ReadBack implements Phase {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final InstanceKey server;
    private final Function<Instance, String> missing;

    /**
     * The phase.
     *
     * @param server the server
     * @param missing what is still missing by its facts, empty when nothing is
     */
    public ReadBack(InstanceKey server, Function<Instance, String> missing) {
        this.server = server;
        this.missing = missing;
    }

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
        if (!s.servers().isProven(server)
                || s.servers().lastReadBegun(server) <= s.begun().nanos()) {
            return CommandAttempt.read(s, server, TimedCommands.READ);
        }
        String left = s.answering(server).map(missing).orElse("it does not answer");
        if (left.isEmpty()) {
            return List.of(new Effect.Decide(new Fact.Passed(name()), name(), server, "read back"));
        }
        long since = s.steps().values().stream()
                .mapToLong(StepState::lastEnded)
                .max()
                .orElse(s.begun().nanos());
        if (s.now().since(since).compareTo(PATIENCE) > 0) {
            return Decisions.giveUp("it was done, but read back " + server + " says: " + left);
        }
        Duration rest = PAUSE.minus(s.now().since(s.servers().lastReadEnded(server)));
        return rest.isNegative() || rest.isZero()
                ? CommandAttempt.read(s, server, TimedCommands.READ)
                : List.of(new Effect.Wake(rest));
    }
}
