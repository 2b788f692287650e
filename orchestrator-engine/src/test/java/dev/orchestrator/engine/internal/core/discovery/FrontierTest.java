package dev.orchestrator.engine.internal.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FrontierTest {
    private static final InstanceKey DB1 = InstanceKey.parse("db1:3306");
    private static final InstanceKey DB2 = InstanceKey.parse("db2:3306");
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Frontier frontier = new Frontier();
    /** Monotonic clocks may begin anywhere and run over. */
    private long now = Long.MAX_VALUE - SECOND;

    @Test
    void followsNoKeyTwiceAtATime() {
        assertThat(frontier.begin(DB1, now)).isTrue();
        assertThat(frontier.begin(DB1, now)).isFalse();
        assertThat(frontier.begin(DB2, now)).isTrue();
        assertThat(frontier.underWay()).isEqualTo(2);

        frontier.end(DB1, false, now);
        frontier.end(DB2, true, now);

        assertThat(frontier.underWay()).isZero();
    }

    @Test
    void leavesAKeyThatLedSomewhereAloneForAMoment() {
        frontier.begin(DB1, now);
        frontier.end(DB1, false, now);

        assertThat(frontier.begin(DB1, now + Frontier.KNOWN_SOON - 1)).isFalse();
        assertThat(frontier.begin(DB1, now + Frontier.KNOWN_SOON)).isTrue();
    }

    @Test
    void triesAKeyThatLeadsNowhereLaterAndLaterButNeverGivesUp() {
        frontier.begin(DB1, now);
        for (int failures = 1; failures <= 8; failures++) {
            long rest = Math.min(Frontier.RETRY << (failures - 1), Frontier.LONGEST_REST);
            frontier.end(DB1, true, now);
            assertThat(frontier.begin(DB1, now + rest - 1)).isFalse();
            now += rest;
            assertThat(frontier.begin(DB1, now))
                    .as("after failure %d", failures)
                    .isTrue();
        }
        frontier.end(DB1, false, now);
        assertThat(restIsShort()).as("an answer ends it").isTrue();
    }

    private boolean restIsShort() {
        now += Frontier.KNOWN_SOON;
        frontier.begin(DB1, now);
        frontier.end(DB1, true, now);
        return frontier.begin(DB1, now + Frontier.RETRY);
    }

    @Test
    void triesKeysAtOnceWhenItStartsAfreshButNotThoseUnderWay() {
        frontier.begin(DB1, now);
        frontier.end(DB1, true, now);
        frontier.begin(DB2, now);

        frontier.startAfresh();

        assertThat(frontier.begin(DB1, now)).isTrue();
        assertThat(frontier.begin(DB2, now)).isFalse();
    }
}
