package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.StepId;
import java.time.Duration;

/** The commands of phases, with the time each may take. */
final class TimedCommands {
    /** A stop that hangs in Connecting takes about two seconds; longer means that the server itself hangs. */
    static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** How long a server may take to be read while others wait for it. */
    static final Duration READ = Duration.ofSeconds(1);

    /** The same for a server that is expected not to answer. */
    static final Duration GLANCE = Duration.ofMillis(300);

    private TimedCommands() {}

    static Effect.Run run(String phase, Instance server, InstanceCommand command) {
        return run(phase, server, command, TIMEOUT, false);
    }

    static Effect.Run stopReceiver(String phase, Instance server, String channel) {
        return run(phase, server, new InstanceCommand.StopReceiver(channel), STOP_TIMEOUT, false);
    }

    static Effect.Run run(
            String phase, Instance server, InstanceCommand command, Duration timeout, boolean irreversible) {
        StepId id = new StepId(phase, server.key(), command.describe());
        PlanStep step = new PlanStep(server.key(), server.serverUuid(), command, timeout, true, irreversible);
        return new Effect.Run(id, step, "");
    }

    /** The same command, described by what it is for. */
    static Effect.Run named(Effect.Run run, String words) {
        return new Effect.Run(run.id(), run.step(), words);
    }
}
