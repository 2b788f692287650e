package dev.orchestrator.engine.internal.shell.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.event.OrchestratorEvent.LeadershipChanged;
import dev.orchestrator.api.facade.Orchestrator.Registration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventBusTest {
    private final EventBus bus = new EventBus(10);
    private final List<OrchestratorEvent> heard = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void tellsInOrder() {
        bus.add(heard::add);
        LongStream.range(0, 8).forEach(i -> bus.publish(event(i)));
        await().until(() -> heard.size() == 8);
        assertThat(heard)
                .isEqualTo(LongStream.range(0, 8).mapToObj(EventBusTest::event).toList());
    }

    @Test
    void aListenerThatFailsHarmsNobody() {
        bus.add(event -> {
            throw new IllegalStateException("a listener that fails");
        });
        bus.add(heard::add);
        bus.publish(event(1));
        bus.publish(event(2));
        await().until(() -> heard.size() == 2);
    }

    @Test
    void aSlowListenerLosesTheOldestEventsAndTheyAreCounted() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        bus.add(event -> {
            entered.countDown();
            awaitLatch(goOn);
            heard.add(event);
        });
        bus.publish(event(0));
        assertThat(entered.await(5, TimeUnit.SECONDS)).isTrue();
        LongStream.rangeClosed(1, 25).forEach(i -> bus.publish(event(i)));
        assertThat(bus.dropped()).isEqualTo(15);
        goOn.countDown();
        await().until(() -> heard.size() == 11);
        assertThat(heard).first().isEqualTo(event(0));
        assertThat(heard.subList(1, 11))
                .isEqualTo(LongStream.rangeClosed(16, 25)
                        .mapToObj(EventBusTest::event)
                        .toList());
    }

    @Test
    void whoIsRemovedHearsNoMoreAndOthersDo() {
        List<OrchestratorEvent> other = new CopyOnWriteArrayList<>();
        Registration registration = bus.add(heard::add);
        bus.add(other::add);
        bus.publish(event(1));
        await().until(() -> other.size() == 1);
        registration.close();
        bus.publish(event(2));
        await().until(() -> other.size() == 2);
        assertThat(heard).containsExactly(event(1));
    }

    @Test
    void closingTellsWhatIsWaitingAndNothingAfter() {
        bus.add(heard::add);
        bus.publish(event(1));
        bus.close();
        bus.publish(event(2));
        bus.close();
        assertThat(heard).containsExactly(event(1));
    }

    private static OrchestratorEvent event(long number) {
        return new LeadershipChanged(Instant.EPOCH, true, number);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(5, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
