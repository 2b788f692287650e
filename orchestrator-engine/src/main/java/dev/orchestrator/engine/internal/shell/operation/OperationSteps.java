package dev.orchestrator.engine.internal.shell.operation;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord.State;
import dev.orchestrator.engine.internal.shell.execution.StepLog;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The steps of one operation, for its outcome. Thread-safe. */
final class OperationSteps implements StepLog {
    private final String uid;
    private final InstantSource clock;
    private final Ticker ticker;
    // Guarded by the monitor.
    private final Map<Integer, RecoveryStepRecord> steps = new TreeMap<>();

    OperationSteps(String uid, InstantSource clock, Ticker ticker) {
        this.uid = uid;
        this.clock = clock;
        this.ticker = ticker;
    }

    synchronized List<RecoveryStepRecord> all() {
        return List.copyOf(steps.values());
    }

    @Override
    public synchronized Running begin(String phase, @Nullable InstanceKey instance, String description) {
        int number = steps.size() + 1;
        long begun = ticker.nanos();
        Instant at = clock.instant();
        RecoveryStepRecord first =
                new RecoveryStepRecord(uid, number, at, phase, instance, description, State.RUNNING, "", Duration.ZERO);
        steps.put(number, first);
        return new Running() {
            @Override
            public void done(String result) {
                end(first, State.DONE, result, begun);
            }

            @Override
            public void progress(String soFar) {
                end(first, State.RUNNING, soFar, begun);
            }

            @Override
            public void failed(String why) {
                end(first, State.FAILED, why, begun);
            }
        };
    }

    @Override
    public synchronized void note(String phase, @Nullable InstanceKey instance, String finding) {
        int number = steps.size() + 1;
        steps.put(
                number,
                new RecoveryStepRecord(
                        uid, number, clock.instant(), phase, instance, finding, State.NOTE, "", Duration.ZERO));
    }

    private synchronized void end(RecoveryStepRecord step, State state, String result, long begun) {
        steps.put(
                step.number(),
                new RecoveryStepRecord(
                        uid,
                        step.number(),
                        step.at(),
                        step.phase(),
                        step.instance(),
                        step.description(),
                        state,
                        result,
                        Duration.ofNanos(ticker.nanos() - begun)));
    }
}
