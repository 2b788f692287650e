package dev.orchestrator.engine.internal.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SyncPaceTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final SyncPace pace = new SyncPace(5 * SECOND, 0);

    @Test
    void looksWhenTheMarkIsAnotherOneAndNotAgain() {
        assertThat(pace.isDue("250/0/0", SECOND)).isTrue();
        assertThat(pace.isDue("250/0/0", 2 * SECOND)).isFalse();
        assertThat(pace.isDue("249/1/7", 3 * SECOND)).isTrue();
        assertThat(pace.isDue("249/1/7", 4 * SECOND)).isFalse();
    }

    @Test
    void looksOnceAMinuteForWhatNoMarkShows() {
        assertThat(pace.isDue("250/0/0", SECOND)).isTrue();
        assertThat(pace.isDue("250/0/0", 60 * SECOND)).isFalse();
        assertThat(pace.isDue("250/0/0", 61 * SECOND)).isTrue();
        assertThat(pace.isDue("250/0/0", 62 * SECOND)).isFalse();
    }

    @Test
    void withoutAMarkItLooksBeforeTheBlockOnAForgottenServerEnds() {
        assertThat(pace.isDue("", 3 * SECOND)).isFalse();
        assertThat(pace.isDue("", 4 * SECOND)).isTrue();
        assertThat(pace.isDue("", 5 * SECOND)).isFalse();
    }
}
