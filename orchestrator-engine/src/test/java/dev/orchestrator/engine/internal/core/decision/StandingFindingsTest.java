package dev.orchestrator.engine.internal.core.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.analysis.ReplicaCounts;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandingFindingsTest {
    private static final InstanceKey DB1 = new InstanceKey("db1", 3306);
    private static final FailureAnalysis SUPERFLUOUS =
            finding(AnalysisCode.PRIMARY_WITH_TOO_MANY_SEMI_SYNC_REPLICAS, false);
    private static final FailureAnalysis UNREACHABLE = finding(AnalysisCode.UNREACHABLE_PRIMARY, false);
    private static final FailureAnalysis DEAD = finding(AnalysisCode.DEAD_PRIMARY, true);

    private final StandingFindings standing = new StandingFindings(Duration.ofSeconds(10));

    private static FailureAnalysis finding(AnalysisCode code, boolean actionable) {
        return new FailureAnalysis(
                code,
                DB1,
                null,
                new ClusterId("c1"),
                true,
                false,
                false,
                actionable,
                false,
                0,
                new ReplicaCounts(1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 1),
                List.of(),
                List.of(),
                List.of("because"));
    }

    private StandingFindings.Look look(int second, FailureAnalysis... found) {
        return standing.look(List.of(found), Duration.ofSeconds(second).toNanos());
    }

    @Test
    void isToldOnceWhenItHasStoodLongEnough() {
        assertThat(look(0, SUPERFLUOUS).due()).isEmpty();
        assertThat(look(9, SUPERFLUOUS).due()).isEmpty();
        assertThat(look(10, SUPERFLUOUS).due()).containsExactly(SUPERFLUOUS);
        for (int second = 11; second < 100; second++) {
            assertThat(look(second, SUPERFLUOUS).due()).isEmpty();
        }
    }

    @Test
    void aDoubtThatIsSettledWithinThatTimeIsNeverTold() {
        look(0, UNREACHABLE);
        assertThat(look(4, DEAD).due()).isEmpty();
        assertThat(look(60, DEAD).due()).isEmpty();
    }

    @Test
    void anotherFindingAboutTheSameServerIsToldForItself() {
        look(0, SUPERFLUOUS);
        look(10, SUPERFLUOUS);
        assertThat(look(11, UNREACHABLE).due()).isEmpty();
        assertThat(look(21, UNREACHABLE).due()).containsExactly(UNREACHABLE);
    }

    @Test
    void oneThatComesAndGoesIsToldAgainOnlyAfterItWasGoneForAsLong() {
        look(0, SUPERFLUOUS);
        look(10, SUPERFLUOUS);
        assertThat(look(15).over()).isEmpty();
        assertThat(look(16, SUPERFLUOUS).due()).isEmpty();
        assertThat(look(26).over()).containsExactly(DB1);
        look(30, SUPERFLUOUS);
        assertThat(look(40, SUPERFLUOUS).due()).containsExactly(SUPERFLUOUS);
    }

    @Test
    void whereNothingIsWrongNothingIsTold() {
        FailureAnalysis warning = finding(AnalysisCode.NO_PROBLEM, false);
        look(0, warning);
        assertThat(look(100, warning)).isEqualTo(look(100));
    }
}
