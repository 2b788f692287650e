package dev.orchestrator.api.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.analysis.AnalysisCode;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecoveryTypeTest {
    @ParameterizedTest
    @EnumSource(AnalysisCode.class)
    void aProblemStandsInOneRowAtMostAndOnlyOnceThere(AnalysisCode code) {
        List<String> places = Arrays.stream(RecoveryType.values())
                .flatMap(t -> Arrays.stream(new String[] {
                    t.analyses().contains(code) ? t + " recovers" : "",
                    t.isUnconfirmed(code) ? t + " unconfirmed" : "",
                    t.leavesNobody(code) ? t + " leaves nobody" : ""
                }))
                .filter(place -> !place.isEmpty())
                .toList();
        assertThat(places).hasSizeLessThanOrEqualTo(1);
        assertThat(RecoveryType.about(code).isPresent()).isEqualTo(places.size() == 1);
        RecoveryType.recovering(code)
                .ifPresent(type -> assertThat(RecoveryType.about(code)).contains(type));
    }

    @Test
    void theseProblemsHaveNoRecovery() {
        assertThat(Arrays.stream(AnalysisCode.values())
                        .filter(code -> RecoveryType.about(code).isEmpty()))
                .containsExactlyInAnyOrder(
                        AnalysisCode.NO_PROBLEM,
                        AnalysisCode.LOCKED_SEMI_SYNC_PRIMARY,
                        AnalysisCode.LOCKED_SEMI_SYNC_PRIMARY_HYPOTHESIS,
                        AnalysisCode.PRIMARY_WITH_TOO_MANY_SEMI_SYNC_REPLICAS,
                        AnalysisCode.NO_WRITEABLE_PRIMARY,
                        AnalysisCode.PRIMARY_SINGLE_REPLICA_NOT_REPLICATING,
                        AnalysisCode.PRIMARY_SINGLE_REPLICA_DEAD,
                        AnalysisCode.ALL_PRIMARY_REPLICAS_NOT_REPLICATING,
                        AnalysisCode.ALL_PRIMARY_REPLICAS_NOT_REPLICATING_OR_DEAD,
                        AnalysisCode.DEAD_CO_PRIMARY,
                        AnalysisCode.DEAD_CO_PRIMARY_AND_SOME_REPLICAS,
                        AnalysisCode.UNREACHABLE_CO_PRIMARY,
                        AnalysisCode.ALL_CO_PRIMARY_REPLICAS_NOT_REPLICATING,
                        AnalysisCode.ALL_INTERMEDIATE_SOURCE_REPLICAS_NOT_REPLICATING,
                        AnalysisCode.FIRST_TIER_REPLICA_FAILING_TO_CONNECT);
    }

    @ParameterizedTest
    @EnumSource(RecoveryType.class)
    void aRowIsComplete(RecoveryType type) {
        assertThat(type.role()).isNotBlank();
        assertThat(type.auditType()).isNotBlank();
        assertThat(type.compatibleName()).isNotBlank();
        assertThat(type.reason(AnalysisCode.DEAD_PRIMARY)).isNotBlank();
        assertThat(type.result(null)).contains("nobody");
    }

    @Test
    void aSwitchoverIsShownAsThePredecessorShowsIt() {
        assertThat(RecoveryType.SWITCHOVER.compatibleReason(AnalysisCode.NO_PROBLEM))
                .isEqualTo("GracefulMasterTakeover");
        assertThat(RecoveryType.DEAD_PRIMARY.compatibleReason(AnalysisCode.DEAD_PRIMARY))
                .isEqualTo("DeadMaster");
    }
}
