package dev.orchestrator.engine.internal.core.detection;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Intents;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.internal.core.analysis.AnalysisPolicy;
import dev.orchestrator.engine.internal.core.analysis.DetectionHistoryTracker;
import dev.orchestrator.engine.internal.core.analysis.FailureAnalyzer;
import dev.orchestrator.engine.internal.core.detection.DetectionEvent.Answer;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What detection wants, step by step: p is frozen, its replicas do not notice it. */
class DetectionTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final AnalysisPolicy POLICY = new AnalysisPolicy(
            Duration.ofSeconds(10),
            Duration.ofSeconds(8),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            false,
            false);
    private static final DoubtSettings SETTINGS = new DoubtSettings(
            "n1",
            true,
            Duration.ofSeconds(30),
            Duration.ofSeconds(1),
            Duration.ofMillis(50),
            Duration.ofMillis(500),
            Duration.ofMillis(1500));

    private Detection state =
            Detection.begin(new Detection.Rules(new FailureAnalyzer(POLICY), SETTINGS), new Moment(NOW, 1));

    private void tell(Function<Moment, DetectionEvent> event) {
        state = state.fold(event.apply(new Moment(NOW, 1)));
    }

    private <T extends DetectionEffect> T begin(Class<T> kind) {
        List<DetectionEffect> wanted = state.next();
        wanted.forEach(e -> tell(at -> new DetectionEvent.Begun(e, at)));
        return wanted.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow(() -> new AssertionError("wanted is " + wanted + ", not " + kind.getSimpleName()));
    }

    private void look() {
        DetectionHistoryTracker book = new DetectionHistoryTracker(POLICY);
        FleetBuilder fleet = new FleetBuilder(NOW)
                .primary("p")
                .replica("r1", "p")
                .replica("r2", "p")
                .with(m -> m.fails(ProbeFailure.Kind.TIMEOUT, Duration.ofSeconds(2)), "p");
        tell(at -> new DetectionEvent.Changed(Set.of(FleetBuilder.CLUSTER), at));
        DetectionEffect.Look look = begin(DetectionEffect.Look.class);
        tell(at -> new DetectionEvent.Looked(
                look, new FailureAnalyzer.Question(fleet.build(), Intents.NONE, book.history(), NOW), true, at));
    }

    @Test
    void aReceiverThatMayHaveBeenStoppedIsStartedAgainAlsoWhenTheEngineCloses() {
        look();
        DetectionEffect.Restart restart = begin(DetectionEffect.Restart.class);
        tell(DetectionEvent.Closed::new);
        tell(at -> new DetectionEvent.Restarted(restart, Answer.FAILED, "no answer", 4711, at));
        assertThat(state.isRestarting()).isTrue();
        DetectionEffect.StartAgain start = begin(DetectionEffect.StartAgain.class);
        assertThat(start.replica()).isEqualTo(restart.replica());
        assertThat(start.untilNanos()).isEqualTo(4711);
        tell(at -> new DetectionEvent.StartedAgain(start, Answer.DONE, "", at));
        assertThat(state.isRestarting()).isFalse();
    }

    @Test
    void oneReceiverIsRestartedHoweverOftenTheClusterChanges() {
        look();
        assertThat(begin(DetectionEffect.Restart.class).source()).isEqualTo(key("p"));
        look();
        assertThat(state.next())
                .noneMatch(DetectionEffect.Restart.class::isInstance)
                .as("what was told is not told again")
                .noneMatch(DetectionEffect.Suspect.class::isInstance)
                .noneMatch(DetectionEffect.Tell.class::isInstance);
    }

    @Test
    void clustersThatChangeAgainAndAgainWaitOnce() {
        tell(at -> new DetectionEvent.Changed(Set.of(FleetBuilder.CLUSTER), at));
        tell(at -> new DetectionEvent.Changed(Set.of(FleetBuilder.CLUSTER), at));
        assertThat(state.next()).containsExactly(new DetectionEffect.Look(FleetBuilder.CLUSTER));
    }

    /** The order of a copied set is another one in each process; what is wanted is not. */
    @Test
    void clustersThatWaitAreLookedAtInTheOrderOfTheirIds() {
        List<ClusterId> ids = IntStream.range(10, 30)
                .mapToObj(i -> new ClusterId("cluster-" + i))
                .toList();
        tell(at -> new DetectionEvent.Changed(Set.copyOf(ids), at));
        assertThat(state.next())
                .isEqualTo(ids.stream().map(DetectionEffect.Look::new).toList());
    }
}
