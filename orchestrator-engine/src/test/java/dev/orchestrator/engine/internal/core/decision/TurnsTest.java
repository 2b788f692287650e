package dev.orchestrator.engine.internal.core.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.analysis.ReplicaCounts;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final FailureAnalysis GRAVE = finding("c1", "i1");
    private static final FailureAnalysis OTHER = finding("c1", "i2");
    private static final FailureAnalysis ELSEWHERE = finding("c2", "i3");

    private final Turns turns = new Turns();

    private static FailureAnalysis finding(String cluster, String instance) {
        return new FailureAnalysis(
                AnalysisCode.DEAD_INTERMEDIATE_SOURCE,
                new InstanceKey(instance, 3306),
                null,
                new ClusterId(cluster),
                false,
                false,
                false,
                true,
                false,
                1,
                new ReplicaCounts(1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 1),
                List.of(),
                List.of(),
                List.of());
    }

    @Test
    void inAClusterOneIsWorkedOnAtATime() {
        assertThat(turns.take(List.of(GRAVE, OTHER, ELSEWHERE), 0)).containsExactly(GRAVE, ELSEWHERE);
        assertThat(turns.take(List.of(GRAVE, OTHER, ELSEWHERE), 0)).isEmpty();
        assertThat(turns.anyWorking()).isTrue();
    }

    @Test
    void oneThatIsRefusedAgainAndAgainDoesNotKeepAnotherFromItsTurn() {
        turns.take(List.of(GRAVE, OTHER), 0);
        turns.giveBack(GRAVE, 100);
        assertThat(turns.take(List.of(GRAVE, OTHER), 200)).containsExactly(OTHER);
        turns.giveBack(OTHER, 300);
        assertThat(turns.take(List.of(GRAVE, OTHER), 400)).containsExactly(GRAVE);
    }

    @Test
    void whatWasRefusedWaitsForItsTime() {
        turns.take(List.of(GRAVE), 0);
        turns.giveBack(GRAVE, 100);
        assertThat(turns.take(List.of(GRAVE), 99)).isEmpty();
        turns.forgetPauses();
        assertThat(turns.take(List.of(GRAVE), 99)).containsExactly(GRAVE);
    }

    @Test
    void whatIsInDoubtIsLookedAtAgainSoonerThanWhatWasRefused() {
        assertThat(Turns.pauseAfter(refusedBy(RefusalReason.NOT_CONFIRMED)))
                .isEqualTo(Turns.pauseAfter(refusedBy(RefusalReason.NO_PROBLEM)))
                .isLessThan(Turns.pauseAfter(refusedBy(RefusalReason.LOCKED)));
        assertThat(Turns.pauseAfter(Optional.empty())).isEqualTo(Turns.AFTER_REFUSAL);
    }

    private static Optional<GateVerdict> refusedBy(RefusalReason reason) {
        return Optional.of(new GateVerdict("gate", reason, "facts"));
    }
}
