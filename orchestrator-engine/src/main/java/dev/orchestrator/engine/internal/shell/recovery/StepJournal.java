package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.engine.internal.shell.schedule.LateWriter;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Writes the steps of recoveries, in order, on one thread, off the path of the outage: a row takes a millisecond or more,
 * a recovery writes some thirty of them, and twenty recoveries at a time would queue for one embedded backend.
 *
 * <p>What a successor needs in order to take over is not in these rows: that a recovery is under way and whom it promotes
 * is written, and waited for, in the recovery's record before the first step that cannot be taken back; the rest the
 * successor reads from the servers themselves. The rows tell people what happened. A row that was not written yet when a
 * newer state of it arrives is written once.
 */
final class StepJournal implements AutoCloseable {
    private static final int MOST_WAITING = 20_000;

    /** The rows let the outage's own writes go first, and a step that has ended meanwhile costs one row instead of two. */
    private static final Duration LINGER = Duration.ofMillis(300);

    private final LateWriter<RowKey, RecoveryStepRecord> writer;

    private record RowKey(String uid, int number) {}

    StepJournal(Consumer<RecoveryStepRecord> store) {
        this.writer = new LateWriter<>(
                new LateWriter.Terms("recovery-journal", LINGER, MOST_WAITING, 1), rows -> rows.forEach(store));
    }

    /** Takes a step; never blocks. */
    void save(RecoveryStepRecord step) {
        writer.put(new RowKey(step.recoveryUid(), step.number()), step);
    }

    /** Has everything taken so far written now, and waits for it. */
    boolean flush(Duration atMost) {
        return writer.flush(atMost);
    }

    @Override
    public void close() {
        writer.close();
    }
}
