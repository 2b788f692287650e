package dev.orchestrator.engine.internal.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.api.recovery.RecoveryRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DataLossTest {
    private static final InstanceKey PRIMARY = new InstanceKey("db1", 3306);
    private static final InstanceKey REPLICA = new InstanceKey("db2", 3306);

    private static GtidSet gtids(String interval) {
        return GtidSet.parse("00000000-0000-0000-0000-000000000001:" + interval);
    }

    private static Instance failed(String executed, boolean semiSync) {
        return Instance.builder(PRIMARY, ServerVersion.parse("8.0.31", ""))
                .executedGtids(gtids(executed))
                .semiSync(new SemiSyncState(true, semiSync, semiSync, false, false, 1, Duration.ZERO, 1))
                .build();
    }

    @Test
    void whatTheFailedPrimaryWasSeenToHoldAndTheNewOneLacksIsLost() {
        DataLoss losses =
                DataLoss.atPromotion(failed("1-10", false), Instant.EPOCH, gtids("1-8"), GtidSet.empty(), List.of());
        assertThat(losses.gtids()).isEqualTo(gtids("9-10"));
        assertThat(losses.note()).contains(gtids("9-10").toString()).contains("is not known until it comes back");
    }

    @Test
    void whatIsStrandedIsLostAndItsPlaceNamed() {
        DataLoss losses = DataLoss.atPromotion(
                failed("1-10", false), Instant.EPOCH, gtids("1-10"), gtids("11-12"), List.of(REPLICA));
        assertThat(losses.gtids()).isEqualTo(gtids("11-12"));
        assertThat(losses.note()).contains("db2:3306");
    }

    @Test
    void withSemiSyncTheRestWasReceivedByAReplica() {
        assertThat(DataLoss.atPromotion(failed("1-10", true), Instant.EPOCH, gtids("1-10"), GtidSet.empty(), List.of())
                        .note())
                .contains("semi-sync");
    }

    @Test
    void aPrimaryThatWasNeverReadSaysSo() {
        DataLoss losses = DataLoss.atPromotion(null, null, gtids("1"), GtidSet.empty(), List.of());
        assertThat(losses.gtids().isEmpty()).isTrue();
        assertThat(losses.note()).contains("never read");
    }

    @Test
    void theReturnSettlesIt() {
        assertThat(DataLoss.atReturn(PRIMARY, gtids("1-10"), gtids("1-10"), REPLICA)
                        .note())
                .contains("nothing was lost");
        assertThat(DataLoss.atReturn(PRIMARY, gtids("1-12"), gtids("1-10"), REPLICA)
                        .gtids())
                .isEqualTo(gtids("11-12"));
    }

    private static RecoveryRecord record() {
        return RecoveryRecord.builder(
                        "r",
                        new ClusterId("c"),
                        AnalysisCode.DEAD_PRIMARY,
                        PRIMARY,
                        new Actor("orchestrator", Origin.AUTOMATIC, "n"),
                        Instant.EPOCH)
                .failedUuid("failed")
                .lostGtids(gtids("9-12"))
                .lossNote("before")
                .build();
    }

    @Test
    void theFormerPrimarysReturnReplacesTheNote() {
        RecoveryRecord found = new DataLoss(gtids("11-12"), "alone").foundIn(record(), "failed", gtids("1-10"));
        assertThat(found.lossNote()).isEqualTo("alone");
        assertThat(found.lostGtids()).isEqualTo(gtids("11-12"));
        assertThat(found.errors()).isEmpty();
    }

    @Test
    void whatASuccessorThatDiedHoldsStandsBesideItOnce() {
        DataLoss losses = new DataLoss(gtids("13"), "alone");
        RecoveryRecord found = losses.foundIn(record(), "successor", gtids("1-8"));
        assertThat(losses.foundIn(found, "successor", gtids("1-8")).errors()).containsExactly("alone");
        assertThat(found.lossNote()).isEqualTo("before");
        assertThat(found.lostGtids()).isEqualTo(gtids("9-13"));
    }
}
