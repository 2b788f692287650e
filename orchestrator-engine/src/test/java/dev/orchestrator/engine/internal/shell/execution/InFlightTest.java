package dev.orchestrator.engine.internal.shell.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.engine.fake.SettableTime;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final SettableTime time = new SettableTime();
    private final InFlight inFlight = new InFlight(time);

    @Test
    void isAwaitedAsLongAsTheLongestOfItCanTake() {
        InFlight.Part demotion = inFlight.add("make it read-only", Duration.ofSeconds(15), () -> {});
        inFlight.add("read it", Duration.ofSeconds(2), () -> {});
        assertThat(inFlight.longest()).isEqualTo(Duration.ofSeconds(15).plus(InFlight.LATE));
        time.advance(Duration.ofSeconds(4));
        assertThat(inFlight.longest()).isEqualTo(Duration.ofSeconds(11).plus(InFlight.LATE));
        demotion.begins();
        assertThat(inFlight.longest()).isEqualTo(Duration.ofSeconds(15).plus(InFlight.LATE));
        demotion.ends();
        assertThat(inFlight.longest()).isEqualTo(InFlight.LATE);
    }

    @Test
    void nothingUnderWayIsNotWaitedFor() {
        inFlight.add("read it", Duration.ofDays(1), () -> {}).ends();
        assertThat(inFlight.longest()).isZero();
        assertThat(inFlight.await()).isFalse();
    }

    @Test
    void whoIsInterruptedWaitsAllTheSame() {
        InFlight.Part step = inFlight.add("make it read-only", Duration.ofMinutes(5), () -> {});
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            boolean was = inFlight.await();
            interrupted.complete(was && over.get());
        });
        waiting.start();
        waiting.interrupt();
        await().atMost(PATIENCE).until(() -> !waiting.isInterrupted());
        assertThat(interrupted).isNotDone();
        over.set(true);
        step.ends();
        assertThat(interrupted).succeedsWithin(PATIENCE).isEqualTo(true);
    }

    @Test
    void whatNeverEndsIsNotWaitedForBeyondItsTime() {
        InFlight real = new InFlight(Ticker.system());
        real.add("a gateway that breaks its word", Duration.ofMillis(10), () -> {});
        assertThat(CompletableFuture.supplyAsync(real::await))
                .succeedsWithin(PATIENCE)
                .isEqualTo(false);
    }

    @Test
    void whatHasHadItsTimeIsGivenUpOnceAndItsAnswerNotHeard() {
        List<String> told = new ArrayList<>();
        InFlight.Part step = inFlight.add("make it read-only", Duration.ofSeconds(15), () -> told.add("late"));
        time.advance(Duration.ofSeconds(17));
        inFlight.giveUpLate();
        assertThat(told).isEmpty();
        time.advance(Duration.ofMillis(1));
        inFlight.giveUpLate();
        inFlight.giveUpLate();
        step.answer(() -> told.add("done"));
        step.ends();
        assertThat(told).containsExactly("late");
        assertThat(inFlight.longest()).isZero();
    }
}
