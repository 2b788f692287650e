package dev.orchestrator.engine.internal.core.procedure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What people are told of steps. */
class StepRowsTest {
    private static final InstanceKey KEY = new InstanceKey("db2", 3306);
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final StepRows rows = new StepRows("the-uid", 7);
    private final Effect.Run promote = run("promote");

    private static Effect.Run run(String what) {
        PlanStep step =
                new PlanStep(KEY, "uuid", new InstanceCommand.SetReadOnly(false), Duration.ofSeconds(1), true, false);
        return new Effect.Run(new StepId("phase", KEY, what), step, what + " it");
    }

    private static Moment after(long millis) {
        return new Moment(BEGIN.plusMillis(millis), Duration.ofMillis(millis).toNanos());
    }

    @Test
    void numbersGoOnFromWhatIsWrittenAlready() {
        assertThat(rows.begun(promote, after(0)))
                .contains(new RecoveryStepRecord(
                        "the-uid", 8, BEGIN, "phase", KEY, "promote it", State.RUNNING, "", Duration.ZERO));
        assertThat(rows.note(new Effect.Note("phase", null, "found"), after(1)))
                .isEqualTo(new RecoveryStepRecord(
                        "the-uid", 9, BEGIN.plusMillis(1), "phase", null, "found", State.NOTE, "", Duration.ZERO));
    }

    @Test
    void aStepThatIsTriedAgainKeepsItsRow() {
        rows.begun(promote, after(0));
        assertThat(rows.ended(promote, new StepResult(StepResult.Kind.NOT_YET, "waits"), after(1)))
                .get()
                .extracting(RecoveryStepRecord::number, RecoveryStepRecord::state, RecoveryStepRecord::result)
                .containsExactly(8, State.RUNNING, "waits");
        assertThat(rows.begun(promote, after(2))).isEmpty();
        assertThat(rows.ended(promote, StepResult.unknown("no answer"), after(3)))
                .get()
                .extracting(RecoveryStepRecord::state, RecoveryStepRecord::duration)
                .containsExactly(State.FAILED, Duration.ofMillis(3));
        assertThat(rows.begun(promote, after(4))).isEmpty();
        assertThat(rows.ended(promote, StepResult.DONE, after(5)))
                .get()
                .extracting(RecoveryStepRecord::number, RecoveryStepRecord::at, RecoveryStepRecord::duration)
                .containsExactly(8, BEGIN, Duration.ofMillis(5));
    }

    @Test
    void aStepThatWasDoneHasANewRowWhenItIsToldAgain() {
        rows.begun(promote, after(0));
        rows.ended(promote, StepResult.DONE, after(1));
        assertThat(rows.begun(promote, after(2)).map(RecoveryStepRecord::number))
                .contains(9);
        assertThat(rows.begun(run("other"), after(2)).map(RecoveryStepRecord::number))
                .contains(10);
    }

    @Test
    void whatWasNeverBegunHasNoRow() {
        assertThat(rows.ended(promote, StepResult.DONE, after(0))).isEqualTo(Optional.empty());
    }
}
