package dev.orchestrator.engine.internal.shell.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.fake.InMemoryBackend;
import dev.orchestrator.engine.fake.SettableTime;
import dev.orchestrator.engine.internal.core.clock.RemoteTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ReadingClockTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MILLI = Duration.ofMillis(1);

    private final SettableTime time = new SettableTime();
    /** How far the backend's clock is ahead of this node's. */
    private final AtomicReference<Duration> ahead = new AtomicReference<>(HOUR);

    private final InMemoryBackend backend = new InMemoryBackend(this::backendTime);
    private final ReadingClock clock = new ReadingClock(time, time);

    private Instant backendTime() {
        return time.instant().plus(ahead.get());
    }

    private void assertShowsBackendTime(Duration within) {
        assertThat(Duration.between(backendTime(), clock.instant()).abs()).isLessThanOrEqualTo(within);
    }

    @Test
    void showsTheWallClockUntilTheBackendHasAnswered() {
        backend.goAway();
        clock.setBy(backend);
        assertThat(clock.instant()).isEqualTo(time.instant());

        backend.comeBack();
        clock.setBy(backend);
        assertShowsBackendTime(MILLI);
    }

    @Test
    void twoNodesWithDifferentClocksShowTheSame() {
        ReadingClock other = new ReadingClock(() -> time.instant().minus(HOUR), time);
        clock.setBy(backend);
        other.setBy(backend);
        time.advance(Duration.ofSeconds(7));
        assertThat(other.instant()).isEqualTo(clock.instant());
        assertShowsBackendTime(MILLI);
    }

    @Test
    void aSlowAnswerDoesNotSpoilWhatIsKnown() {
        clock.setBy(backend);
        time.advance(HOUR);
        backend.beforeEachCall(() -> time.advance(Duration.ofSeconds(8)));
        clock.closeUpTo(backend);
        assertShowsBackendTime(MILLI);
    }

    @Test
    void goesOnSteadilyWhereAgesAreToldAndClosesUp() {
        clock.setBy(backend);
        Instant read = clock.instant();
        ahead.set(HOUR.plusSeconds(2));
        clock.closeUpTo(backend);
        assertThat(clock.instant()).isEqualTo(read);
        time.advance(Duration.ofSeconds(20));
        assertShowsBackendTime(Duration.ofMillis(1_001));
        time.advance(Duration.ofSeconds(21));
        assertShowsBackendTime(MILLI);
    }

    @Test
    void whatBeginsAfterAnotherNodesReadingWasSeenIsNotStampedEarlier() {
        clock.setBy(backend);
        Instant ahead = clock.instant().plusMillis(40);
        clock.saw(ahead);
        clock.saw(ahead.minusMillis(20));
        assertThat(clock.instant()).isEqualTo(ahead);
        time.advance(Duration.ofMillis(50));
        assertShowsBackendTime(MILLI);

        clock.saw(clock.instant().plus(HOUR));
        assertShowsBackendTime(MILLI);
    }

    @Test
    void isSetAnewWhereNoAgeIsTold() {
        clock.setBy(backend);
        ahead.set(HOUR.negated());
        time.advance(RemoteTime.TRUSTED.plus(MILLI));
        clock.setBy(backend);
        assertShowsBackendTime(MILLI);
    }

    @Test
    void aStampOfATimeToComeDoesNotHideThoseOfOthers() {
        clock.setBy(backend);
        Instant now = clock.instant();
        clock.saw(now.plus(HOUR));
        clock.saw(now.plus(MILLI));
        assertThat(clock.instant()).isEqualTo(now.plus(MILLI));

        ahead.set(Duration.ZERO);
        time.advance(RemoteTime.TRUSTED.plus(MILLI));
        clock.setBy(backend);
        Instant back = clock.instant();
        clock.saw(back.plus(MILLI));
        assertThat(clock.instant()).isEqualTo(back.plus(MILLI));
    }
}
