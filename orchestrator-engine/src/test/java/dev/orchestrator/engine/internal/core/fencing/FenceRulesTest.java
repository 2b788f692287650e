package dev.orchestrator.engine.internal.core.fencing;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryRecordBuilder;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import dev.orchestrator.engine.internal.core.fencing.FenceStep.FenceAction;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is wanted of a fence: "old" was replaced by "new", and "r" is a further replica. */
class FenceRulesTest {
    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
    private static final Duration POLL = Duration.ofSeconds(5);
    private static final String SERVER = "6c1d4f10-0000-0000-0000-000000000001";

    private FenceState state = FenceState.CLEAN;
    private @Nullable RecoveryRecord recovery = ended().build();
    private Instant now = NOW;

    private static RecoveryRecordBuilder ended() {
        return RecoveryRecord.builder(
                        "uid",
                        FleetBuilder.CLUSTER,
                        AnalysisCode.DEAD_PRIMARY,
                        key("old"),
                        new Actor("orchestrator", Origin.AUTOMATIC, "n"),
                        NOW.minusSeconds(600))
                .successor(key("new"))
                .successorUuid(MemberBuilder.uuid("new"))
                .promotedAt(NOW.minusSeconds(599))
                .successful(true)
                .endedAt(NOW.minusSeconds(590));
    }

    private Fence fence() {
        return new Fence(
                MemberBuilder.uuid("old"),
                key("old"),
                FleetBuilder.CLUSTER,
                key("new"),
                "uid",
                state,
                "",
                NOW.minusSeconds(600));
    }

    /** After the failover: the new primary serves, the old one is back, read-only, and nobody's replica. */
    private FleetBuilder failedOver() {
        return new FleetBuilder(now)
                .primary("new")
                .replica("r", "new")
                .primary("old")
                .with(readOnly(), "old")
                .with(m -> m.executed(SERVER + ":1-100"), "old", "new", "r");
    }

    /** People made the old one the primary again. */
    private FleetBuilder rebuilt() {
        return new FleetBuilder(now)
                .primary("old")
                .replica("new", "old")
                .replica("r", "new")
                .with(m -> m.executed(SERVER + ":1-100"), "old", "new", "r");
    }

    private static UnaryOperator<MemberBuilder> readOnly() {
        return m -> m.facts(f -> f.readOnly(true));
    }

    private FenceView view(FleetBuilder fleet) {
        return new FenceView(fence(), fleet.build(), recovery);
    }

    private FenceStep next(FleetBuilder fleet, @Nullable Rebuilding before) {
        FenceView view = view(fleet);
        return FenceRules.next(view, Rebuilding.in(view), before, POLL);
    }

    private Rebuilding seen() {
        Rebuilding first = Rebuilding.in(view(rebuilt()));
        assertThat(first.isSeen()).as(first.words()).isTrue();
        return first;
    }

    @Test
    void aFenceThatWasNotCarriedOutIsWantedAgainAndAgain() {
        state = FenceState.PENDING;
        FleetBuilder away = failedOver().with(m -> m.fails(ProbeFailure.Kind.REFUSED, POLL), "old");
        assertThat(next(away, null).action()).isEqualTo(FenceAction.MAKE_READ_ONLY);
        state = FenceState.FENCED;
        assertThat(next(failedOver(), null).action()).isEqualTo(FenceAction.COMPARE);
    }

    @ParameterizedTest
    @EnumSource(value = FenceState.class, names = "LIFTED", mode = EnumSource.Mode.EXCLUDE)
    void aWritableServerIsFencedAgainAlthoughItsSuccessorIsSilent(FenceState each) {
        state = each;
        FleetBuilder silent = failedOver()
                .with(MemberBuilder::writable, "old")
                .with(m -> m.fails(ProbeFailure.Kind.TIMEOUT, POLL), "new");
        assertThat(next(silent, null).action()).isEqualTo(FenceAction.MAKE_READ_ONLY);
    }

    @Test
    void whileItsRecoveryIsUnderWayItIsTheRecoverys() {
        recovery = ended().endedAt(null).build();
        assertThat(next(failedOver().with(MemberBuilder::writable, "old"), null).action())
                .isEqualTo(FenceAction.NOTHING);
        assertThat(next(rebuilt(), null).action()).isEqualTo(FenceAction.NOTHING);
    }

