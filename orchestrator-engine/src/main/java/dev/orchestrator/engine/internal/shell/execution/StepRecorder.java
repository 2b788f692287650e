package dev.orchestrator.engine.internal.shell.execution;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord.State;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Numbers the steps of one change, and hands on each of their states as it comes. Thread-safe. */
public final class StepRecorder implements StepLog {
    private final String uid;
    private final AtomicInteger numbers;
    private final Consumer<RecoveryStepRecord> keeper;
    private final InstantSource clock;
    private final Ticker ticker;

    /**
     * A recorder.
     *
     * @param uid the identity of the change
     * @param lastNumber the number of the last step that is written already
     * @param keeper told of every state of every step
     * @param clock the time of day
     * @param ticker monotonic time
     */
    public StepRecorder(
            String uid, int lastNumber, Consumer<RecoveryStepRecord> keeper, InstantSource clock, Ticker ticker) {
        this.uid = uid;
        this.numbers = new AtomicInteger(lastNumber);
        this.keeper = keeper;
        this.clock = clock;
        this.ticker = ticker;
    }

    @Override
    public Running begin(String phase, @Nullable InstanceKey instance, String description) {
        UnderWay step = new UnderWay(first(phase, instance, description, State.RUNNING), ticker.nanos());
        keeper.accept(step.begun);
        return step;
    }

    @Override
    public void note(String phase, @Nullable InstanceKey instance, String finding) {
        keeper.accept(first(phase, instance, finding, State.NOTE));
    }

    private RecoveryStepRecord first(String phase, @Nullable InstanceKey instance, String text, State state) {
        int number = numbers.incrementAndGet();
        Instant now = clock.instant();
        return new RecoveryStepRecord(uid, number, now, phase, instance, text, state, "", Duration.ZERO);
    }

    /** A step under way. */
    private final class UnderWay implements Running {
        private final RecoveryStepRecord begun;
        private final long begunNanos;

        UnderWay(RecoveryStepRecord begun, long begunNanos) {
            this.begun = begun;
            this.begunNanos = begunNanos;
        }

        @Override
        public void done(String result) {
            tell(State.DONE, result, taken());
        }

        @Override
        public void failed(String why) {
            tell(State.FAILED, why, taken());
        }

        @Override
        public void progress(String soFar) {
            tell(State.RUNNING, soFar, Duration.ZERO);
        }

        private Duration taken() {
            return Duration.ofNanos(ticker.nanos() - begunNanos);
        }

        private void tell(State state, String result, Duration duration) {
            keeper.accept(new RecoveryStepRecord(
                    uid,
                    begun.number(),
                    begun.at(),
                    begun.phase(),
                    begun.instance(),
                    begun.description(),
                    state,
                    result,
                    duration));
        }
    }
}
