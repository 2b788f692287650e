package dev.orchestrator.simulation.faulty;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Starts each receiver that stands, whether or not it ran before. */
final class StartAll implements Phase {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final String PASSED = "everything is started";

    @Override
    public String name() {
        return PhaseNames.RESTORE;
    }

    @Override
    public boolean done(State s) {
        return s.memory().hasPassed(PASSED);
    }

    @Override
    public List<Effect> wanted(State s) {
        List<Effect> starts = new ArrayList<>();
        for (InstanceKey key : s.terms().followers()) {
            s.answering(key)
                    .ifPresent(server -> server.channels().stream()
                            .filter(c -> c.receiver() == ReplicationThreadState.STOPPED)
                            .map(c -> start(server, c))
                            .filter(run -> s.step(run.id()).isEmpty())
                            .forEach(starts::add));
        }
        return starts.isEmpty() && !s.isAwaiting() ? List.of(new Effect.Decide(new Fact.Passed(PASSED))) : starts;
    }

    private static Effect.Run start(Instance server, ReplicationChannel channel) {
        InstanceCommand command = new InstanceCommand.StartReceiver(channel.name());
        StepId id = new StepId(PhaseNames.RESTORE, server.key(), command.describe());
        return new Effect.Run(id, new PlanStep(server.key(), server.serverUuid(), command, TIMEOUT, true, false), "");
    }
}
