package dev.orchestrator.engine.internal.core.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Downtime;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.analysis.ReplicaCounts;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.config.OrchestratorConfigBuilder;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.decision.GateFacts.BackendFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecoveryGatesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final ClusterId CLUSTER = new ClusterId("c1");
    private static final InstanceKey PRIMARY = new InstanceKey("db1", 3306);
    private static final InstanceKey REPLICA = new InstanceKey("db2", 3306);
    private static final Actor ALICE = new Actor("alice", Origin.CLI, "n");

    /** A case in which everything speaks for a recovery, until something is changed. */
    private static final class Case {
        @Nullable
        AnalysisCode code = AnalysisCode.DEAD_PRIMARY;

        InstanceKey instance = PRIMARY;
        boolean automatic = true;
        boolean leading = true;
        boolean autoPosition = true;
        String version = "8.0.31";
        boolean replicaReachable = true;
        OrchestratorConfigBuilder config = OrchestratorConfig.builder().primaryRecoveryFilters(List.of("*"));
        Intents intents = Intents.NONE;

        List<RecoveryRecord> blocking = List.of();
        int failedAttempts;

        @Nullable
        RecoveryRecord active;

        @Nullable
        LockInfo lock;

        List<Fence> fences = List.of();

        GateFacts facts() {
            return new GateFacts(
                    instance,
                    code == null ? null : analysis(code),
                    fleet(),
                    config.build(),
                    automatic,
                    leading,
                    NOW,
                    new BackendFacts(intents, blocking, failedAttempts, active, lock, fences));
        }

        private Fleet fleet() {
            Instance replica = Instance.builder(REPLICA, ServerVersion.parse(version, ""))
                    .gtidMode(autoPosition ? "ON" : "OFF")
                    .channels(List.of(ReplicationChannel.builder(PRIMARY)
                            .autoPosition(autoPosition)
                            .build()))
                    .build();
            ProbeFailure failure = new ProbeFailure(ProbeFailure.Kind.REFUSED, "refused");
            return Fleet.of(
                    List.of(
                            new FleetMember(PRIMARY, CLUSTER, null, null, NOW, failure, NOW, Duration.ZERO),
                            new FleetMember(
                                    REPLICA,
                                    CLUSTER,
                                    replica,
                                    NOW,
                                    NOW,
                                    replicaReachable ? null : failure,
                                    null,
                                    Duration.ZERO)),
                    List.of(new Cluster(CLUSTER, "db1:3306", "shop", "", PRIMARY)),
                    Map.of());
        }

        List<GateVerdict> ask() {
            return RecoveryGates.ask(facts());
        }

        Optional<RefusalReason> refusal() {
            return ask().stream()
                    .flatMap(v -> Optional.ofNullable(v.refusal()).stream())
                    .findFirst();
        }
    }

    private static FailureAnalysis analysis(AnalysisCode code) {
        return new FailureAnalysis(
                code,
                PRIMARY,
                null,
                CLUSTER,
                true,
                false,
                false,
                true,
                false,
                0,
                new ReplicaCounts(1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 1),
                List.of(REPLICA),
                List.of(),
                List.of("because"));
    }

    private static Fence fence(InstanceKey server) {
        return new Fence("uuid of " + server, server, CLUSTER, REPLICA, "uid-0", FenceState.PENDING, "", NOW);
    }

    private static RecoveryRecord recovery(@Nullable Instant endedAt, boolean successful) {
        return RecoveryRecord.builder(
                        "uid-1", CLUSTER, AnalysisCode.DEAD_PRIMARY, PRIMARY, ALICE, NOW.minusSeconds(7200))
                .endedAt(endedAt)
                .successful(successful)
                .build();
    }

    private static Arguments refuses(String name, RefusalReason reason, boolean aPersonToo, Consumer<Case> change) {
        return argumentSet(name, reason, aPersonToo, change);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refuses(
                        "unknown instance",
                        RefusalReason.UNKNOWN_INSTANCE,
                        true,
                        c -> c.instance = new InstanceKey("nobody", 1)),
                refuses("no problem", RefusalReason.NO_PROBLEM, true, c -> c.code = null),
                refuses(
                        "not confirmed",
                        RefusalReason.NOT_CONFIRMED,
                        true,
                        c -> c.code = AnalysisCode.UNREACHABLE_PRIMARY),
                refuses(
                        "nobody left",
                        RefusalReason.NO_CANDIDATE,
                        true,
                        c -> c.code = AnalysisCode.DEAD_PRIMARY_AND_REPLICAS),
                refuses(
                        "no replica",
                        RefusalReason.NO_CANDIDATE,
                        true,
                        c -> c.code = AnalysisCode.DEAD_PRIMARY_WITHOUT_REPLICAS),
                refuses("no replica answers", RefusalReason.NO_CANDIDATE, true, c -> c.replicaReachable = false),
                refuses("no GTID", RefusalReason.UNSUPPORTED_TOPOLOGY, true, c -> c.autoPosition = false),
                refuses(
                        "co-primary",
                        RefusalReason.UNSUPPORTED_TOPOLOGY,
                        true,
                        c -> c.code = AnalysisCode.DEAD_CO_PRIMARY),
                refuses("replaced", RefusalReason.SUPERSEDED, true, c -> c.fences = List.of(fence(PRIMARY))),
                refuses("not the leader", RefusalReason.NOT_LEADER, false, c -> c.leading = false),
                refuses("observe only", RefusalReason.OBSERVE_ONLY, false, c -> c.config.observeOnly(true)),
                refuses(
                        "forbidden",
                        RefusalReason.DISABLED_BY_CONFIGURATION,
                        false,
                        c -> c.config.recoveryForbiddenBy(List.of("PreFailoverProcesses"))),
                refuses(
                        "global switch",
                        RefusalReason.GLOBALLY_DISABLED,
                        false,
                        c -> c.intents = new Intents(false, Map.of(), Map.of(), Map.of())),
                refuses(
                        "not configured",
                        RefusalReason.CLUSTER_NOT_CONFIGURED,
                        false,
                        c -> c.config.primaryRecoveryFilters(List.of("other"))),
                refuses(
                        "not configured for intermediate sources",
                        RefusalReason.CLUSTER_NOT_CONFIGURED,
                        false,
                        c -> c.code = AnalysisCode.DEAD_INTERMEDIATE_SOURCE),
                refuses(
                        "intermediate source not confirmed",
                        RefusalReason.NOT_CONFIRMED,
                        true,
                        c -> c.code = AnalysisCode.UNREACHABLE_INTERMEDIATE_SOURCE),
                refuses(
                        "downtime",
                        RefusalReason.DOWNTIMED,
                        false,
                        c -> c.intents = new Intents(
                                true,
                                Map.of(PRIMARY, new Downtime(PRIMARY, ALICE, "repair", NOW, NOW.plusSeconds(60))),
                                Map.of(),
                                Map.of())),
                refuses(
                        "anti-flapping",
                        RefusalReason.ANTI_FLAPPING,
                        false,
                        c -> c.blocking = List.of(recovery(NOW.minusSeconds(3599), true))),
                refuses("a failed attempt a moment ago", RefusalReason.ANTI_FLAPPING, false, c -> {
                    c.blocking = List.of(recovery(NOW.minusSeconds(29), false));
                    c.failedAttempts = 1;
                }),
                refuses("the third failed attempt in a row", RefusalReason.ANTI_FLAPPING, false, c -> {
                    c.blocking = List.of(recovery(NOW.minusSeconds(119), false));
                    c.failedAttempts = 3;
                }),
                refuses("active recovery", RefusalReason.RECOVERY_ACTIVE, true, c -> c.active = recovery(null, false)),
                refuses(
                        "locked",
                        RefusalReason.LOCKED,
                        true,
                        c -> c.lock = new LockInfo(1, PRIMARY, ALICE, "mine", "t", NOW, NOW, Duration.ZERO, false)));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusesWithItsReason(RefusalReason reason, boolean aPersonToo, Consumer<Case> change) {
        Case automatic = new Case();
        change.accept(automatic);
        assertThat(automatic.refusal()).hasValue(reason);
        assertThat(automatic.ask()).last().satisfies(v -> assertThat(v.passed()).isFalse());

        Case manual = new Case();
        change.accept(manual);
        manual.automatic = false;
        assertThat(manual.refusal()).isEqualTo(aPersonToo ? Optional.of(reason) : Optional.empty());
    }

    @Test
    void ofMariaDbItSaysWhatToDoByHand() {
        Case given = new Case();
        given.version = "10.11.6-MariaDB";
        given.autoPosition = false;
        assertThat(given.ask()).last().satisfies(v -> {
            assertThat(v.refusal()).isEqualTo(RefusalReason.UNSUPPORTED_TOPOLOGY);
            assertThat(v.facts()).contains("db2:3306 is a MariaDB server", "by hand", "set-writeable");
        });
    }

    @Test
    void letsThroughWhatNothingSpeaksAgainst() {
        Case given = new Case();
        given.fences = List.of(fence(REPLICA));
        List<GateVerdict> verdicts = given.ask();
        assertThat(verdicts)
                .hasSize(13)
                .allMatch(GateVerdict::passed)
                .allMatch(v -> !v.facts().isBlank());
        assertThat(RecoveryGates.passed(verdicts)).isTrue();
    }

    @Test
    void asksInAFixedOrderAndStopsAtTheFirstRefusal() {
        List<String> order = new Case().ask().stream().map(GateVerdict::gate).toList();
        Case two = new Case();
        two.config.primaryRecoveryFilters(List.of());
        two.active = recovery(null, false);
        List<String> asked = two.ask().stream().map(GateVerdict::gate).toList();

        assertThat(asked).isEqualTo(order.subList(0, asked.size()));
        assertThat(two.refusal()).hasValue(RefusalReason.CLUSTER_NOT_CONFIGURED);
    }

    @Test
    void theBackendsGatesAreNotAskedBeforeItWas() {
        Case c = new Case();
        c.active = recovery(null, false);
        GateFacts facts = c.facts();
        List<GateVerdict> quick = RecoveryGates.ask(
                new GateFacts(PRIMARY, facts.analysis(), facts.fleet(), facts.config(), true, true, NOW, null));
        List<String> gates = new ArrayList<>();
        quick.forEach(v -> gates.add(v.gate()));

        assertThat(quick).allMatch(GateVerdict::passed);
        assertThat(gates).isNotEmpty().noneMatch(g -> g.contains("active") || g.contains("lock"));
    }

    @Test
    void blocksEndByThemselves() {
        Case old = new Case();
        old.blocking = List.of(recovery(NOW.minusSeconds(3601), true));
        Case failedOnce = new Case();
        failedOnce.blocking = List.of(recovery(NOW.minusSeconds(31), false));
        failedOnce.failedAttempts = 1;
        assertThat(old.refusal()).isEmpty();
        assertThat(failedOnce.refusal()).isEmpty();
    }

    @Test
    void aFailedAttemptDoesNotHideTheRecoveryBeforeIt() {
        Case given = new Case();
        given.blocking = List.of(recovery(NOW.minusSeconds(600), false), recovery(NOW.minusSeconds(900), true));
        given.failedAttempts = 1;
        assertThat(given.refusal()).contains(RefusalReason.ANTI_FLAPPING);
    }

    @Test
    void thePauseAfterFailuresNeverExceedsTheBlockPeriod() {
        Case often = new Case();
        often.blocking = List.of(recovery(NOW.minusSeconds(3601), false));
        often.failedAttempts = 1000;
        assertThat(often.refusal()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(AnalysisCode.class)
    void everyAnalysisHasAnAnswer(AnalysisCode code) {
        Case c = new Case();
        c.code = code;
        boolean recovered = code == AnalysisCode.DEAD_PRIMARY || code == AnalysisCode.DEAD_PRIMARY_AND_SOME_REPLICAS;
        assertThat(c.refusal().isEmpty()).isEqualTo(recovered);
    }
}
