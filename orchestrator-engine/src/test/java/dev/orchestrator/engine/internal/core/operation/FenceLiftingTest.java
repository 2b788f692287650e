package dev.orchestrator.engine.internal.core.operation;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.operation.FenceOperation.ForceLiftFence;
import dev.orchestrator.api.operation.FenceOperation.LiftFence;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may be freed from a fence, and when a second writer could arise from it. */
class FenceLiftingTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    /** p took over from old, which came back; r follows p. */
    private static FleetBuilder fleet() {
        return new FleetBuilder(NOW).primary("p").replica("r", "p").add("old", MemberBuilder::detached);
    }

    private static FleetBuilder readOnlyPrimary() {
        return fleet().with(m -> m.facts(f -> f.readOnly(true).superReadOnly(true)), "p");
    }

    private static FleetBuilder silent(FleetBuilder fleet, String name) {
        return fleet.with(m -> m.fails(ProbeFailure.Kind.REFUSED, Duration.ofSeconds(9)), name);
    }

    private static Fence fence(FenceState state) {
        return new Fence(
                MemberBuilder.uuid("old"), key("old"), FleetBuilder.CLUSTER, key("p"), "uid", state, "note", NOW);
    }

    private static Proposed plan(Fleet fleet, Function<InstanceKey, Operation> kind, String server, Fence... fences) {
        return Proposed.of(fleet, kind.apply(key(server)), List.of(fences));
    }

    static Stream<Arguments> snapshots() {
        return Stream.of(
                snapshot("its successor is writable", fleet(), "p:3306 is writable"),
                snapshot("its successor is read-only", readOnlyPrimary(), null),
                snapshot(
                        "its successor was killed",
                        silent(fleet(), "p"),
                        "p:3306 took over and does not answer: it may be writable"),
                snapshot(
                        "a replica is writable",
                        readOnlyPrimary().with(MemberBuilder::writable, "r"),
                        "r:3306 is writable"),
                snapshot("a replica that is read-only is silent", silent(readOnlyPrimary(), "r"), null),
                snapshot("it replicates from its successor", fleet().replica("old", "p"), null),
                snapshot(
                        "it replicates from its successor and is writable",
                        fleet().replica("old", "p").with(MemberBuilder::writable, "old"),
                        "p:3306 is writable"),
                snapshot("it does not answer", silent(fleet(), "old"), "p:3306 is writable"),
                snapshot("it does not answer, and nobody is writable", silent(readOnlyPrimary(), "old"), null));
    }

    private static Arguments snapshot(String name, FleetBuilder fleet, @Nullable String refusal) {
        return Arguments.of(named(name, fleet.build()), refusal);
    }

    @ParameterizedTest
    @MethodSource("snapshots")
    void isLiftedWhereNobodyElseCanBeWrittenOrByForce(Fleet fleet, @Nullable String refusal) {
        Proposed asked = plan(fleet, LiftFence::new, "old", fence(FenceState.FENCED));
        if (refusal == null) {
            assertThat(asked.plan()).isNotNull();
        } else {
            GateVerdict verdict = asked.decision().refusal().orElseThrow();
            assertThat(verdict.refusal()).isEqualTo(RefusalReason.OTHER_WRITER);
            assertThat(verdict.facts()).contains(refusal).contains("force-lift-fence");
        }
        Proposed forced = plan(fleet, ForceLiftFence::new, "old", fence(FenceState.FENCED));
        assertThat(requireNonNull(forced.plan()).stages()).isEmpty();
        assertThat(forced.touched()).containsExactly(key("old"), key("p"));
        if (refusal != null) {
            assertThat(forced.verdicts()).anyMatch(v -> v.facts().contains("forced, although " + refusal));
        }
    }

    @Test
    void whereNoFenceStandsThereIsNothingToLift() {
        for (Function<InstanceKey, Operation> kind :
                List.<Function<InstanceKey, Operation>>of(LiftFence::new, ForceLiftFence::new)) {
            assertThat(plan(fleet().build(), kind, "r", fence(FenceState.AHEAD))
                            .decision()
                            .refusal()
                            .map(GateVerdict::refusal))
                    .contains(RefusalReason.NOT_FENCED);
            assertThat(plan(fleet().build(), kind, "old", fence(FenceState.LIFTED))
                            .plan())
                    .isNull();
        }
    }

    @Test
    void anotherServerAtThePlaceOfAFormerPrimaryIsNotTheOneThatIsFenced() {
        Fleet fleet = fleet().with(m -> m.facts(f -> f.serverUuid(MemberBuilder.uuid("other"))), "old")
                .build();
        assertThat(plan(fleet, ForceLiftFence::new, "old", fence(FenceState.PENDING))
                        .plan())
                .isNull();
    }

    @Test
    void everybodyOfItsClusterIsToBeReadAnewBefore() {
        OperationContext context = new OperationContext(
                fleet().build(), OrchestratorConfig.builder().build(), List.of(fence(FenceState.AHEAD)), "somebody");
        assertThat(new FenceLifting(context).concerned(key("old")))
                .containsExactlyInAnyOrder(key("old"), key("p"), key("r"));
    }
}
