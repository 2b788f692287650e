package dev.orchestrator.engine.internal.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotPaceTest {
    private static final long MS = Duration.ofMillis(1).toNanos();
    /** Monotonic clocks may begin anywhere and run over. */
    private static final long START = Long.MAX_VALUE - 5 * MS;

    private final SnapshotPace pace = new SnapshotPace(START);

    /** Has snapshots cost so much, the average too. */
    private long afterSnapshotsOf(long cost) {
        long now = START;
        for (int i = 0; i < 60; i++) {
            pace.made(now, now + cost);
            now += cost;
        }
        return now;
    }

    @Test
    void makesTheFirstAtOnce() {
        assertThat(pace.isFreeForUrgent(START)).isTrue();
        assertThat(pace.plan(false, START)).isZero();
    }

    @Test
    void gathersForAMomentWhenSnapshotsCostNothing() {
        pace.made(START, START);

        assertThat(pace.plan(false, START)).isEqualTo(SnapshotPace.GATHER);
        assertThat(pace.isFreeForUrgent(START)).isTrue();
    }

    @Test
    void plansOneForManyAndAnEarlierOneForWhatIsUrgent() {
        long now = afterSnapshotsOf(2 * MS);

        assertThat(pace.plan(false, now)).isGreaterThan(90 * MS);
        assertThat(pace.plan(false, now + MS)).as("planned already").isNull();
        assertThat(pace.plan(true, now + MS)).isLessThanOrEqualTo(8 * MS);
        assertThat(pace.plan(true, now + 2 * MS)).as("planned already").isNull();
        assertThat(pace.plan(false, now + 2 * MS))
                .as("an earlier one is planned")
                .isNull();
    }

    @Test
    void plansAnewWhenAPictureWasMadeMeanwhile() {
        pace.plan(false, START);
        assertThat(pace.isPlanned()).isTrue();

        pace.begun();

        assertThat(pace.isPlanned()).isFalse();
        assertThat(pace.plan(false, START)).isNotNull();
    }

    @Test
    void waitsNoLongerThanItsLimitsHoweverMuchAPictureCosts() {
        long now = afterSnapshotsOf(1000 * MS);

        assertThat(pace.isFreeForUrgent(now)).isFalse();
        assertThat(pace.plan(false, now)).isEqualTo(SnapshotPace.ORDINARY_LIMIT);
        assertThat(pace.plan(true, now)).isEqualTo(SnapshotPace.URGENT_LIMIT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void spendsItsShareOnSnapshotsHoweverMuchComesIn(boolean urgent) {
        Random random = new Random(7);
        long now = START;
        long spent = 0;
        for (int i = 0; i < 1000; i++) {
            long wait = Objects.requireNonNull(pace.plan(urgent, now));
            pace.begun();
            long cost = MS / 2 + random.nextInt((int) (4 * MS));
            pace.made(now + wait, now + wait + cost);
            now += wait + cost;
            spent += cost;
        }

        assertThat((double) spent / (now - START)).isLessThan(urgent ? 0.21 : 0.025);
    }
}
