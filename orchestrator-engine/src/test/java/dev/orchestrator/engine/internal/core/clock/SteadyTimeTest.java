package dev.orchestrator.engine.internal.core.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A clock that does not jump with the wall clock. */
class SteadyTimeTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private Instant wall = NOON;
    private long nanos = -5;
    private SteadyTime time = new SteadyTime(NOON, nanos);

    private void pass(Duration passed) {
        wall = wall.plus(passed);
        nanos += passed.toNanos();
    }

    private Instant shown() {
        time = time.on(wall, nanos);
        return time.at();
    }

    @Test
    void showsTheWallClockWhileThatGoesOnSteadily() {
        pass(Duration.ofSeconds(3));
        assertThat(shown()).isEqualTo(NOON.plusSeconds(3));
    }

    @ParameterizedTest
    @ValueSource(longs = {3600, -3600})
    void anAgeIsRightWhenTheWallClockIsSet(long seconds) {
        Instant read = shown();
        wall = wall.plusSeconds(seconds);
        assertThat(shown()).isEqualTo(read);
        pass(Duration.ofSeconds(10));
        assertThat(Duration.between(read, shown())).isBetween(Duration.ofMillis(9_500), Duration.ofMillis(10_500));
    }

    @ParameterizedTest
    @ValueSource(longs = {60, -60})
    void closesUpToTheWallClockInTime(long seconds) {
        wall = wall.plusSeconds(seconds);
        for (int i = 0; i < 1_300; i++) {
            pass(Duration.ofSeconds(1));
            shown();
        }
        assertThat(shown()).isEqualTo(wall);
    }
}
