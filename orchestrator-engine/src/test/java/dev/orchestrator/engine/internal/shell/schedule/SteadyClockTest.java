package dev.orchestrator.engine.internal.shell.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SteadyClockTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final AtomicReference<Instant> wall = new AtomicReference<>(NOON);
    private final AtomicLong nanos = new AtomicLong(-5);
    private final SteadyClock clock = new SteadyClock(wall::get, nanos::get);

    private void pass(Duration time) {
        wall.updateAndGet(w -> w.plus(time));
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void showsTheWallClockWhileThatGoesOnSteadily() {
        pass(Duration.ofSeconds(3));
        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(3));
    }

    @ParameterizedTest
    @ValueSource(longs = {3600, -3600})
    void anAgeIsRightWhenTheWallClockIsSet(long seconds) {
        Instant read = clock.instant();
        wall.updateAndGet(w -> w.plusSeconds(seconds));
        assertThat(clock.instant()).isEqualTo(read);
        pass(Duration.ofSeconds(10));
        assertThat(Duration.between(read, clock.instant()))
                .isBetween(Duration.ofMillis(9_500), Duration.ofMillis(10_500));
    }

    @ParameterizedTest
    @ValueSource(longs = {60, -60})
    void closesUpToTheWallClockInTime(long seconds) {
        wall.updateAndGet(w -> w.plusSeconds(seconds));
        for (int i = 0; i < 1_300; i++) {
            pass(Duration.ofSeconds(1));
            clock.instant();
        }
        assertThat(clock.instant()).isEqualTo(wall.get());
    }
}
