package dev.orchestrator.engine.internal.core.candidate;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.config.SemiSyncLossPolicy;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import dev.orchestrator.engine.internal.core.candidate.NewSourceChooser.NewSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A primary with two intermediate sources; i1 is dead and has two replicas. */
class NewSourceChooserTest {
    private static final List<InstanceKey> ORPHANS = List.of(key("o1"), key("o2"));

    private final FleetBuilder fleet = new FleetBuilder(Instant.parse("2026-03-01T12:00:00Z"));

    @BeforeEach
    void build() {
        fleet.primary("p")
                .replica("i1", "p")
                .replica("i2", "p")
                .replica("o1", "i1")
                .replica("o2", "i1")
                .with(m -> m.executed(gtids("1-10")), "p", "i1", "i2", "o1", "o2")
                .with(dead(), "i1");
    }

    private static String gtids(String interval) {
        return MemberBuilder.uuid("p") + ":" + interval;
    }

    private static UnaryOperator<MemberBuilder> dead() {
        return m -> m.fails(ProbeFailure.Kind.REFUSED, Duration.ofSeconds(3));
    }

    private ChoicePolicy policy = new ChoicePolicy(true, Set.of(), SemiSyncLossPolicy.REFUSE_IF_INFINITE);

    private NewSource choose(@Nullable String explicit) {
        return NewSourceChooser.choose(
                fleet.build(), key("i1"), ORPHANS, explicit == null ? null : key(explicit), policy);
    }

    @Test
    void theSourceOfTheDeadOneFeedsItsReplicas() {
        assertThat(choose(null).chosen()).isEqualTo(key("p"));
    }

    @Test
    void whatIsNewerThanTheSourcesLastReadingDoesNotSpeakAgainstIt() {
        fleet.with(m -> m.executed(gtids("1-12")), "o1");
        assertThat(choose(null).chosen()).isEqualTo(key("p"));
    }

    @Test
    void aSiblingDoesItWhenTheSourceDoesNotAnswer() {
        fleet.with(dead(), "p");
        assertThat(choose(null).chosen()).isEqualTo(key("i2"));
    }

    @Test
    void thePrimaryThatReplacedItsSourceMeanwhileDoesIt() {
        fleet.with(dead(), "p", "i2").primary("n").with(m -> m.executed(gtids("1-10")), "n");
        Fleet servers = fleet.build();
        Cluster replaced = new Cluster(FleetBuilder.CLUSTER, "n:3306", "n:3306", "", key("n"));
        NewSource choice = NewSourceChooser.choose(
                Fleet.of(servers.members(), List.of(replaced), Map.of()), key("i1"), ORPHANS, null, policy);
        assertThat(choice.chosen()).isEqualTo(key("n"));
        assertThat(choice.explanation()).contains("the primary of the cluster of i1:3306");
    }

    @Test
    void aSiblingThatLacksSomethingIsRefused() {
        fleet.with(dead(), "p").with(m -> m.executed(gtids("1-9")), "i2");
        assertThat(choose(null).chosen()).isNull();
        assertThat(choose(null).explanation()).contains("i2:3306 does not have " + gtids("10"));
    }

    @Test
    void aSiblingThatLogsMoreThanTheReplicasCanFollowIsRefused() {
        fleet.with(dead(), "p").with(m -> m.facts(f -> f.binlogFormat("STATEMENT")), "o2");
        assertThat(choose(null).chosen()).isNull();
        assertThat(choose("i2").explanation())
                .contains("i2:3306 cannot be followed by o2:3306: its binlog_format STATEMENT");
    }

    /** They followed the dead one, which followed its source. */
    @Test
    void theSourceOfTheDeadOneIsFollowedWhateverItLogs() {
        fleet.with(m -> m.facts(f -> f.binlogFormat("STATEMENT")), "o2");
        assertThat(choose(null).chosen()).isEqualTo(key("p"));
    }

    @Test
    void whoHasPurgedWhatAReplicaNeedsIsRefused() {
        fleet.with(m -> m.facts(f -> f.purgedGtids(GtidSet.parse(gtids("1-9")))), "p")
                .with(m -> m.executed(gtids("1-5")), "o2");
        assertThat(choose(null).chosen()).isEqualTo(key("i2"));
        assertThat(choose("p").explanation()).contains("has purged " + gtids("6-9") + ", which o2:3306 needs");
    }

    @Test
    void whoHangsBelowTheDeadOneIsRefused() {
        assertThat(choose("o1").explanation()).contains("hangs on i1:3306 itself");
    }

    @Test
    void aSiblingWithoutALogOfWhatItReplicatesIsRefused() {
        fleet.with(m -> m.facts(f -> f.logReplicaUpdates(false)), "i2");
        assertThat(choose("i2").explanation()).contains("writes no binary log of what it replicates");
    }

    @Test
    void aFilteredSiblingFeedsNobodyUnlessAPersonSaysSo() {
        fleet.with(m -> m.channel(c -> c.filters(List.of("replicate-ignore-table=app.log"))), "i2");
        fleet.with(dead(), "p");
        assertThat(choose(null).chosen()).isNotEqualTo(key("i2"));
        assertThat(choose(null).explanation()).contains("i2", "replicate-ignore-table=app.log");

        assertThat(choose("i2").chosen()).isEqualTo(key("i2"));
        assertThat(choose("i2").explanation()).contains("asked for", "replicate-ignore-table=app.log");

        policy = new ChoicePolicy(true, Set.of("replicate-ignore-table=app.log"), SemiSyncLossPolicy.PROMOTE);
        assertThat(choose(null).chosen()).isEqualTo(key("i2"));
    }

    /** A former primary that died with a channel of long ago, switched off: nothing came from there. */
    @Test
    void aSourceThatTheDeadOneDidNotFollowIsHeldToWhatASiblingIs() {
        fleet.with(
                m -> m.channel(c -> c.receiver(ReplicationThreadState.STOPPED).applier(ReplicationThreadState.STOPPED)),
                "i1");
        assertThat(choose(null).chosen()).isEqualTo(key("p"));

        fleet.with(m -> m.facts(f -> f.binlogFilters(List.of("binlog-ignore-db=app"))), "p");
        assertThat(choose(null).chosen()).isEqualTo(key("i2"));

        fleet.with(m -> m.facts(f -> f.binlogFilters(List.of())).executed(gtids("1-9")), "p");
        assertThat(choose(null).chosen()).isEqualTo(key("i2"));
        assertThat(choose("p").explanation()).contains("p:3306 does not have " + gtids("10"));
    }
}
