package dev.orchestrator.engine.internal.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.event.OrchestratorEvent.LeadershipChanged;
import dev.orchestrator.api.event.OrchestratorEvent.PrimaryChanged;
import dev.orchestrator.api.event.OrchestratorEvent.PrimaryPromoted;
import dev.orchestrator.api.event.OrchestratorEvent.RecoveryEnded;
import dev.orchestrator.api.event.OrchestratorEvent.RecoveryStarted;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryRecordBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Snapshots and recoveries come in any order; what is told of a change of primary does not. */
class PrimaryOrderTest {
    private static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");
    private static final ClusterId CLUSTER = new ClusterId("c");

    private final PrimaryOrder order = new PrimaryOrder();
    private final List<String> told = new ArrayList<>();

    private static @Nullable InstanceKey key(@Nullable String name) {
        return name == null ? null : new InstanceKey(name, 3306);
    }

    private PrimaryOrderTest snapshot(@Nullable String former, @Nullable String primary) {
        return admit(new PrimaryChanged(AT, CLUSTER, key(former), key(primary)));
    }

    private static RecoveryRecord recovery(String failed, @Nullable String successor) {
        InstanceKey dead = new InstanceKey(failed, 3306);
        Actor actor = new Actor("test", Origin.AUTOMATIC, "here");
        RecoveryRecordBuilder record =
                RecoveryRecord.builder("of " + failed, CLUSTER, AnalysisCode.DEAD_PRIMARY, dead, actor, AT);
        return successor == null
                ? record.build()
                : record.successor(new InstanceKey(successor, 3306)).build();
    }

    private PrimaryOrderTest started(String failed) {
        return admit(new RecoveryStarted(AT, recovery(failed, null)));
    }

    private PrimaryOrderTest promoted(String failed, String successor) {
        return admit(new PrimaryPromoted(AT, recovery(failed, successor)));
    }

    private PrimaryOrderTest ended(String failed, @Nullable String successor) {
        return admit(new RecoveryEnded(AT, recovery(failed, successor)));
    }

    private PrimaryOrderTest admit(OrchestratorEvent event) {
        order.admit(event).forEach(e -> {
            if (e instanceof PrimaryChanged change) {
                told.add(name(change.former()) + ">" + name(change.primary()));
            } else {
                told.add(e.getClass().getSimpleName());
            }
        });
        return this;
    }

    private static String name(@Nullable InstanceKey key) {
        return key == null ? "none" : key.hostname();
    }

    @Test
    void aChangeWithoutARecoveryIsToldAtOnce() {
        snapshot("a", "b").snapshot("b", "a");
        assertThat(told).containsExactly("a>b", "b>a");
    }

    @Test
    void aSnapshotThatIsFasterThanThePromotionWaitsForIt() {
        started("a").snapshot("a", "b").promoted("a", "b").ended("a", "b");
        assertThat(told).containsExactly("RecoveryStarted", "PrimaryPromoted", "a>b", "RecoveryEnded");
    }

    @Test
    void aSnapshotThatIsSlowerIsToldWhenItComes() {
        started("a").promoted("a", "b").ended("a", "b").snapshot("a", "b");
        assertThat(told).containsExactly("RecoveryStarted", "PrimaryPromoted", "RecoveryEnded", "a>b");
    }

    @Test
    void whatTheSnapshotShowsOnTheWayIsNotTold() {
        started("a")
                .snapshot("a", null)
                .snapshot(null, "c")
                .promoted("a", "b")
                .snapshot("c", "b")
                .ended("a", "b");
        assertThat(told).containsExactly("RecoveryStarted", "PrimaryPromoted", "a>b", "RecoveryEnded");
    }

    @Test
    void aSnapshotThatGoesBackAndForthDuringARecoveryIsNoChange() {
        started("a").snapshot("a", null).snapshot(null, "a").ended("a", null);
        assertThat(told).containsExactly("RecoveryStarted", "RecoveryEnded");
    }

    @Test
    void twoFailoversAreTwoChanges() {
        started("a").snapshot("a", "b").promoted("a", "b").ended("a", "b");
        started("b").promoted("b", "c").snapshot("b", "c").ended("b", "c");
        assertThat(told)
                .containsExactly(
                        "RecoveryStarted",
                        "PrimaryPromoted",
                        "a>b",
                        "RecoveryEnded",
                        "RecoveryStarted",
                        "PrimaryPromoted",
                        "b>c",
                        "RecoveryEnded");
    }

    @Test
    void aSecondPromotionOfTheSameServerChangesNothing() {
        started("a").promoted("a", "b").snapshot("a", "b").promoted("a", "b").ended("a", "b");
        assertThat(told)
                .containsExactly("RecoveryStarted", "PrimaryPromoted", "a>b", "PrimaryPromoted", "RecoveryEnded");
    }

    @Test
    void theRecoveryOfAnIntermediateSourceHoldsNoChangeBack() {
        started("i").snapshot("a", "b");
        assertThat(told).containsExactly("RecoveryStarted", "a>b");
    }

    @Test
    void aRecoveryThatEndsElsewhereHoldsNothingBackForEver() {
        started("a").snapshot("a", "b").admit(new LeadershipChanged(AT, false, 1));
        assertThat(told).containsExactly("RecoveryStarted", "LeadershipChanged", "a>b");
    }

    @Test
    void theNextRecoveryReleasesWhatOneWithoutAnEndHeldBack() {
        started("a").snapshot("a", "b").started("b");
        assertThat(told).containsExactly("RecoveryStarted", "a>b", "RecoveryStarted");
    }

    @Test
    void aSwitchoverThatFallsBackAfterItsSuccessorWasToldIsAChangeOfItsOwn() {
        started("a").promoted("a", "b").snapshot("a", "b").ended("a", null);
        told.clear();
        admit(new RecoveryStarted(AT, recovery("a", "b")));
        snapshot("b", null).snapshot(null, "a").promoted("a", "a").ended("a", null);
        assertThat(told).containsExactly("RecoveryStarted", "PrimaryPromoted", "b>a", "RecoveryEnded");
    }

    @Test
    void aSwitchoverThatFallsBackIsNoChangeWhereNobodyHeardOfItsSuccessor() {
        snapshot("x", "a");
        told.clear();
        admit(new RecoveryStarted(AT, recovery("a", "b")));
        snapshot("a", "b").snapshot("b", "a").promoted("a", "a").ended("a", null);
        assertThat(told).containsExactly("RecoveryStarted", "PrimaryPromoted", "RecoveryEnded");
    }
}
