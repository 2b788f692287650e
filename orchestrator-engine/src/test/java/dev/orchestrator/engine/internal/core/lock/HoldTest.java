package dev.orchestrator.engine.internal.core.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long locks are certainly held. */
class HoldTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Hold hold = Hold.granted(2, Duration.ofSeconds(10), 5 * SECOND);

    @Test
    void itIsCertainForNineTenthsOfItsTimeFromWhenItWasAskedFor() {
        assertThat(hold.certainFor(6 * SECOND)).isEqualTo(Duration.ofSeconds(8));
        assertThat(hold.whyNot(14 * SECOND - 1)).isNull();
        assertThat(hold.whyNot(14 * SECOND)).contains("could not be extended for 10000 ms");
        assertThat(hold.certainFor(14 * SECOND)).isZero();
    }

    @Test
    void anExtensionCountsFromWhenItWasAskedForAlsoWhenTheTimeWasOver() {
        assertThat(hold.extended(2, 15 * SECOND).certainFor(16 * SECOND)).isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void whenOneOfThemIsMissingAllAreLostForGood() {
        Hold lost = hold.extended(1, 6 * SECOND);
        assertThat(lost.whyNot(6 * SECOND)).contains("ended by somebody");
        assertThat(lost.extended(2, 7 * SECOND)).isEqualTo(lost);
    }

    @Test
    void whatWasGivenUpIsNotHeldWhateverComesLater() {
        assertThat(hold.givenUp().whyNot(0)).contains("given up");
        assertThat(hold.givenUp().extended(2, 6 * SECOND).whyNot(6 * SECOND)).contains("given up");
    }
}
