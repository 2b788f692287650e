package dev.orchestrator.engine.internal.core.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is known of the backend's clock. */
class RemoteTimeTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long MILLI = Duration.ofMillis(1).toNanos();

    private final RemoteTime time = RemoteTime.first(NOON, 0, 9 * MILLI);

    @Test
    void theFirstAnswerIsTakenForTheMiddleOfTheRoundTrip() {
        assertThat(time.at(9 * MILLI)).isEqualTo(NOON.plusMillis(5));
        assertThat(time.at(9 * MILLI + SECOND)).isEqualTo(NOON.plusMillis(1005));
    }

    @Test
    void anAnswerThatAgreesWithinItsRoundTripChangesNothing() {
        RemoteTime next = time.asked(NOON.plusSeconds(1), SECOND, SECOND + 20 * MILLI);
        assertThat(next.at(2 * SECOND)).isEqualTo(time.at(2 * SECOND));
    }

    @Test
    void anAnswerThatDisagreesMovesItJustSoFar() {
        RemoteTime slow = time.asked(NOON.plusSeconds(2), SECOND, SECOND + MILLI);
        assertThat(slow.at(SECOND + MILLI)).isEqualTo(NOON.plusSeconds(2));
        RemoteTime fast = time.asked(NOON, SECOND, SECOND + MILLI);
        assertThat(fast.at(SECOND)).isEqualTo(NOON.plusMillis(1));
    }

    @Test
    void itIsAskedAgainAfterTenSeconds() {
        assertThat(time.isOld(9 * SECOND)).isFalse();
        assertThat(time.isOld(11 * SECOND)).isTrue();
        assertThat(time.asked(NOON.plusSeconds(9), 9 * SECOND, 9 * SECOND).isOld(11 * SECOND))
                .isFalse();
    }
}
