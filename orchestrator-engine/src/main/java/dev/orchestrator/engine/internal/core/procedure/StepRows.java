package dev.orchestrator.engine.internal.core.procedure;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows by which people are told of the steps of one change: numbered, and one for each step, however often it is
 * tried. Each answer is the present state of a row, to be written over the one before. Not thread-safe.
 */
public final class StepRows {
    private final String uid;
    private final Map<StepId, Row> underWay = new HashMap<>();
    private int last;

    /** A row, and the ticker reading at which its step was begun. */
    private record Row(RecoveryStepRecord begun, long nanos) {
        RecoveryStepRecord with(State state, String result, Duration taken) {
            return new RecoveryStepRecord(
                    begun.recoveryUid(),
                    begun.number(),
                    begun.at(),
                    begun.phase(),
                    begun.instance(),
                    begun.description(),
                    state,
                    result,
                    taken);
        }
    }

    /**
     * No rows yet.
     *
     * @param uid the identity of the change
     * @param last the number of the last row that is written already
     */
    public StepRows(String uid, int last) {
        this.uid = uid;
        this.last = last;
    }

    /**
     * A step is begun, or tried again.
     *
     * @param run the step
     * @param now when
     * @return its row; empty when it has one
     */
    public Optional<RecoveryStepRecord> begun(Effect.Run run, Moment now) {
        if (underWay.containsKey(run.id())) {
            return Optional.empty();
        }
        RecoveryStepRecord row = first(run.id().phase(), run.id().server(), run.describe(), State.RUNNING, now);
        underWay.put(run.id(), new Row(row, now.nanos()));
        return Optional.of(row);
    }

    /**
     * A try of a step has ended.
     *
     * @param run the step
     * @param result how
     * @param now when
     * @return its row; empty when it has none
     */
    public Optional<RecoveryStepRecord> ended(Effect.Run run, StepResult result, Moment now) {
        return Optional.ofNullable(underWay.get(run.id())).map(row -> {
            Duration taken = now.since(row.nanos());
            return switch (result.kind()) {
                case DONE -> {
                    // Told again later, it is another row: the state it was done in is over.
                    underWay.remove(run.id());
                    yield row.with(State.DONE, "", taken);
                }
                case NOT_YET -> row.with(State.RUNNING, result.words(), Duration.ZERO);
                case FAILED, UNKNOWN -> row.with(State.FAILED, result.words(), taken);
            };
        });
    }

    /**
     * Something was found or decided.
     *
     * @param note what, and where
     * @param now when
     * @return its row
     */
    public RecoveryStepRecord note(Effect.Note note, Moment now) {
        return first(note.phase(), note.server(), note.text(), State.NOTE, now);
    }

    private RecoveryStepRecord first(String phase, @Nullable InstanceKey server, String text, State state, Moment now) {
        last++;
        return new RecoveryStepRecord(uid, last, now.at(), phase, server, text, state, "", Duration.ZERO);
    }
}
