package dev.orchestrator.engine.internal.core.analysis;

import static dev.orchestrator.api.model.ReplicationThreadState.CONNECTING;
import static dev.orchestrator.api.model.ReplicationThreadState.STOPPED;
import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static dev.orchestrator.engine.internal.core.analysis.ProblemCases.NOW;
import static dev.orchestrator.engine.internal.core.analysis.ProblemCases.POLICY;
import static dev.orchestrator.engine.internal.core.analysis.ProblemCases.gone;
import static dev.orchestrator.engine.internal.core.analysis.ProblemCases.lost;
import static dev.orchestrator.engine.internal.core.analysis.ProblemCases.stopped;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Intents;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The primary has been silent for three seconds; replicas were read one second ago. */
class EvidenceOfDeathTest {
    private static final Duration AGO_1_S = Duration.ofSeconds(1);
    private static final Duration YOUNG = Duration.ofSeconds(1);
    private static final Duration OLD = Duration.ofSeconds(3);

    /** What two replicas show, what a test of r1 came to, and whether the primary counts as dead. */
    record Case(
            String name,
            UnaryOperator<MemberBuilder> r1,
            UnaryOperator<MemberBuilder> r2,
            List<ReceiverTest> tests,
            boolean dead) {
        @Override
        public String toString() {
            return name + (dead ? ": dead" : ": not dead");
        }
    }

    private static Case dead(
            String name, UnaryOperator<MemberBuilder> r1, UnaryOperator<MemberBuilder> r2, ReceiverTest... tests) {
        return new Case(name, r1, r2, List.of(tests), true);
    }

    private static Case lives(
            String name, UnaryOperator<MemberBuilder> r1, UnaryOperator<MemberBuilder> r2, ReceiverTest... tests) {
        return new Case(name, r1, r2, List.of(tests), false);
    }

    private static UnaryOperator<MemberBuilder> failed(int errno, @Nullable Duration age) {
        return m -> m.receiver(CONNECTING).receiverError(errno, age);
    }

    private static UnaryOperator<MemberBuilder> longAgo(UnaryOperator<MemberBuilder> state) {
        return m -> state.apply(m).connectedAgo(Duration.ofSeconds(13));
    }

    private static UnaryOperator<MemberBuilder> never(UnaryOperator<MemberBuilder> state) {
        return m -> state.apply(m).connectedAgo(null);
    }

    private static UnaryOperator<MemberBuilder> detached() {
        return m -> lost().apply(m).channel(c -> c.detached(true));
    }

    private static ReceiverTest test(ReceiverTest.Outcome outcome) {
        return new ReceiverTest(key("p"), key("r1"), NOW.minus(AGO_1_S), outcome);
    }

    static Stream<Case> cases() {
        return Stream.of(
                dead("both were connected and found nobody", failed(2003, YOUNG), failed(2003, YOUNG)),
                dead("both were connected, nothing is known of their attempts", lost(), lost()),
                dead("an attempt that failed before the failure began, by the same cause", failed(2003, OLD), lost()),
                lives("one was refused since", failed(1045, YOUNG), lost()),
                lives(
                        "a stopped one was refused since",
                        m -> m.receiver(STOPPED).receiverError(1045, YOUNG),
                        lost()),
                dead(
                        "a refusal since, and a later attempt elsewhere that found nobody",
                        failed(1040, YOUNG),
                        failed(2003, Duration.ofMillis(100)),
                        test(ReceiverTest.Outcome.LOST)),
                lives(
                        "a refusal since, and an earlier attempt elsewhere that found nobody",
                        failed(1040, YOUNG),
                        failed(2003, Duration.ofMillis(1500))),
                lives(
                        "a refusal since, a later attempt elsewhere found nobody, but none was tested",
                        failed(1040, YOUNG),
                        failed(2003, Duration.ofMillis(100))),
                lives("a refusal from before is no vote", failed(1045, OLD), failed(1045, OLD)),
                lives("a refusal of unknown age is no vote", failed(1045, null), failed(1045, null)),
                lives("a refusal from before, beside one that lost it, has to be tested", failed(1040, OLD), lost()),
                dead(
                        "a refusal from before, tested and not found",
                        failed(1040, OLD),
                        failed(1040, OLD),
                        test(ReceiverTest.Outcome.LOST)),
                lives(
                        "a refusal from before, tested and refused again",
                        failed(1040, null),
                        lost(),
                        test(ReceiverTest.Outcome.REFUSED)),
                dead(
                        "refused in a test, and then nobody was there",
                        failed(2003, null),
                        failed(2003, null),
                        test(ReceiverTest.Outcome.REFUSED)),
                lives("an unknown error has to be tested", failed(2026, YOUNG), failed(2026, YOUNG)),
                lives("the name has no address", failed(2005, YOUNG), failed(2005, YOUNG)),
                lives("detached", detached(), detached()),
                dead("one is detached, one lost it", detached(), lost()),
                lives("both lost it long before", longAgo(lost()), longAgo(failed(2003, YOUNG))),
                lives("no poll ever saw them connected", never(lost()), never(lost())),
                dead("one lost it long before, one now", longAgo(lost()), lost()),
                dead("one was refused long before, one lost it now", longAgo(failed(1045, OLD)), lost()),
                lives("one was refused long before, one is stopped", longAgo(failed(1045, OLD)), stopped()));
    }

