package dev.orchestrator.engine.internal.core.intent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpansTest {
    @Test
    void writesTheLargestFittingUnit() {
        assertThat(List.of(250L, 90_000L, 600_000L, 7_200_000L, 172_800_000L).stream()
                        .map(Duration::ofMillis)
                        .map(Spans::text))
                .containsExactly("250ms", "90s", "10m", "2h", "2d");
    }
}
