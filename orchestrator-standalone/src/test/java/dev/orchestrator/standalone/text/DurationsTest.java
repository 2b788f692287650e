package dev.orchestrator.standalone.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.api.OrchestratorException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @Test
    void readsEveryUnit() {
        assertThat(List.of("59s", "59m", "23h", "6d", " 4W\n").stream().map(Durations::parse))
                .containsExactly(
                        Duration.ofSeconds(59),
                        Duration.ofMinutes(59),
                        Duration.ofHours(23),
                        Duration.ofDays(6),
                        Duration.ofDays(28));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "m", "-5m", "1.5h", "5 m", "5min", "99999999999999999999s"})
    void refusesWhatIsNoDurationAndSaysWhatIsExpected(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(OrchestratorException.class)
                .hasMessageContaining("59s 59m 23h 6d 4w");
    }

    @Test
    void findsTheNearestNameOnlyWhenItIsNear() {
        List<String> known = List.of("topology", "clusters", "forget");
        assertThat(NearestName.of("toplogy", known)).contains("topology");
        assertThat(NearestName.of("xyz", known)).isEmpty();
    }
}
