package dev.orchestrator.engine.internal.core.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdviceTest {
    private static final InstanceKey DB1 = new InstanceKey("db1", 3306);

    @ParameterizedTest
    @EnumSource
    void everyProblemThatNoRecoveryIsForSaysWhatAnOperatorCanDo(AnalysisCode code) {
        boolean recovered = RecoveryType.recovering(code).isPresent();
        if (recovered || code == AnalysisCode.NO_PROBLEM) {
            assertThat(Advice.about(code, DB1)).isEmpty();
        } else {
            assertThat(Advice.about(code, DB1).orElseThrow().words())
                    .contains("expected: ", "next: ", "db1:3306")
                    .doesNotContain("%");
        }
    }
}
