package dev.orchestrator.engine.internal.shell.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord.State;
import dev.orchestrator.engine.fake.InMemoryBackend;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StepJournalTest {
    private final InMemoryBackend backend = InMemoryBackend.onSystemClock();
    private final StepJournal journal = new StepJournal(backend.recoveries()::saveStep);

    @AfterEach
    void close() {
        journal.close();
    }

    private static RecoveryStepRecord step(int number, State state) {
        return new RecoveryStepRecord("uid", number, Instant.EPOCH, "phase", null, "what", state, "", Duration.ZERO);
    }

    @Test
    void aStepThatEndsSoonCostsOneRow() {
        journal.save(step(1, State.RUNNING));
        journal.save(step(1, State.DONE));
        assertThat(journal.flush(Duration.ofSeconds(5))).isTrue();

        assertThat(backend.calls()).isEqualTo(1);
        assertThat(backend.recoveries().steps("uid")).singleElement().isEqualTo(step(1, State.DONE));
    }

    @Test
    void rowsAreWrittenWithoutBeingAskedFor() {
        journal.save(step(1, State.NOTE));
        await().until(() -> backend.recoveries().steps("uid").size() == 1);
    }

    @Test
    void whatCannotBeWrittenIsWrittenWhenTheBackendIsBack() {
        backend.goAway();
        journal.save(step(1, State.DONE));
        journal.save(step(2, State.DONE));
        assertThat(journal.flush(Duration.ofMillis(500))).isFalse();
        backend.comeBack();
        assertThat(journal.flush(Duration.ofSeconds(5))).isTrue();
        assertThat(backend.recoveries().steps("uid")).hasSize(2);
    }

    @Test
    void closingWritesWhatIsLeft() {
        journal.save(step(1, State.DONE));
        journal.close();
        journal.save(step(2, State.DONE));
        assertThat(backend.recoveries().steps("uid")).hasSize(1);
    }
}
