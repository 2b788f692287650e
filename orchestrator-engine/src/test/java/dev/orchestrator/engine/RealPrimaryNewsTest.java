package dev.orchestrator.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.event.OrchestratorEvent.PrimaryChanged;
import dev.orchestrator.api.event.OrchestratorEvent.PrimaryPromoted;
import dev.orchestrator.api.event.OrchestratorEvent.RecoveryEnded;
import dev.orchestrator.api.event.SomeEvents;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TopologyExtension;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a listener hears of several failovers in a row. */
@RealServers
class RealPrimaryNewsTest extends RecoveryOnRealServers {
    RealPrimaryNewsTest() {
        super(
                TopologyExtension.primaryWithReplicas(3),
                c -> c.primaryRecoveryFilters(List.of("*")).pollInterval(Duration.ofSeconds(1)));
    }

    @Test
    void eachOfTwoFailoversInARowIsToldOnceAfterItsPromotion() {
        InstanceKey first = topology.primary().key();
        InstanceKey second = killAndAwaitSuccessor(first, 1);
        await().atMost(PATIENCE).until(() -> changes() == 1);
        InstanceKey third = killAndAwaitSuccessor(second, 2);
        await().atMost(PATIENCE).until(() -> changes() == 2);

        // Readings of several rounds of polls tell nothing more.
        await().during(Duration.ofSeconds(4)).atMost(PATIENCE).until(() -> changes() == 2);
        assertThat(primaryNews())
                .containsExactly(
                        "promoted " + second,
                        "changed " + first + " to " + second,
                        "promoted " + third,
                        "changed " + second + " to " + third);
    }

    private InstanceKey killAndAwaitSuccessor(InstanceKey primary, int recoveries) {
        server(primary).kill9();
        await().atMost(PATIENCE)
                .until(() ->
                        events.stream().filter(RecoveryEnded.class::isInstance).count() == recoveries);
        assertThat(newest().successful()).as("%s", newest().errors()).isTrue();
        backend.recoveries().acknowledge(RecoveryFilter.all(0, 10), TESTER, "seen");
        return requireNonNull(newest().successor());
    }

    private long changes() {
        return events.stream().filter(PrimaryChanged.class::isInstance).count();
    }

    private List<String> primaryNews() {
        return events.stream().flatMap(e -> e.match(new News())).toList();
    }

    private static final class News implements SomeEvents<Stream<String>> {
        @Override
        public Stream<String> primaryPromoted(PrimaryPromoted it) {
            return Stream.of("promoted " + it.recovery().successor());
        }

        @Override
        public Stream<String> primaryChanged(PrimaryChanged it) {
            return Stream.of("changed " + it.former() + " to " + it.primary());
        }

        @Override
        public Stream<String> otherwise(OrchestratorEvent event) {
            return Stream.empty();
        }
    }
}
