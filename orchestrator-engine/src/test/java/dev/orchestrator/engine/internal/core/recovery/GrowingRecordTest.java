package dev.orchestrator.engine.internal.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A record that several hands write. */
class GrowingRecordTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final RecoveryRecord REGISTERED = RecoveryRecord.builder(
                    "r",
                    new ClusterId("c"),
                    AnalysisCode.DEAD_PRIMARY,
                    new InstanceKey("db1", 3306),
                    new Actor("orchestrator", Origin.AUTOMATIC, "n"),
                    NOON)
            .version(4)
            .build();

    private final GrowingRecord record = new GrowingRecord(REGISTERED);

    private static GtidSet gtids(String interval) {
        return GtidSet.parse("00000000-0000-0000-0000-000000000001:" + interval);
    }

    @Test
    void eachStateThatIsSentHasTheNextNumber() {
        assertThat(record.numbered().version()).isEqualTo(5);
        record.take(REGISTERED);
        assertThat(record.numbered().version()).isEqualTo(6);
    }

    @Test
    void whatOthersFoundOutStaysInEveryLaterState() {
        record.complete(r -> r.toBuilder().firstWriteAt(NOON).build());
        assertThat(record.current().firstWriteAt()).isEqualTo(NOON);
        RecoveryRecord next =
                record.take(REGISTERED.toBuilder().successful(true).build());
        assertThat(next.firstWriteAt()).isEqualTo(NOON);
        assertThat(next.successful()).isTrue();
    }

    @Test
    void aStateOfTheLeaderThatWasQuickerIsGoneBeyondWithWhatItFound() {
        record.take(REGISTERED.toBuilder().lostGtids(gtids("1")).build());
        record.numbered();
        RecoveryRecord stored =
                REGISTERED.toBuilder().version(9).lostGtids(gtids("3")).build();
        assertThat(record.isPassedBy(stored)).isTrue();
        assertThat(record.numbered())
                .returns(10L, RecoveryRecord::version)
                .returns(gtids("1").union(gtids("3")), RecoveryRecord::lostGtids);
        assertThat(record.take(REGISTERED).lostGtids()).isEqualTo(gtids("3"));
    }

    @Test
    void anOlderStateIsNoReasonToSendItAgain() {
        record.numbered();
        assertThat(record.isPassedBy(REGISTERED)).isFalse();
    }
}
