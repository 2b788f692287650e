package dev.orchestrator.engine.internal.shell.execution;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import dev.orchestrator.spi.Guard;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Sends commands under a right to act. Before each it asks whether the right still exists, and sends with it a guard that
 * lies within that right and within the step's own time. Thread-safe.
 */
public final class Commander {
    /** A wait on a server ends before the right does, so that its answer is heard. */
    private static final Duration SAFETY = Duration.ofMillis(200);

    private final ProcedureRunner.Commands servers;
    private final Ticker ticker;
    private final Authority right;
    private final Consumer<String> rightLost;

    /**
     * A commander.
     *
     * @param servers the way to the servers
     * @param ticker monotonic time
     * @param right the right to act
     * @param rightLost told when a command was held back because the right is gone
     */
    public Commander(ProcedureRunner.Commands servers, Ticker ticker, Authority right, Consumer<String> rightLost) {
        this.servers = servers;
        this.ticker = ticker;
        this.right = right;
        this.rightLost = rightLost;
    }

    /**
     * Sends one command and waits for its end.
     *
     * @param step the command
     * @return what is known of its end
     */
    public StepResult send(PlanStep step) {
        long now;
        long left;
        try {
            long until = right.check();
            now = ticker.nanos();
            boolean waits = step.command() instanceof InstanceCommand.AwaitExecuted;
            long certain = until - now - (waits ? SAFETY.toNanos() : 0);
            left = Math.min(certain, step.timeout().toNanos());
        } catch (OrchestratorException e) {
            rightLost.accept(words(e));
            return StepResult.failed("not sent: " + words(e));
        }
        if (left <= 0) {
            return new StepResult(StepResult.Kind.NOT_YET, "not sent: the right to act ends in a moment");
        }
        try {
            Guard guard = new Guard(step.serverUuid(), now + left);
            boolean done = servers.command(step.instance(), guard, step.command(), Duration.ofNanos(left));
            return done ? StepResult.DONE : StepResult.NOT_YET;
        } catch (OrchestratorException e) {
            boolean waits = step.command() instanceof InstanceCommand.AwaitExecuted;
            // A wait that ended with its guard's time has changed nothing.
            return waits && e.code() == ErrorCode.GUARD_REFUSED
                    ? new StepResult(StepResult.Kind.NOT_YET, words(e))
                    : ended(e);
        } catch (RuntimeException e) {
            // A gateway that breaks its contract must not end the procedure half way.
            return StepResult.unknown(step.describe() + ": " + e);
        }
    }

    private StepResult ended(OrchestratorException e) {
        if (e.code() == ErrorCode.NOT_LEADER || e.code() == ErrorCode.LOCK_LOST) {
            rightLost.accept(words(e));
            return StepResult.failed("not sent: " + words(e));
        }
        boolean answered = e.code() == ErrorCode.COMMAND_FAILED || e.code() == ErrorCode.GUARD_REFUSED;
        return answered ? StepResult.failed(words(e)) : StepResult.unknown(words(e));
    }

    private static String words(OrchestratorException e) {
        return Objects.requireNonNullElse(e.getMessage(), e.code().name());
    }
}
