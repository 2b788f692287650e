package dev.orchestrator.engine.internal.core.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which decisions people are told of. */
class DecisionNewsTest {
    private static final InstanceKey KEY = new InstanceKey("db1", 3306);
    private static final Decision GO = new Decision(null, List.of(), null);

    private final DecisionNews news = new DecisionNews();

    private static Decision refused(RefusalReason reason, String facts) {
        return new Decision(null, List.of(new GateVerdict("may it be", reason, facts)), null);
    }

    @Test
    void aRefusalIsToldWhenItsReasonChanges() {
        assertThat(news.isNews(KEY, refused(RefusalReason.LOCKED, "for 1 s"))).isTrue();
        assertThat(news.isNews(KEY, refused(RefusalReason.LOCKED, "for 2 s"))).isFalse();
        assertThat(news.isNews(KEY, refused(RefusalReason.RECOVERY_ACTIVE, ""))).isTrue();
        assertThat(news.last(KEY)).contains(refused(RefusalReason.RECOVERY_ACTIVE, ""));
        assertThat(news.isNews(new InstanceKey("db2", 3306), refused(RefusalReason.RECOVERY_ACTIVE, "")))
                .isTrue();
    }

    @Test
    void goingAheadIsToldEachTime() {
        assertThat(news.isNews(KEY, GO)).isTrue();
        assertThat(news.isNews(KEY, GO)).isTrue();
    }

    @Test
    void theNextProblemIsNewsWhateverWasToldBefore() {
        news.problemOver(KEY);
        news.isNews(KEY, refused(RefusalReason.LOCKED, ""));
        news.problemOver(KEY);
        assertThat(news.isNews(KEY, refused(RefusalReason.LOCKED, ""))).isTrue();
        assertThat(news.isNews(KEY, refused(RefusalReason.LOCKED, ""))).isFalse();
    }
}
