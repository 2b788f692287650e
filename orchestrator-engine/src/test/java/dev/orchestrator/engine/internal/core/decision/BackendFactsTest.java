package dev.orchestrator.engine.internal.core.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.internal.core.decision.GateFacts.BackendFacts;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is made of the latest recoveries of a cluster. */
class BackendFactsTest {
    private static final InstanceKey A = new InstanceKey("db1", 3306);
    private static final InstanceKey B = new InstanceKey("db2", 3306);
    private static final RecoveryRecord FAILED = recovery(A, RecoveryType.DEAD_PRIMARY, false);
    private static final RecoveryRecord SUCCESS = recovery(A, RecoveryType.DEAD_PRIMARY, true);

    private static RecoveryRecord recovery(InstanceKey of, RecoveryType type, boolean successful) {
        return RecoveryRecord.builder(
                        "uid",
                        new ClusterId("c"),
                        AnalysisCode.DEAD_PRIMARY,
                        of,
                        new Actor("o", Origin.AUTOMATIC, "n"),
                        Instant.EPOCH)
                .type(type)
                .successful(successful)
                .endedAt(Instant.EPOCH)
                .build();
    }

    private static BackendFacts facts(RecoveryType type, RecoveryRecord... newestFirst) {
        return BackendFacts.of(
                new Stored(Intents.NONE, List.of(), List.of(newestFirst), List.of(), List.of()), type, A, null);
    }

    @Test
    void failuresAreCountedBackToTheLastSuccess() {
        assertThat(facts(RecoveryType.DEAD_PRIMARY, FAILED, FAILED, SUCCESS, FAILED)
                        .failedAttempts())
                .isEqualTo(2);
        assertThat(facts(RecoveryType.DEAD_PRIMARY, SUCCESS, FAILED).failedAttempts())
                .isZero();
    }

    @Test
    void whatBlocksOneInstanceOnlyIsCountedForThatInstanceOnly() {
        RecoveryRecord mine = recovery(A, RecoveryType.DEAD_INTERMEDIATE_SOURCE, false);
        RecoveryRecord another = recovery(B, RecoveryType.DEAD_INTERMEDIATE_SOURCE, false);
        assertThat(facts(RecoveryType.DEAD_INTERMEDIATE_SOURCE, another, mine, FAILED)
                        .failedAttempts())
                .isEqualTo(1);
        assertThat(facts(RecoveryType.DEAD_PRIMARY, another, mine, FAILED).failedAttempts())
                .isEqualTo(1);
    }

    @Test
    void theOneThatIsUnderWayIsNamedAndIsNoFailure() {
        RecoveryRecord active = FAILED.toBuilder().endedAt(null).build();
        BackendFacts facts = facts(RecoveryType.DEAD_PRIMARY, active, FAILED);
        assertThat(facts.active()).isEqualTo(active);
        assertThat(facts.failedAttempts()).isEqualTo(1);
    }
}
