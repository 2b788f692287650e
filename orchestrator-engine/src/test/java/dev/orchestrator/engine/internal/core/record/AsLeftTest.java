package dev.orchestrator.engine.internal.core.record;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryRecordBuilder;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.api.recovery.ServerBefore;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What shows that somebody else made another primary since a recovery was left under way, and what does not. */
class AsLeftTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    /** The primary p is dead; s, r and t are its replicas, x is below t. */
    private static FleetBuilder fleet() {
        return new FleetBuilder(NOW)
                .primary("p")
                .replica("s", "p")
                .replica("r", "p")
                .replica("t", "p")
                .replica("x", "t")
                .with(m -> m.executed(MemberBuilder.uuid("p") + ":1-10"), "p", "s", "r", "t", "x")
                .with(stopped(), "s", "r", "t")
                .with(m -> m.fails(ProbeFailure.Kind.REFUSED, Duration.ofSeconds(1)), "p");
    }

    private static UnaryOperator<MemberBuilder> stopped() {
        return m -> m.receiver(ReplicationThreadState.STOPPED);
    }

    private static UnaryOperator<MemberBuilder> below(String source) {
        return m -> m.replicaOf(source).receiver(ReplicationThreadState.RUNNING);
    }

    private static UnaryOperator<MemberBuilder> primary() {
        return m -> m.detached().writable();
    }

    private static MemberBuilder elsewhere(MemberBuilder server) {
        return server.writable().in(new ClusterId("another"));
    }

    private static RecoveryRecordBuilder record() {
        return record(new FleetBuilder(NOW)
                .primary("p")
                .replica("s", "p")
                .replica("r", "p")
                .replica("t", "p")
                .build());
    }

    private static RecoveryRecordBuilder record(Fleet begin) {
        return RecoveryRecord.builder(
                        "uid",
                        FleetBuilder.CLUSTER,
                        AnalysisCode.DEAD_PRIMARY,
                        key("p"),
                        new Actor("test", Origin.AUTOMATIC, "n1"),
                        NOW)
                .failedUuid(MemberBuilder.uuid("p"))
                .node("n1")
                .replicas(List.of(key("r"), key("s"), key("t")))
                .before(Stream.of("p", "r", "s", "t")
                        .flatMap(n -> begin.instance(key(n)).stream())
                        .map(ServerBefore::of)
                        .toList());
    }

    private static Optional<String> forward(FleetBuilder fleet) {
        return forward(fleet, record());
    }

    private static Optional<String> forward(FleetBuilder fleet, RecoveryRecordBuilder record, Fence... fences) {
        RecoveryRecord named = record.successor(key("s"))
                .successorUuid(MemberBuilder.uuid("s"))
                .build();
        return new AsLeft(named, List.of(fences), List.of(), fleet.build()).whyNotForward();
    }

    private static Optional<String> back(FleetBuilder fleet, Fence... fences) {
        return new AsLeft(record().build(), List.of(fences), List.of(), fleet.build()).whyNotBack();
    }

    private static Fence fence(String server, String recovery) {
        return new Fence(
                MemberBuilder.uuid(server),
                key(server),
                FleetBuilder.CLUSTER,
                key("s"),
                recovery,
                FenceState.PENDING,
                "",
                NOW);
    }

    @Test
    void whatTheRecoveryItselfMayHaveLeftIsNoOtherPrimary() {
        assertThat(forward(fleet())).isEmpty();
        assertThat(back(fleet())).isEmpty();
        assertThat(forward(fleet().with(primary(), "s"))).as("promoted").isEmpty();
        assertThat(forward(fleet().with(primary(), "s").with(below("s"), "r", "t")))
                .as("repointed")
                .isEmpty();
        assertThat(forward(fleet().with(m -> m.replicaOf("t").receiver(ReplicationThreadState.STOPPED), "s")))
                .as("caught up from a sibling")
                .isEmpty();
        assertThat(back(fleet().with(below("t"), "s"))).as("catching up").isEmpty();
        assertThat(back(fleet().with(below("t"), "s")
                        .with(m -> m.fails(ProbeFailure.Kind.REFUSED, Duration.ofSeconds(1)), "t")))
                .as("catching up from one that died")
                .isEmpty();
        assertThat(forward(fleet().with(MemberBuilder::answers, "p")))
                .as("not fenced yet")
                .isEmpty();
    }

    @Test
    void aWritableServerThatReplicatesFromNobodyIsOne() {
        FleetBuilder repaired = fleet().with(primary(), "t").with(below("t"), "s", "r");
        assertThat(forward(repaired))
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("t:3306 is writable", "expected was nobody but s:3306 or p:3306", "n1 vanished"));
        assertThat(back(repaired)).hasValueSatisfying(why -> assertThat(why).contains("nobody but p:3306"));
        assertThat(forward(fleet().with(primary(), "x")))
                .as("who did not take part")
                .isPresent();
        assertThat(forward(fleet().with(MemberBuilder::writable, "t")))
                .as("its receiver stands")
                .isPresent();
    }

    @Test
    void aSuccessorBelowAnotherServerIsNotPromoted() {
        assertThat(forward(fleet().add("new", AsLeftTest::elsewhere).with(below("new"), "s")))
                .hasValueSatisfying(why -> assertThat(why).contains("s:3306, which was to take over"));
        assertThat(forward(fleet().with(below("t"), "s")
                        .with(m -> m.fails(ProbeFailure.Kind.TIMEOUT, Duration.ofSeconds(1)), "t")))
                .as("its source does not answer and may be the primary")
                .isPresent();
        assertThat(forward(fleet().with(m -> m.facts(f -> f.serverUuid("another")), "s")))
                .hasValueSatisfying(why -> assertThat(why).contains("is another server now"));
    }

    @Test
    void aFormerPrimaryThatReplicatesFromSomebodyElseWasReplaced() {
        FleetBuilder fleet = fleet().with(MemberBuilder::answers, "p").with(below("t"), "p");
        fleet.with(m -> m.fails(ProbeFailure.Kind.TIMEOUT, Duration.ofSeconds(1)), "t");
        assertThat(back(fleet)).hasValueSatisfying(why -> assertThat(why).contains("p:3306 replicates from t:3306"));
        assertThat(forward(fleet().with(primary(), "s")
                        .with(MemberBuilder::answers, "p")
                        .with(below("s"), "p")))
                .as("it was attached to the successor")
                .isEmpty();
    }

    @Test
    void aReplicaThatReadsFromElsewhereOrNobodyIsNotPutBack() {
        assertThat(back(fleet().add("new", AsLeftTest::elsewhere).with(below("new"), "r")))
                .hasValueSatisfying(why -> assertThat(why).contains("r:3306 replicates from new:3306"));
        assertThat(back(fleet().with(MemberBuilder::detached, "r")))
                .hasValueSatisfying(why -> assertThat(why).contains("r:3306 replicates from nobody"));
    }

    @Test
    void replicasThatAreAlwaysWritableAreToldFromAPrimaryByTheirChannels() {
        FleetBuilder always = new FleetBuilder(NOW)
                .primary("p")
                .replica("s", "p")
                .replica("r", "p")
                .replica("t", "p")
                .with(MemberBuilder::writable, "r", "t");
        RecoveryRecordBuilder record = record(always.build());
        FleetBuilder left = fleet().with(MemberBuilder::writable, "r", "t", "x");
        assertThat(forward(left, record)).isEmpty();
        assertThat(forward(left.with(MemberBuilder::detached, "t"), record)).isPresent();
    }

    @Test
    void aWritableReplicaOfAReplicaWhoseReceiverStandsIsNobodysPrimaryUnlessSomebodyWroteToIt() {
        FleetBuilder fleet = fleet().add(
                        "leaf",
                        m -> m.replicaOf("r")
                                .receiver(ReplicationThreadState.STOPPED)
                                .writable());
        assertThat(forward(fleet)).isEmpty();
        assertThat(back(fleet)).isEmpty();
        fleet.with(m -> m.executed(MemberBuilder.uuid("p") + ":1-10," + MemberBuilder.uuid("leaf") + ":1"), "leaf");
        assertThat(forward(fleet)).hasValueSatisfying(why -> assertThat(why).contains("leaf:3306 is writable"));
    }

    @Test
    void whoIsFencedIsNobodysPrimary() {
        FleetBuilder fleet = fleet().with(primary(), "t");
        assertThat(forward(fleet, record(), fence("t", "an earlier one"))).isEmpty();
        assertThat(forward(
                        fleet.with(m -> m.replicaOf("t").receiver(ReplicationThreadState.CONNECTING), "s"),
                        record(),
                        fence("t", "uid")))
                .as("a successor of the same recovery that fell")
                .isEmpty();
    }

    @Test
    void aFormerPrimaryWithItsSuccessorBelowItIsThePrimaryAgain() {
        FleetBuilder fleet = fleet().with(MemberBuilder::answers, "p").with(below("p"), "s");
        RecoveryRecord named = record().successor(key("s")).build();
        assertThat(new AsLeft(named, List.of(), List.of(), fleet.build()).formerIsPrimaryAgain())
                .hasValueSatisfying(why -> assertThat(why).contains("p:3306 is the primary again"));
        fleet.with(m -> m.executed(MemberBuilder.uuid("p") + ":1-10," + MemberBuilder.uuid("s") + ":1"), "s");
        assertThat(new AsLeft(named, List.of(), List.of(), fleet.build()).formerIsPrimaryAgain())
                .as("clients wrote to the successor")
                .isEmpty();
    }

    @Test
    void whoeverWasMovedElsewhereIsNotMovedAgain() {
        RecoveryRecord intermediate =
                record().type(RecoveryType.DEAD_INTERMEDIATE_SOURCE).build();
        Fleet fleet = fleet().add("new", AsLeftTest::elsewhere)
                .with(below("new"), "r")
                .with(below("t"), "s")
                .build();
        assertThat(new AsLeft(intermediate, List.of(), List.of(), fleet).movedElsewhere())
                .containsOnlyKeys(key("r"), key("s"));
        assertThat(new AsLeft(intermediate, List.of(), List.of(), fleet).whyNotBack())
                .isEmpty();
        assertThat(new AsLeft(record().build(), List.of(), List.of(), fleet).movedElsewhere())
                .containsOnlyKeys(key("r"));
    }
}
