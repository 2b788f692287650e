package dev.orchestrator.engine.internal.core.analysis;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static dev.orchestrator.engine.internal.core.analysis.ProblemCases.NOW;
import static dev.orchestrator.engine.internal.core.analysis.ProblemCases.POLICY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Intents;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever the fleet looks like, a source that a fresh replica still replicates from is not dead. */
class FailureAnalyzerPropertyTest {
    private static final Set<AnalysisCode> DEAD = EnumSet.of(
            AnalysisCode.DEAD_PRIMARY,
            AnalysisCode.DEAD_PRIMARY_AND_SOME_REPLICAS,
            AnalysisCode.DEAD_PRIMARY_AND_REPLICAS,
            AnalysisCode.DEAD_CO_PRIMARY,
            AnalysisCode.DEAD_CO_PRIMARY_AND_SOME_REPLICAS,
            AnalysisCode.DEAD_INTERMEDIATE_SOURCE,
            AnalysisCode.DEAD_INTERMEDIATE_SOURCE_AND_SOME_REPLICAS,
            AnalysisCode.DEAD_INTERMEDIATE_SOURCE_AND_REPLICAS,
            AnalysisCode.DEAD_INTERMEDIATE_SOURCE_WITH_SINGLE_REPLICA_FAILING_TO_CONNECT);
    private static final Set<AnalysisCode> ACTIONABLE = EnumSet.copyOf(DEAD.stream()
            .filter(c -> c != AnalysisCode.DEAD_PRIMARY_AND_REPLICAS
                    && c != AnalysisCode.DEAD_INTERMEDIATE_SOURCE_AND_REPLICAS)
            .toList());
    private static final Duration SINCE = Duration.ofSeconds(3);

    private record World(
            Fleet fleet, DetectionHistory history, boolean someoneReplicates, boolean allStale, boolean evidence) {}

    @Test
    void aSourceThatAFreshReplicaReplicatesFromIsNeverDead() {
        int contradicted = 0;
        int dead = 0;
        for (long seed = 0; seed < 20_000; seed++) {
            World world = world(new Random(seed));
            FailureAnalysis found = new FailureAnalyzer(POLICY)
                    .examine(new FailureAnalyzer.Question(world.fleet, Intents.NONE, world.history, NOW), key("s"))
                    .orElseThrow();
            dead += DEAD.contains(found.code()) ? 1 : 0;
            if (!world.evidence) {
                assertThat(ACTIONABLE).describedAs("seed %d: %s", seed, found).doesNotContain(found.code());
            }
            if (world.someoneReplicates || world.allStale) {
                contradicted++;
                assertThat(DEAD).describedAs("seed %d: %s", seed, found).doesNotContain(found.code());
            }
        }
        assertThat(contradicted).describedAs("fleets that contradict").isGreaterThan(2_000);
        assertThat(dead).describedAs("fleets with a dead source").isGreaterThan(1_000);
    }

    /** s fails, as a primary or below one; its replicas are read at any time and say anything. */
    private static World world(Random random) {
        FleetBuilder fleet = new FleetBuilder(NOW).primary("s");
        if (random.nextBoolean()) {
            fleet = new FleetBuilder(NOW).primary("p").replica("s", "p");
        }
        fleet.with(
                m -> m.fails(random.nextBoolean() ? ProbeFailure.Kind.TIMEOUT : ProbeFailure.Kind.REFUSED, SINCE), "s");
        Map<InstanceKey, DetectionHistory.Mark> marks = new HashMap<>();
        List<ReceiverTest> tests = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        boolean replicates = false;
        boolean reachable = false;
        boolean fresh = false;
        boolean evidence = false;
        for (int i = 0; i < count; i++) {
            String name = "r" + i;
            fleet.replica(name, "s");
            ReplicationThreadState state = ReplicationThreadState.values()[1 + random.nextInt(3)];
            long ageMillis = random.nextInt(6_000);
            boolean progressed = random.nextBoolean();
            fleet.with(
                    m -> m.receiver(state).readAgo(Duration.ofMillis(ageMillis)).retrieved(gtids(progressed)), name);
            if (random.nextInt(5) == 0) {
                fleet.with(m -> m.fails(ProbeFailure.Kind.REFUSED, SINCE), name);
                continue;
            }
            reachable = true;
            int kept = random.nextInt(4);
            boolean connecting = state == ReplicationThreadState.CONNECTING;
            if (connecting && kept == 0) {
                fleet.with(m -> m.connectedAgo(null), name);
            } else if (connecting && kept == 1) {
                fleet.with(m -> m.receiverError(1045, Duration.ofMillis(random.nextInt(4_000))), name);
            } else {
                evidence |= connecting;
            }
            boolean isFresh = ageMillis <= SINCE.toMillis();
            fresh |= isFresh;
            Instant marked = NOW.minus(SINCE).plusMillis(random.nextInt(1_000));
            Instant alive = random.nextInt(4) == 0 ? marked : null;
            if (random.nextBoolean()) {
                marks.put(
                        key(name), new DetectionHistory.Mark(marked, GtidSet.parse(gtids(false)), null, false, alive));
                replicates |= isFresh && state == ReplicationThreadState.RUNNING && (progressed || alive != null);
            } else {
                replicates |= isFresh && state == ReplicationThreadState.RUNNING;
            }
            if (random.nextInt(3) == 0) {
                tests.add(new ReceiverTest(
                        key("s"),
                        key(name),
                        NOW.minusMillis(random.nextInt(4_000)),
                        ReceiverTest.Outcome.values()[random.nextInt(3)]));
                evidence |= tests.get(tests.size() - 1).lostSource();
            }
        }
        return new World(
                fleet.build(),
                new DetectionHistory(Map.of(key("s"), marks), tests, Map.of(), Map.of()),
                replicates,
                reachable && !fresh,
                evidence);
    }

    private static String gtids(boolean progressed) {
        return MemberBuilder.uuid("s") + (progressed ? ":1-11" : ":1-10");
    }

    @Test
    void theSameQuestionHasTheSameAnswer() {
        for (long seed = 0; seed < 500; seed++) {
            World one = world(new Random(seed));
            World two = world(new Random(seed));
            FailureAnalyzer analyzer = new FailureAnalyzer(POLICY);
            assertThat(analyzer.analyze(new FailureAnalyzer.Question(one.fleet, Intents.NONE, one.history, NOW)))
                    .describedAs("seed %d", seed)
                    .isEqualTo(
                            analyzer.analyze(new FailureAnalyzer.Question(two.fleet, Intents.NONE, two.history, NOW)));
        }
    }

    @Test
    void whoIsReadableDecidesNotWhoIsKnown() {
        FleetMember unread = FleetMember.unseen(key("r9"), FleetBuilder.CLUSTER);
        assertThat(Witnesses.verdict(List.of(new ReplicaReport(unread, SourceView.UNREACHABLE, null))))
                .isEqualTo(ReplicaConsensus.ALL_UNREACHABLE);
    }
}