    @Test
    void aReplicaAgainIsFree() {
        FleetBuilder rejoined = failedOver().with(m -> m.replicaOf("new"), "old");
        assertThat(next(rejoined, null).action()).isEqualTo(FenceAction.LIFT);
        assertThat(next(failedOver(), null).action()).isEqualTo(FenceAction.NOTHING);
    }

    /** As its own channel of the time before it was the primary shows it, once it is read-only. */
    @Test
    void aChannelThatNobodyEverStartedMakesNoReplicaOfIt() {
        FleetBuilder standing =
                failedOver().with(m -> m.replicaOf("r").receiver(ReplicationThreadState.STOPPED), "old");
        assertThat(next(standing, null).action()).isEqualTo(FenceAction.NOTHING);
        recovery = ended().type(RecoveryType.SWITCHOVER).build();
        assertThat(next(standing, null).action()).as("left stopped as ordered").isEqualTo(FenceAction.LIFT);
    }

    @Test
    void endsWhenTwoReadingsAPollApartShowThatTheTopologyWasRebuilt() {
        Rebuilding first = seen();
        FenceStep waiting = next(rebuilt(), null);
        assertThat(waiting.action()).as("not fenced meanwhile").isEqualTo(FenceAction.NOTHING);
        assertThat(waiting.why()).contains("next reading");
        assertThat(next(rebuilt(), first).action()).as("the same reading").isEqualTo(FenceAction.NOTHING);
        now = NOW.plus(POLL);
        assertThat(next(rebuilt(), first).action()).isEqualTo(FenceAction.END);
    }

    @Test
    void endsAlsoLongAfterTheRecordOfTheRecoveryWasRemoved() {
        recovery = null;
        Rebuilding first = seen();
        now = NOW.plus(POLL);
        assertThat(next(rebuilt(), first).action()).isEqualTo(FenceAction.END);
    }

    @Test
    void namesWhatTheServerDoesNotHold() {
        FleetBuilder lossy = rebuilt().with(m -> m.executed(SERVER + ":1-90"), "old");
        assertThat(Rebuilding.in(view(lossy)).missing()).hasToString(SERVER + ":91-100");
    }

    private void stands(String because, FleetBuilder fleet) {
        Rebuilding shown = Rebuilding.in(view(fleet));
        assertThat(shown.isSeen()).as(because).isFalse();
        assertThat(shown.words()).contains(because);
    }

    @Test
    void standsAsLongAsAnythingSpeaksAgainstIt() {
        stands("is writable", rebuilt().with(MemberBuilder::writable, "new"));
        stands("r:3306 is writable, too", rebuilt().with(MemberBuilder::writable, "r"));
        stands(
                "r:3306 is writable, too",
                rebuilt().with(MemberBuilder::writable, "r").with(m -> m.fails(ProbeFailure.Kind.TIMEOUT, POLL), "r"));
        stands("does not replicate from it", rebuilt().with(m -> m.receiver(ReplicationThreadState.STOPPED), "new"));
        stands("does not replicate from it", rebuilt().with(m -> m.receiver(ReplicationThreadState.CONNECTING), "new"));
        stands("does not replicate from it", rebuilt().with(m -> m.replicaOf("r"), "new"));
        stands("it replicates itself", rebuilt().with(m -> m.replicaOf("r"), "old"));
        stands("does not answer", rebuilt().with(m -> m.fails(ProbeFailure.Kind.TIMEOUT, POLL), "new"));
        stands("does not answer", rebuilt().with(m -> m.fails(ProbeFailure.Kind.REFUSED, POLL), "old"));
    }

    @Test
    void standsAsLongAsItsSuccessorWasNeverSeenWritable() {
        recovery = ended().promotedAt(null).successful(false).build();
        stands("never seen writable", rebuilt());
    }

    @Test
    void anotherServerUnderTheSuccessorsNameIsNotTheSuccessor() {
        recovery = ended().successorUuid("another").build();
        stands("does not answer", rebuilt());
    }
}
