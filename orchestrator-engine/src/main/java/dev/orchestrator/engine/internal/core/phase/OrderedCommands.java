package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepId;
import dev.orchestrator.engine.internal.core.procedure.StepState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Tells one server something, as an operator ordered it: several commands side by side, each once. */
public final class OrderedCommands implements Phase {
    private final String name;
    private final InstanceKey server;
    private final List<InstanceCommand> commands;
    private final Duration timeout;

    /**
     * The phase.
     *
     * @param name its name
     * @param server who is told
     * @param commands what
     * @param timeout how long each may take
     */
    public OrderedCommands(String name, InstanceKey server, List<InstanceCommand> commands, Duration timeout) {
        this.name = name;
        this.server = server;
        this.commands = List.copyOf(commands);
        this.timeout = timeout;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean done(State s) {
        return runs(s).stream()
                .allMatch(r -> s.step(r.id()).filter(StepState::isDone).isPresent());
    }

    @Override
    public List<Effect> wanted(State s) {
        List<Effect> effects = new ArrayList<>();
        for (Effect.Run run : runs(s)) {
            StepState step = s.step(run.id()).orElse(null);
            if (step == null) {
                effects.add(run);
            } else if (!step.inFlight() && !step.isDone()) {
                return Decisions.giveUp(run.step().describe() + ": " + step.words());
            }
        }
        return effects;
    }

    private List<Effect.Run> runs(State s) {
        Instance instance = s.servers().fleet().instance(server).orElseThrow();
        List<Effect.Run> runs = new ArrayList<>();
        for (int n = 0; n < commands.size(); n++) {
            Effect.Run run = TimedCommands.run(name, instance, commands.get(n), timeout, false);
            // Two channels are told in the same words.
            String which = commands.size() == 1 ? "" : " #" + (n + 1);
            StepId id = new StepId(name, server, run.id().what() + which);
            runs.add(new Effect.Run(id, run.step(), ""));
        }
        return runs;
    }
}
