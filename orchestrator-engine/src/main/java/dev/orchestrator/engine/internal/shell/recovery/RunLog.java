package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord.State;
import dev.orchestrator.engine.internal.shell.execution.StepLog;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What happens in one recovery, step by step, told to the journal and to listeners as it happens. Thread-safe. */
final class RunLog implements StepLog {
    private final String uid;
    private final RecoveryPorts ports;
    private final StepJournal journal;
    private final AtomicInteger numbers;

    RunLog(String uid, RecoveryPorts ports, StepJournal journal, int lastNumber) {
        this.uid = uid;
        this.ports = ports;
        this.journal = journal;
        this.numbers = new AtomicInteger(lastNumber);
    }

    @Override
    public Running begin(String phase, @Nullable InstanceKey instance, String description) {
        Running running = new Running(
                numbers.incrementAndGet(),
                ports.clock().instant(),
                ports.ticker().nanos(),
                phase,
                instance,
                description);
        running.tell(State.RUNNING, "");
        return running;
    }

    @Override
    public void note(String phase, @Nullable InstanceKey instance, String finding) {
        tell(new RecoveryStepRecord(
                uid,
                numbers.incrementAndGet(),
                ports.clock().instant(),
                phase,
                instance,
                finding,
                State.NOTE,
                "",
                Duration.ZERO));
    }

    /** Something is not done. */
    void skipped(String phase, @Nullable InstanceKey instance, String what, String why) {
        tell(new RecoveryStepRecord(
                uid,
                numbers.incrementAndGet(),
                ports.clock().instant(),
                phase,
                instance,
                what,
                State.SKIPPED,
                why,
                Duration.ZERO));
    }

    private void tell(RecoveryStepRecord step) {
        journal.save(step);
        ports.events()
                .publish(new OrchestratorEvent.RecoveryStepped(ports.clock().instant(), step));
    }

    /** A step under way. */
    final class Running implements StepLog.Running {
        private final int number;
        private final Instant at;
        private final long begunNanos;
        private final String phase;
        private final @Nullable InstanceKey instance;
        private final String description;

        private Running(
                int number,
                Instant at,
                long begunNanos,
                String phase,
                @Nullable InstanceKey instance,
                String description) {
            this.number = number;
            this.at = at;
            this.begunNanos = begunNanos;
            this.phase = phase;
            this.instance = instance;
            this.description = description;
        }

        @Override
        public void done(String result) {
            tell(State.DONE, result);
        }

        @Override
        public void failed(String why) {
            tell(State.FAILED, why);
        }

        @Override
        public void progress(String soFar) {
            tell(State.RUNNING, soFar);
        }

        private void tell(State state, String result) {
            Duration taken = Duration.ofNanos(ports.ticker().nanos() - begunNanos);
            RunLog.this.tell(new RecoveryStepRecord(
                    uid,
                    number,
                    at,
                    phase,
                    instance,
                    description,
                    state,
                    result,
                    state == State.RUNNING ? Duration.ZERO : taken));
        }
    }
}
