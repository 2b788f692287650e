package dev.orchestrator.engine.internal.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendStandingTest {
    private final BackendStanding standing = new BackendStanding();
    private final List<Boolean> told = new ArrayList<>();

    @Test
    void aLossThatSeveralNoticeIsToldOnceAndSoIsTheReturn() {
        after(standing.failed("writing"));
        after(standing.heartbeat(false));
        after(standing.worked("writing"));
        assertThat(told).containsExactly(false);
        after(standing.heartbeat(true));
        assertThat(told).containsExactly(false, true);
    }

    @Test
    void theHeartbeatKnowsOfTheReturnWhereNobodyElseAsks() {
        after(standing.failed("writing"));
        after(standing.heartbeat(false));
        after(standing.heartbeat(true));
        assertThat(told).containsExactly(false, true);
    }

    /** Seen before: what had failed at the first loss counted as failing for ever, and the next loss was told by nobody. */
    @Test
    void aLossAfterTheReturnOfTheHeartbeatIsToldAgain() {
        after(standing.failed("writing"));
        after(standing.heartbeat(false));
        after(standing.heartbeat(true));
        after(standing.failed("writing"));
        assertThat(told).containsExactly(false, true, false);
    }

    @Test
    void aLossThatTheHeartbeatMissedIsToldAndEnded() {
        after(standing.heartbeat(true));
        after(standing.failed("writing"));
        after(standing.heartbeat(true));
        assertThat(told)
                .as("a beat is no news where the one before it was answered")
                .containsExactly(false);
        after(standing.worked("writing"));
        assertThat(told).containsExactly(false, true);
    }

    @Test
    void isBackWhenAllThatFailedWorksAgain() {
        after(standing.failed("writing"));
        after(standing.failed("reading"));
        after(standing.failed("reading"));
        after(standing.worked("reading"));
        assertThat(told).containsExactly(false);
        after(standing.worked("writing"));
        assertThat(told).containsExactly(false, true);
    }

    @Test
    void saysWhoNoticedIt() {
        assertThat(standing.failed("writing")).isTrue();
        assertThat(standing.failed("writing")).isFalse();
        assertThat(standing.heartbeat(false)).isTrue();
        assertThat(standing.heartbeat(false)).isFalse();
        assertThat(standing.worked("writing")).isTrue();
        assertThat(standing.worked("writing")).isFalse();
    }

    private void after(boolean noticed) {
        boolean available = !standing.isLost();
        boolean before = told.isEmpty() || told.get(told.size() - 1);
        if (available != before) {
            assertThat(noticed).isTrue();
            told.add(available);
        }
    }
}
