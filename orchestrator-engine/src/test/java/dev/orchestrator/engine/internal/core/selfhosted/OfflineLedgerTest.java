package dev.orchestrator.engine.internal.core.selfhosted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a recovery without a backend leaves to be brought to it, and in which order. */
class OfflineLedgerTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final InstanceKey FAILED = new InstanceKey("db1", 3306);
    private static final Fence FENCE = new Fence(
            "uuid", FAILED, new ClusterId("c"), new InstanceKey("db2", 3306), "r", FenceState.PENDING, "", BEGIN);

    private final OfflineLedger ledger = new OfflineLedger();
    private final RecoveryRecord begun = RecoveryRecord.builder(
                    "r",
                    new ClusterId("c"),
                    AnalysisCode.DEAD_PRIMARY,
                    FAILED,
                    new Actor("orchestrator", Origin.AUTOMATIC, "n"),
                    BEGIN)
            .build();

    private static RecoveryStepRecord step(int number, String text) {
        return new RecoveryStepRecord(
                "r", number, BEGIN, "promote", FAILED, text, RecoveryStepRecord.State.NOTE, "", Duration.ZERO);
    }

    private List<Delivery> brought() {
        List<Delivery> all = new ArrayList<>();
        for (Optional<Delivery> next = ledger.next(); next.isPresent(); next = ledger.next()) {
            all.add(next.get());
            ledger.delivered(next.get());
        }
        return all;
    }

    private RecoveryRecord ended(Instant at) {
        return begun.toBuilder().endedAt(at).version(3).build();
    }

    @Test
    void theRecordComesFirstThenFencesThenSteps() {
        ledger.take(step(2, "second"));
        ledger.take(step(1, "first"));
        ledger.enforce(FENCE);
        ledger.take(FENCE, true);
        ledger.take(FENCE.with(FenceState.FENCED, "back"), false);
        ledger.take(begun);
        assertThat(brought())
                .containsExactly(
                        new Delivery.Record(begun, true),
                        new Delivery.FenceChange(FENCE, true),
                        new Delivery.FenceChange(FENCE.with(FenceState.FENCED, "back"), false),
                        new Delivery.Enforce(FENCE),
                        new Delivery.Step(step(1, "first")),
                        new Delivery.Step(step(2, "second")));
    }

    @Test
    void whatEndedUnseenIsRegisteredAsUnderWay() {
        ledger.take(ended(BEGIN.plusSeconds(1)));
        assertThat(ledger.next())
                .containsInstanceOf(Delivery.Record.class)
                .get()
                .satisfies(d -> assertThat(((Delivery.Record) d).underWay())
                        .satisfies(r -> assertThat(r.isActive()).isTrue())
                        .satisfies(r -> assertThat(r.version()).isZero()));
    }

    @Test
    void aLaterStateOfTheRecordIsBroughtAgainAndIsNotNew() {
        ledger.take(begun);
        brought();
        RecoveryRecord later = ended(BEGIN.plusSeconds(1));
        ledger.take(later);
        assertThat(brought()).containsExactly(new Delivery.Record(later, false));
    }

    @Test
    void aStepThatWentOnWhileItWasBroughtIsBroughtAgain() {
        ledger.take(step(1, "running"));
        Delivery first = ledger.next().orElseThrow();
        ledger.take(step(1, "done"));
        ledger.delivered(first);
        assertThat(brought()).containsExactly(new Delivery.Step(step(1, "done")));
    }

    @Test
    void aFenceThatWasLiftedIsNotEnforced() {
        ledger.enforce(FENCE);
        ledger.leave(FENCE);
        assertThat(ledger.next()).isEmpty();
    }

    @Test
    void completionsAreAwaitedForTenMinutesAfterTheEnd() {
        Instant end = BEGIN.plusSeconds(1);
        assertThat(ledger.isOver(end.plusSeconds(6000))).as("before it begins").isFalse();
        ledger.take(begun);
        assertThat(ledger.hasEnded()).isFalse();
        assertThat(ledger.isOver(end.plusSeconds(6000))).as("while it runs").isFalse();
        ledger.take(ended(end));
        assertThat(ledger.hasEnded()).isTrue();
        assertThat(ledger.isOver(end.plusSeconds(599))).isFalse();
        assertThat(ledger.isOver(end.plusSeconds(601))).isTrue();
    }

    @Test
    void theTokenIsThatOfTheNodeThatBeganIt() {
        assertThat(ledger.token("uid")).isEqualTo("uid");
        ledger.take(begun.toBuilder().nodeToken("token").build());
        assertThat(ledger.token("uid")).isEqualTo("token");
    }
}
