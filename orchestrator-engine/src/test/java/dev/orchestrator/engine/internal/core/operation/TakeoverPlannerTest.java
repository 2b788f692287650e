package dev.orchestrator.engine.internal.core.operation;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Downtime;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceBuilder;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.TakeoverOperation.GracefulTakeover;
import dev.orchestrator.api.operation.TakeoverOperation.GracefulTakeoverAuto;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.engine.fleet.FleetBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whether a living primary may hand over, and to whom. */
class TakeoverPlannerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Operation AUTO = new GracefulTakeoverAuto(key("p"), null);
    private static final Operation TO_R2 = new GracefulTakeover(key("p"), key("r2"));

    /** p with r1 and r2; r3 below r2. */
    private static FleetBuilder fleet() {
        return new FleetBuilder(NOW)
                .primary("p")
                .replica("r1", "p")
                .replica("r2", "p")
                .replica("r3", "r2");
    }

    private static TakeoverProposal plan(FleetBuilder fleet, Operation requested, Intents intents) {
        return plan(fleet.build(), requested, intents, Map.of());
    }

    private static TakeoverProposal plan(
            Fleet fleet, Operation requested, Intents intents, Map<InstanceKey, String> locked) {
        return new TakeoverPlanner(fleet, OrchestratorConfig.builder().build(), intents, locked)
                .plan(OperationProcedures.of(requested).match(new OperationBinding.Cases<>() {
                    @Override
                    public OperationBinding.Switchover direct(OperationBinding.Direct it) {
                        throw new AssertionError(requested.describe() + " is no switchover");
                    }

                    @Override
                    public OperationBinding.Switchover switchover(OperationBinding.Switchover it) {
                        return it;
                    }
                }));
    }

    private static Intents rule(String server, PromotionRule rule) {
        return new Intents(true, Map.of(), Map.of(key(server), rule), Map.of());
    }

    private static Intents downtime(String server) {
        Actor ann = new Actor("ann", Origin.CLI, "here");
        Downtime downtime = new Downtime(key(server), ann, "disk", NOW, NOW.plusSeconds(600));
        return new Intents(true, Map.of(key(server), downtime), Map.of(), Map.of());
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refused("not known", f -> f, requested("x", null), RefusalReason.UNKNOWN_INSTANCE, "discover it first"),
                refused("does not answer", silent("p"), AUTO, RefusalReason.INSTANCE_UNREACHABLE, "p:3306"),
                refused(
                        "a replica",
                        f -> f,
                        requested("r2", null),
                        RefusalReason.UNSUPPORTED_TOPOLOGY,
                        "itself a replica"),
                refused(
                        "read-only",
                        facts("p", f -> f.readOnly(true)),
                        AUTO,
                        RefusalReason.UNSUPPORTED_TOPOLOGY,
                        "no writes"),
                refused(
                        "without GTID",
                        facts("p", f -> f.gtidMode("OFF")),
                        AUTO,
                        RefusalReason.UNSUPPORTED_TOPOLOGY,
                        "gtid_mode OFF"),
                refused(
                        "a MariaDB server",
                        f -> f.with(m -> m.version("10.11.18-MariaDB").writable(), "p"),
                        AUTO,
                        RefusalReason.UNSUPPORTED_TOPOLOGY,
                        "By hand: set-read-only -i p:3306"),
                refused(
                        "without identity",
                        facts("p", f -> f.serverUuid("")),
                        AUTO,
                        RefusalReason.UNSUPPORTED_TOPOLOGY,
                        "GTID only"),
                refused(
                        "a silent replica",
                        silent("r1"),
                        AUTO,
                        RefusalReason.INSTANCE_UNREACHABLE,
                        "begin their downtime"),
                refused(
                        "a replica that follows by position",
                        f -> f.with(m -> m.channel(c -> c.autoPosition(false)), "r1"),
                        AUTO,
                        RefusalReason.UNSUPPORTED_TOPOLOGY,
                        "auto-position"),
                refused(
                        "nobody is named and there are two",
                        f -> f,
                        new GracefulTakeover(key("p"), null),
                        RefusalReason.CANDIDATE_UNFIT,
                        "it has 2 replicas"),
                refused(
                        "the named one is a grandchild",
                        f -> f,
                        requested("p", "r3"),
                        RefusalReason.CANDIDATE_UNFIT,
                        "no direct replica"),
                refused(
                        "the named one is itself",
                        f -> f,
                        requested("p", "p"),
                        RefusalReason.CANDIDATE_UNFIT,
                        "no direct replica"),
                refused(
                        "the named one lags",
                        f -> f.with(m -> m.channel(c -> c.lag(Duration.ofMinutes(10))), "r2"),
                        TO_R2,
                        RefusalReason.CANDIDATE_UNFIT,
                        "lags by 600 s"),
                refused(
                        "the lag of the named one is not known",
                        f -> f.with(m -> m.channel(c -> c.lag(null)), "r2"),
                        TO_R2,
                        RefusalReason.CANDIDATE_UNFIT,
                        "an unknown time"),
                refused(
                        "the named one's receiver stands",
                        f -> f.with(m -> m.receiver(ReplicationThreadState.STOPPED), "r2"),
                        TO_R2,
                        RefusalReason.CANDIDATE_UNFIT,
                        "does not replicate"),
                refused(
                        "the named one logs nothing of what it applies",
                        facts("r2", f -> f.logReplicaUpdates(false)),
                        TO_R2,
                        RefusalReason.CANDIDATE_UNFIT,
                        "r2:3306"),
                refused(
                        "the primary is older than all its replicas",
                        older("p"),
                        AUTO,
                        RefusalReason.CANDIDATE_UNFIT,
                        "older than"));
    }

    private static Operation requested(String primary, @Nullable String successor) {
        return new GracefulTakeoverAuto(key(primary), successor == null ? null : key(successor));
    }

    private static UnaryOperator<FleetBuilder> silent(String name) {
        return f -> f.with(m -> m.fails(ProbeFailure.Kind.TIMEOUT, Duration.ofSeconds(9)), name);
    }

    private static UnaryOperator<FleetBuilder> facts(String name, UnaryOperator<InstanceBuilder> change) {
        return f -> f.with(m -> m.facts(change), name);
    }

    private static UnaryOperator<FleetBuilder> older(String name) {
        return facts(name, f -> {
            Instance now = f.build();
            return Instance.builder(now.key(), ServerVersion.parse("5.7.44", "MySQL Community Server - GPL"))
                    .serverUuid(now.serverUuid())
                    .serverId(now.serverId())
                    .readOnly(now.readOnly())
                    .binlogEnabled(true)
                    .logReplicaUpdates(true)
                    .binlogFormat("ROW")
                    .gtidMode("ON");
        });
    }

    private static Arguments refused(
            String name, UnaryOperator<FleetBuilder> change, Operation requested, RefusalReason reason, String said) {
        return Arguments.of(named(name, change), requested, reason, said);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refuses(UnaryOperator<FleetBuilder> change, Operation requested, RefusalReason reason, String said) {
        TakeoverProposal proposal = plan(change.apply(fleet()), requested, Intents.NONE);
        assertThat(proposal.passed()).isFalse();
        GateVerdict last = proposal.verdicts().get(proposal.verdicts().size() - 1);
        assertThat(last.refusal()).isEqualTo(reason);
        assertThat(last.facts()).contains(said);
        assertThat(proposal.replicas()).isEmpty();
    }

    @Test
    void refusesAPrimaryWithoutReplicas() {
        TakeoverProposal proposal = plan(new FleetBuilder(NOW).primary("p"), AUTO, Intents.NONE);
        assertThat(proposal.verdicts())
                .last()
                .satisfies(v -> assertThat(v.refusal()).isEqualTo(RefusalReason.NO_CANDIDATE));
    }

    @Test
    void theNamedOneTakesOverAndItsSiblingsFollow() {
        TakeoverProposal proposal = plan(fleet(), TO_R2, Intents.NONE);
        assertThat(proposal.passed()).as("%s", proposal.verdicts()).isTrue();
        assertThat(requireNonNull(proposal.successor()).key()).isEqualTo(key("r2"));
        assertThat(requireNonNull(proposal.primary()).key()).isEqualTo(key("p"));
        assertThat(proposal.replicas()).containsExactlyInAnyOrder(key("r1"), key("r2"));
        assertThat(proposal.leftAlone()).isEmpty();
    }

    @Test
    void theOnlyReplicaNeedNotBeNamed() {
        FleetBuilder two = new FleetBuilder(NOW).primary("p").replica("r1", "p");
        TakeoverProposal proposal = plan(two, new GracefulTakeover(key("p"), null), Intents.NONE);
        assertThat(requireNonNull(proposal.successor()).key()).isEqualTo(key("r1"));
    }

    private static InstanceKey chosen(Intents intents) {
        return requireNonNull(plan(fleet(), AUTO, intents).successor()).key();
    }

    @Test
    void thePromotionRuleDecidesWhereNobodyIsNamed() {
        assertThat(chosen(rule("r1", PromotionRule.PREFER))).isEqualTo(key("r1"));
        assertThat(chosen(rule("r2", PromotionRule.PREFER))).isEqualTo(key("r2"));
        assertThat(chosen(rule("r1", PromotionRule.MUST_NOT))).isEqualTo(key("r2"));
    }

    @Test
    void aSilentReplicaInDowntimeIsLeftBehind() {
        TakeoverProposal proposal = plan(silent("r1").apply(fleet()), AUTO, downtime("r1"));
        assertThat(proposal.passed()).as("%s", proposal.verdicts()).isTrue();
        assertThat(requireNonNull(proposal.successor()).key()).isEqualTo(key("r2"));
        assertThat(proposal.leftAlone()).containsEntry(key("r1"), "does not answer");
    }

    @Test
    void whoIsLockedBySomebodyStaysWhereItIs() {
        Map<InstanceKey, String> locked = Map.of(key("r2"), "locked by ann");
        TakeoverProposal proposal = plan(fleet().build(), AUTO, Intents.NONE, locked);
        assertThat(requireNonNull(proposal.successor()).key()).isEqualTo(key("r1"));
        assertThat(proposal.leftAlone()).containsEntry(key("r2"), "locked by ann");
        assertThat(plan(fleet().build(), TO_R2, Intents.NONE, locked).passed()).isFalse();
    }

    @Test
    void whoCannotFollowTheSuccessorStaysBelowTheFormerPrimary() {
        FleetBuilder most = fleet().replica("r4", "p").replica("r5", "p");
        TakeoverProposal proposal = plan(older("r1").apply(most), TO_R2, Intents.NONE);
        assertThat(proposal.passed()).as("%s", proposal.verdicts()).isTrue();
        assertThat(proposal.leftAlone()).containsOnlyKeys(key("r1"));
        assertThat(proposal.leftAlone().get(key("r1"))).contains("older");
    }
}
