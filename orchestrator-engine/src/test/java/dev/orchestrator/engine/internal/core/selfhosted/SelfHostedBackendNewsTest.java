package dev.orchestrator.engine.internal.core.selfhosted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SelfHostedBackendNewsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final InstanceKey A = new InstanceKey("a", 3306);
    private static final InstanceKey B = new InstanceKey("b", 3306);

    private final SelfHostedBackendNews news = new SelfHostedBackendNews();

    @Test
    void anUnknownClusterIsLookedUpSoonAKnownOneSeldom() {
        assertThat(news.sound(false, 0)).isTrue();
        assertThat(news.sound(false, seconds(2))).isFalse();
        assertThat(news.sound(false, seconds(2) + 1)).isTrue();
        assertThat(news.sound(true, seconds(5))).isFalse();
        assertThat(news.sound(true, seconds(23))).isTrue();
        assertThat(news.follows(B, A, "why")).contains("a:3306", "b:3306", "why");
        assertThat(news.sound(true, seconds(24))).isTrue();
    }

    @Test
    void whoLedTellsOnceThatNothingIsDone() {
        news.troubled(NOW);
        assertThat(news.notFailedOver(A, true)).isEmpty();
        news.leads(true);
        news.troubled(NOW.plusSeconds(1));
        assertThat(news.notFailedOver(A, false)).isEmpty();
        assertThat(news.notFailedOver(A, true)).get().asString().contains("a:3306", NOW.toString());
        assertThat(news.notFailedOver(A, true)).isEmpty();
    }

    @Test
    void aReasonToStayIsToldOnceUntilItIsSoundAgain() {
        assertThat(news.stays("why")).isPresent();
        assertThat(news.stays("why")).isEmpty();
        assertThat(news.stays("another")).isPresent();
        news.sound(true, 0);
        assertThat(news.since()).isNull();
        assertThat(news.stays("another")).isPresent();
    }

    private static long seconds(int seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }
}
