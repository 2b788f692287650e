package dev.orchestrator.engine.internal.core.analysis;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static dev.orchestrator.engine.internal.core.analysis.ProblemCases.NOW;
import static dev.orchestrator.engine.internal.core.analysis.ProblemCases.POLICY;
import static dev.orchestrator.engine.internal.core.analysis.ProblemCases.star;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Downtime;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.analysis.StructureWarning;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailureAnalyzerTest {
    private static final Duration SINCE = Duration.ofSeconds(3);

    static Stream<ProblemCases.Case> cases() {
        return ProblemCases.all().stream();
    }

    private static FailureAnalysis examine(ProblemCases.Case given) {
        return examine(given.fleet().build(), given.instance(), given.history(), given.policy(), Intents.NONE);
    }

    private static FailureAnalysis examine(
            Fleet fleet, String instance, DetectionHistory history, AnalysisPolicy policy, Intents intents) {
        return new FailureAnalyzer(policy)
                .examine(new FailureAnalyzer.Question(fleet, intents, history, NOW), key(instance))
                .orElseThrow();
    }

    private static FailureAnalysis examine(FleetBuilder fleet, String instance) {
        return examine(fleet.build(), instance, DetectionHistory.NONE, POLICY, Intents.NONE);
    }

    private static FailureAnalysis examine(FleetBuilder fleet, String instance, List<Fence> fences) {
        return new FailureAnalyzer(POLICY)
                .examine(
                        new FailureAnalyzer.Question(fleet.build(), Intents.NONE, fences, DetectionHistory.NONE, NOW),
                        key(instance))
                .orElseThrow();
    }

    private static FailureAnalysis examine(FleetBuilder fleet, String instance, Intents intents) {
        return examine(fleet.build(), instance, DetectionHistory.NONE, POLICY, intents);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void findsWhatTheTableSays(ProblemCases.Case given) {
        FailureAnalysis found = examine(given);
        assertThat(found.code()).describedAs("%s %s", given, found.evidence()).isEqualTo(given.expected());
    }

    @Test
    void noRowOfTheTableIsDeadAndNoCodeIsWithoutRow() {
        Set<AnalysisCode> found = ProblemCases.all().stream()
                .map(FailureAnalyzerTest::examine)
                .map(FailureAnalysis::code)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(AnalysisCode.class)));
        Set<AnalysisCode> findable = EnumSet.allOf(AnalysisCode.class);
        assertThat(found).containsExactlyInAnyOrderElementsOf(findable);
        assertThat(ProblemRules.ROWS).extracting(ProblemRule::code).doesNotHaveDuplicates();
        assertThat(ProblemRules.ROWS).hasSize(findable.size() - 1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void whatIsActionableIsWhatARecoveryExistsFor(ProblemCases.Case given) {
        assertThat(examine(given).actionable())
                .isEqualTo(RecoveryType.recovering(given.expected()).isPresent());
    }

    @Test
    void evidenceNamesWhoIsWaitedFor() {
        FailureAnalysis found = examine(
                star().with(ProblemCases.gone(), "p")
                        .with(ProblemCases.lost(), "r1", "r2")
                        .with(m -> m.readAgo(Duration.ofSeconds(5)), "r3"),
                "p");
        assertThat(found.evidence())
                .anySatisfy(e -> assertThat(e).contains("p:3306 does not answer since 2026-03-01T11:59:57Z: REFUSED"))
                .contains("waiting for fresh reads of r3:3306");
        assertThat(found.actionable()).isFalse();
    }

    @Test
    void evidenceSaysThatNobodyTried() {
        FailureAnalysis found =
                examine(star().with(ProblemCases.gone(), "p").with(ProblemCases.stopped(), "r1", "r2", "r3"), "p");
        assertThat(found.evidence())
                .contains("no replica tries to reach its source, so none can confirm that it is gone");
    }

    @Test
    void findingsOfAClusterComeMostSevereFirst() {
        Fleet fleet = ProblemCases.chain()
                .with(ProblemCases.stopped(), "r1", "r2")
                .with(m -> m.facts(f -> f.readOnly(true)), "p")
                .build();
        List<FailureAnalysis> found = new FailureAnalyzer(POLICY)
                .analyze(
                        new FailureAnalyzer.Question(fleet, Intents.NONE, DetectionHistory.NONE, NOW),
                        FleetBuilder.CLUSTER);
        assertThat(found)
                .extracting(FailureAnalysis::code)
                .containsExactly(
                        AnalysisCode.ALL_INTERMEDIATE_SOURCE_REPLICAS_NOT_REPLICATING, AnalysisCode.NO_PROBLEM);
        assertThat(found.get(1).warnings()).containsExactly(StructureWarning.NO_WRITEABLE_PRIMARY);
    }

    @Test
    void aFencedFormerPrimaryIsNotRecoveredAgain() {
        FleetBuilder fleet = star().with(ProblemCases.gone(), "p").with(ProblemCases.lost(), "r1", "r2", "r3");
        assertThat(examine(fleet, "p").actionable()).isTrue();
        FailureAnalysis found = examine(fleet, "p", fenced("p", "r1"));
        assertThat(found.code()).isEqualTo(AnalysisCode.DEAD_PRIMARY);
        assertThat(found.actionable()).isFalse();
        assertThat(found.evidence()).anySatisfy(e -> assertThat(e).contains("taken the place"));
    }

    @Test
    void theReplicasThatAFencedIntermediateSourceLeftBehindAreMovedAllTheSame() {
        FleetBuilder fleet = new FleetBuilder(NOW)
                .primary("p")
                .replica("i", "p")
                .replica("o", "i")
                .with(ProblemCases.gone(), "i")
                .with(ProblemCases.lost(), "o");
        FailureAnalysis found = examine(fleet, "i", fenced("i", "p"));
        assertThat(found.code())
                .isEqualTo(AnalysisCode.DEAD_INTERMEDIATE_SOURCE_WITH_SINGLE_REPLICA_FAILING_TO_CONNECT);
        assertThat(found.actionable()).isTrue();
    }

    private static List<Fence> fenced(String server, String successor) {
        Fence fence = new Fence(
                MemberBuilder.uuid(server),
                key(server),
                FleetBuilder.CLUSTER,
                key(successor),
                "uid",
                FenceState.PENDING,
                "",
                NOW);
        return List.of(fence);
    }

    private static Intents downtimed(String... names) {
        Map<InstanceKey, Downtime> downtimes = new HashMap<>();
        for (String name : names) {
            downtimes.put(
                    key(name),
                    new Downtime(key(name), new Actor("me", Origin.CLI, "n"), "why", NOW, NOW.plusSeconds(60)));
        }
        return new Intents(true, downtimes, Map.of(), Map.of());
    }

    @Test
    void aProblemOfReplicasIsCoveredByADowntimeOfAllOfThem() {
        FleetBuilder fleet = star().with(ProblemCases.stopped(), "r1", "r2", "r3");
        assertThat(examine(fleet, "p", downtimed("r1", "r2")).downtimed()).isFalse();
        assertThat(examine(fleet, "p", downtimed("r1", "r2", "r3")).downtimed()).isTrue();
        assertThat(examine(fleet, "p", downtimed("p")).downtimed()).isTrue();
    }

    @Test
    void aDeadPrimaryIsNotCoveredByADowntimeOfItsReplicas() {
        FleetBuilder fleet = star().with(ProblemCases.gone(), "p").with(ProblemCases.lost(), "r1", "r2", "r3");
        assertThat(examine(fleet, "p", downtimed("r1", "r2", "r3")).downtimed()).isFalse();
    }

    @Test
    void structureWarningsAreTold() {
        assertThat(examine(star(), "p").warnings()).isEmpty();
        assertThat(warnings(m -> m.facts(f -> f.logReplicaUpdates(false)), "r1", "r2", "r3"))
                .containsExactly(StructureWarning.NO_LOGGING_REPLICAS);
        assertThat(warnings(m -> m.facts(f -> f.logReplicaUpdates(false)), "r1", "r2"))
                .isEmpty();
        assertThat(warnings(m -> m.channel(c -> c.autoPosition(false)), "r1"))
                .containsExactly(StructureWarning.NO_FAILOVER_SUPPORT);
        assertThat(warnings(m -> m.facts(f -> f.binlogFormat("STATEMENT")), "r1"))
                .containsExactly(StructureWarning.STATEMENT_AND_ROW_LOGGING_REPLICAS);
        assertThat(warnings(m -> m.facts(f -> f.binlogFormat("MIXED")), "r1"))
                .containsExactly(StructureWarning.MIXED_AND_ROW_LOGGING_REPLICAS);
        assertThat(warnings(m -> m.facts(f -> f.gtidMode("OFF")), "r1"))
                .containsExactly(StructureWarning.DIFFERENT_GTID_MODES);
        assertThat(warnings(
                        m -> m.facts(f -> f.errantGtids(
                                dev.orchestrator.api.model.GtidSet.parse(MemberBuilder.uuid("r1") + ":1"))),
                        "r1"))
                .containsExactly(StructureWarning.ERRANT_GTID);
        assertThat(warnings(m -> m.facts(f -> f.readOnly(true)), "p"))
                .containsExactly(StructureWarning.NO_WRITEABLE_PRIMARY);
        assertThat(warnings(
                        m -> m.semiSync(new dev.orchestrator.api.model.SemiSyncState(
                                true, true, false, false, false, 1, Duration.ofSeconds(10), 0)),
                        "p"))
                .containsExactly(StructureWarning.NOT_ENOUGH_SEMI_SYNC_REPLICAS);
    }

    private static List<StructureWarning> warnings(
            java.util.function.UnaryOperator<MemberBuilder> change, String... names) {
        return examine(star().with(change, names), "p").warnings();
    }

    @Test
    void mixedFormatsAndVersionsAreTold() {
        FleetBuilder formats = star().with(m -> m.facts(f -> f.binlogFormat("STATEMENT")), "r1")
                .with(m -> m.facts(f -> f.binlogFormat("MIXED")), "r2", "r3");
        assertThat(examine(formats, "p").warnings())
                .containsExactly(StructureWarning.STATEMENT_AND_MIXED_LOGGING_REPLICAS);
        FleetBuilder versions = star();
        versions.add(
                "r4",
                m -> m.facts(f -> dev.orchestrator.api.model.Instance.builder(
                                        key("r4"), ServerVersion.parse("9.7.4", ""))
                                .binlogEnabled(true)
                                .logReplicaUpdates(true)
                                .binlogFormat("ROW")
                                .gtidMode("ON"))
                        .replicaOf("p"));
        assertThat(examine(versions, "p").warnings()).containsExactly(StructureWarning.MULTIPLE_MAJOR_VERSIONS);
    }

    @Test
    void aServerThatFailsInAnotherWayStartsANewFailure() {
        FleetBuilder fleet = star().with(m -> m.fails(ProbeFailure.Kind.ACCESS_DENIED, Duration.ofHours(1)), "p");
        dev.orchestrator.api.model.FleetMember denied = fleet.members().get(0);
        dev.orchestrator.api.model.FleetMember silent =
                denied.observed(new dev.orchestrator.api.model.Observation.Failed(
                        key("p"), new ProbeFailure(ProbeFailure.Kind.REFUSED, ""), NOW, SINCE));
        assertThat(silent.failingSince()).isEqualTo(NOW);
    }

    @Test
    void anAggregatorBearsWitnessByTheChannelThatReadsFromTheDeadPrimary() {
        FleetBuilder fleet = new FleetBuilder(NOW)
                .primary("p")
                .add("p", m -> m.fails(ProbeFailure.Kind.REFUSED, SINCE))
                .add("r", m -> m.replicaOf("p").receiver(ReplicationThreadState.CONNECTING))
                .primary("other")
                .add(
                        "agg",
                        m -> m.alsoReplicaOf("other", "a")
                                .replicaOf("p")
                                .channel(c -> c.name("b"))
                                .receiver(ReplicationThreadState.CONNECTING));
        FailureAnalysis found = examine(fleet, "p");
        assertThat(found.code()).as("%s", found.evidence()).isEqualTo(AnalysisCode.DEAD_PRIMARY);
        assertThat(found.counts().total()).isEqualTo(2);
        assertThat(found.counts().failingToConnect()).isEqualTo(2);

        fleet.with(m -> m.receiver(ReplicationThreadState.RUNNING), "agg");
        assertThat(examine(fleet, "p").code()).isEqualTo(AnalysisCode.UNREACHABLE_PRIMARY);
    }

    @Test
    void aChannelLeftFromBeforeIsAWarningAndTheServerAPrimaryThatCanDie() {
        FleetBuilder fleet = new FleetBuilder(NOW)
                .add(
                        "p",
                        m -> m.writable()
                                .replicaOf("ghost")
                                .channel(c -> c.receiver(ReplicationThreadState.STOPPED)
                                        .applier(ReplicationThreadState.STOPPED)
                                        .leftover(true)))
                .replica("r", "p");
        FailureAnalysis alive = examine(fleet, "p");
        assertThat(alive.code()).isEqualTo(AnalysisCode.NO_PROBLEM);
        assertThat(alive.warnings()).containsExactly(StructureWarning.LEFTOVER_CHANNEL);
        assertThat(alive.evidence()).anyMatch(e -> e.contains("RESET REPLICA ALL"));

        fleet.with(m -> m.fails(ProbeFailure.Kind.REFUSED, SINCE), "p")
                .with(m -> m.receiver(ReplicationThreadState.CONNECTING), "r");
        FailureAnalysis dead = examine(fleet, "p");
        assertThat(dead.code()).isEqualTo(AnalysisCode.DEAD_PRIMARY);
        assertThat(dead.actionable()).isTrue();
    }
}
