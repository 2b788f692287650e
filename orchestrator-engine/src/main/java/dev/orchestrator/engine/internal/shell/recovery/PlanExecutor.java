package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.plan.Plan.Stage;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.spi.Guard;
import dev.orchestrator.spi.InstanceGateway;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs the steps of one recovery; the only one who sends its commands. Before each command it asks whether the right to
 * act still exists, and sends with it a guard that lies within that right and within the step's own time. Once the right
 * is gone, no further command leaves. Thread-safe.
 */
public final class PlanExecutor {
    private final InstanceGateway gateway;
    private final Ticker ticker;
    private final Executor threads;
    private final Authority authority;
    private final StepLog log;
    private final Map<CompletableFuture<StepResult>, PlanStep> inFlight = new ConcurrentHashMap<>();
    private volatile boolean rightLost;

    /**
     * An executor for one operation.
     *
     * @param ports what it reaches out to
     * @param threads for what goes on side by side
     * @param authority the right to act
     * @param log told of every step
     */
    public PlanExecutor(RecoveryPorts ports, Executor threads, Authority authority, StepLog log) {
        this.gateway = ports.gateway();
        this.ticker = ports.ticker();
        this.threads = threads;
        this.authority = authority;
        this.log = log;
    }

    /**
     * Whether a command was held back because the right to act is gone.
     *
     * @return true once one was
     */
    public boolean isRightLost() {
        return rightLost;
    }

    /** What is left of the right to act; zero when it is gone. */
    Duration certainFor() {
        try {
            return Duration.ofNanos(Math.max(0, authority.check() - ticker.nanos()));
        } catch (OrchestratorException e) {
            return Duration.ZERO;
        }
    }

    /** Begins a step on a thread of its own. */
    CompletableFuture<StepResult> start(String phase, PlanStep step) {
        CompletableFuture<StepResult> running = CompletableFuture.supplyAsync(() -> perform(phase, step), threads);
        inFlight.put(running, step);
        // A map keyed by the future itself: remove it when it ends, however it ends.
        running.whenComplete((result, failure) -> inFlight.remove(running));
        if (running.isDone()) {
            inFlight.remove(running);
        }
        return running;
    }

    /**
     * Runs the steps of a stage side by side and waits for all.
     *
     * @param stage the stage
     * @return what came of each step, in their order
     */
    public List<StepResult> perform(Stage stage) {
        if (stage.steps().size() == 1) {
            return List.of(perform(stage.name(), stage.steps().get(0)));
        }
        List<CompletableFuture<StepResult>> running =
                stage.steps().stream().map(s -> start(stage.name(), s)).toList();
        return running.stream().map(CompletableFuture::join).toList();
    }

    /** Runs one step on the calling thread and records it. */
    StepResult perform(String phase, PlanStep step) {
        StepLog.Running running =
                log.begin(phase, step.instance(), step.command().describe());
        StepResult result = attempt(step);
        if (result.done()) {
            running.done("");
        } else {
            running.failed(result.inWords());
        }
        return result;
    }

    /** Runs one step on the calling thread; the caller records it. */
    StepResult attempt(PlanStep step) {
        try {
            long until = authority.check();
            long now = ticker.nanos();
            long left = Math.min(until - now, step.timeout().toNanos());
            if (left <= 0) {
                return new StepResult(step, false, null);
            }
            Guard guard = new Guard(step.serverUuid(), now + left);
            boolean done = gateway.command(step.instance(), guard, step.command(), Duration.ofNanos(left));
            return new StepResult(step, done, null);
        } catch (OrchestratorException e) {
            if (e.code() == ErrorCode.NOT_LEADER || e.code() == ErrorCode.LOCK_LOST) {
                rightLost = true;
            }
            return new StepResult(step, false, e);
        } catch (RuntimeException e) {
            // A gateway that breaks its contract must not end the recovery half way: the step has failed, that is all.
            return new StepResult(
                    step, false, new OrchestratorException(ErrorCode.COMMAND_FAILED, step.describe() + ": " + e, e));
        }
    }

    /**
     * Waits for steps that are still under way: no lock is released before.
     *
     * @param atMost how long
     */
    public void awaitInFlight(Duration atMost) {
        long begun = ticker.nanos();
        for (CompletableFuture<StepResult> running : new ArrayList<>(inFlight.keySet())) {
            await(running, atMost.minusNanos(ticker.nanos() - begun));
        }
    }

    /** Waits for one of the steps; returns whether it ended in time. */
    static boolean await(CompletableFuture<?> running, Duration atMost) {
        try {
            running.get(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
