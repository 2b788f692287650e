package dev.orchestrator.engine.internal.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ServerVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SentinelChoiceTest {
    private static final ClusterId C1 = new ClusterId("c1");
    private static final InstanceKey PRIMARY = InstanceKey.parse("db1:3306");
    private static final InstanceKey MIDDLE = InstanceKey.parse("db2:3306");
    private static final InstanceKey LEAF = InstanceKey.parse("db3:3306");
    private static final InstanceKey VIP = InstanceKey.parse("vip:3306");
    private static final Instant SEEN = Instant.EPOCH.plusSeconds(60);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private static FleetMember member(InstanceKey key, InstanceKey... sources) {
        Instance facts = Instance.builder(key, ServerVersion.parse("8.0.36", "MySQL"))
                .serverUuid(key.hostname())
                .channels(List.of(sources).stream()
                        .map(s -> ReplicationChannel.builder(s).build())
                        .toList())
                .build();
        return FleetMember.unseen(key, C1).observed(new Observation.Seen(facts, SEEN, Duration.ofMillis(1)));
    }

    private static FleetMember lost(FleetMember member) {
        ProbeFailure failure = new ProbeFailure(ProbeFailure.Kind.TIMEOUT, "no answer");
        return member.observed(
                new Observation.Failed(member.key(), failure, SEEN.plusSeconds(1), Duration.ofSeconds(1)));
    }

    private static Fleet fleet(FleetMember... members) {
        Cluster cluster = new Cluster(C1, "db1:3306", "one", "", PRIMARY);
        return Fleet.of(List.of(members), List.of(cluster), Map.of(VIP, PRIMARY));
    }

    private final Fleet chain = fleet(member(PRIMARY), member(MIDDLE, PRIMARY), member(LEAF, MIDDLE));

    @Test
    void everySourceIsToHaveOneAndNobodyElse() {
        assertThat(SentinelChoice.isWanted(chain, PRIMARY, null)).isTrue();
        assertThat(SentinelChoice.isWanted(chain, MIDDLE, null)).isTrue();
        assertThat(SentinelChoice.isWanted(chain, LEAF, null)).isFalse();
        assertThat(SentinelChoice.isWanted(chain, VIP, null))
                .as("another name of one")
                .isFalse();
        assertThat(SentinelChoice.isWanted(chain, InstanceKey.parse("gone:3306"), null))
                .isFalse();
    }

    @Test
    void aServerThatReplicatesOnlyFromItselfIsNoSource() {
        assertThat(SentinelChoice.isSource(fleet(member(PRIMARY, PRIMARY)), PRIMARY))
                .isFalse();
    }

    @Test
    void aServerThatDoesNotAnswerIsToHaveNone() {
        Fleet fleet = fleet(lost(member(PRIMARY)), member(MIDDLE, PRIMARY));

        assertThat(SentinelChoice.isWanted(fleet, PRIMARY, null)).isFalse();
    }

    @Test
    void oneThatBrokeIsOpenedAgainOnlyAfterTheServerWasSeen() {
        assertThat(SentinelChoice.isWanted(chain, PRIMARY, SEEN)).isFalse();
        assertThat(SentinelChoice.isWanted(chain, PRIMARY, SEEN.plusMillis(1))).isFalse();
        assertThat(SentinelChoice.isWanted(chain, PRIMARY, SEEN.minusMillis(1))).isTrue();
    }

    @Test
    void anIntermediateSourceGivesWayToAPrimaryAndNobodyElseDoes() {
        assertThat(SentinelChoice.givesWay(chain, PRIMARY, List.of(MIDDLE))).contains(MIDDLE);
        assertThat(SentinelChoice.givesWay(chain, MIDDLE, List.of(PRIMARY))).isEmpty();
        assertThat(SentinelChoice.givesWay(chain, MIDDLE, List.of(LEAF))).isEmpty();
        assertThat(SentinelChoice.givesWay(chain, PRIMARY, List.of())).isEmpty();
    }

    @Test
    void aChangeOfAReplicaConcernsItsSource() {
        FleetMember leaf = chain.member(LEAF).orElseThrow();
        FleetChange change = new FleetChange(chain, chain, Map.of(LEAF, Optional.of(leaf)));

        assertThat(SentinelChoice.concerned(change)).containsExactlyInAnyOrder(PRIMARY, MIDDLE, LEAF);
    }

    @Test
    void aStoredFleetIsPolledSourcesFirstAndLostOnesAtOnce() {
        Fleet fleet = fleet(lost(member(PRIMARY)), member(MIDDLE, PRIMARY), member(LEAF, MIDDLE));

        assertThat(fleet.members())
                .extracting(m -> Duration.ofNanos(FirstPoll.ofStored(fleet, m, INTERVAL)))
                .containsExactly(Duration.ZERO, Duration.ofMillis(500), INTERVAL);
    }

    @Test
    void aNewServerIsPolledAtOnceUnlessItWasPolledAMomentAgo() {
        FleetMember member = member(LEAF);

        assertThat(FirstPoll.ofNew(member, INTERVAL, SEEN.plusSeconds(4))).isEqualTo(INTERVAL.toNanos());
        assertThat(FirstPoll.ofNew(member, INTERVAL, SEEN.plusSeconds(5))).isZero();
        assertThat(FirstPoll.ofNew(FleetMember.unseen(LEAF, C1), INTERVAL, SEEN))
                .isZero();
    }
}