    private static FleetBuilder fleet() {
        return new FleetBuilder(NOW)
                .primary("p")
                .replica("r1", "p")
                .replica("r2", "p")
                .with(gone(), "p");
    }

    private static FailureAnalysis examine(FleetBuilder fleet, List<ReceiverTest> tests) {
        DetectionHistory history = new DetectionHistory(Map.of(), tests, Map.of(), Map.of());
        return new FailureAnalyzer(POLICY)
                .examine(new FailureAnalyzer.Question(fleet.build(), Intents.NONE, history, NOW), key("p"))
                .orElseThrow();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void aPrimaryIsDeadOnlyByTheEvidenceOfReceiversThatWereConnected(Case given) {
        FailureAnalysis found = examine(fleet().with(given.r1(), "r1").with(given.r2(), "r2"), given.tests());
        assertThat(found.code())
                .describedAs("%s", found.evidence())
                .isEqualTo(given.dead() ? AnalysisCode.DEAD_PRIMARY : AnalysisCode.UNREACHABLE_PRIMARY);
        assertThat(found.actionable()).isEqualTo(given.dead());
    }

    @ParameterizedTest
    @ValueSource(ints = {1040, 1045, 1129, 1130, 1203, 1226, 3118, 3159})
    void everyRefusalIsAProofOfLife(int errno) {
        FailureAnalysis found = examine(fleet().with(failed(errno, YOUNG), "r1").with(lost(), "r2"), List.of());
        assertThat(found.code()).isEqualTo(AnalysisCode.UNREACHABLE_PRIMARY);
        assertThat(found.evidence())
                .anySatisfy(e -> assertThat(e).contains("refused by its source").contains(errno + " for a test"))
                .contains("not confirmed by r1:3306");
    }

    @Test
    void whereNoReplicaWasConnectedTheReasonIsSaid() {
        FailureAnalysis found = examine(fleet().with(longAgo(lost()), "r1").with(never(lost()), "r2"), List.of());
        assertThat(found.evidence())
                .anySatisfy(e -> assertThat(e)
                        .contains("nothing is promoted automatically: none of the replicas that can be read was"
                                + " connected to p:3306 shortly before"));
    }

    @Test
    void whatWasKnownBeforeAllNodesWereDownCounts() {
        // Nobody polled for ten minutes: the replicas were connected when the primary last answered.
        FleetBuilder fleet = fleet().with(m -> m.lastAnswerAgo(Duration.ofMinutes(10)), "p")
                .with(lost(), "r1", "r2")
                .with(m -> m.connectedAgo(Duration.ofMinutes(10).plusSeconds(4)), "r1", "r2");
        assertThat(examine(fleet, List.of()).code()).isEqualTo(AnalysisCode.DEAD_PRIMARY);
    }

    @Test
    void aPrimaryThatRefusedUsMeanwhileWasAlive() {
        // It refused our account for a minute, in which the replicas lost it, before it became silent.
        FleetBuilder fleet = fleet().with(lost(), "r1", "r2")
                .with(m -> m.connectedAgo(Duration.ofMinutes(1)), "r1", "r2")
                .with(m -> m.lastAnswerAgo(Duration.ofSeconds(4)), "p");
        assertThat(examine(fleet, List.of()).code()).isEqualTo(AnalysisCode.UNREACHABLE_PRIMARY);
    }
}
