package dev.orchestrator.engine.internal.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.spi.InstanceStore.MemberWrite;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StoredFleetTest {
    private static final ClusterId C1 = new ClusterId("c1");
    private static final ClusterId C2 = new ClusterId("c2");
    private static final InstanceKey DB1 = InstanceKey.parse("db1:3306");
    private static final InstanceKey DB2 = InstanceKey.parse("db2:3306");
    private static final InstanceKey VIP = InstanceKey.parse("vip:3306");

    private static FleetMember member(InstanceKey key, ClusterId cluster, String comment, int second) {
        Instance facts = Instance.builder(key, ServerVersion.parse("8.0.36", "MySQL"))
                .serverUuid(key.hostname())
                .versionComment(comment)
                .uptime(Duration.ofSeconds(second))
                .build();
        return FleetMember.unseen(key, cluster)
                .observed(new Observation.Seen(facts, Instant.EPOCH.plusSeconds(second), Duration.ofMillis(1)));
    }

    private static Fleet fleet(Map<InstanceKey, InstanceKey> names, FleetMember... members) {
        return Fleet.of(
                List.of(members),
                List.of(new Cluster(C1, "db1:3306", "one", "", DB1), new Cluster(C2, "db2:3306", "two", "", DB2)),
                names);
    }

    private static Fleet both() {
        return fleet(Map.of(VIP, DB1), member(DB1, C1, "a", 1), member(DB2, C2, "a", 1));
    }

    private static FleetChange change(Fleet previous, Fleet now) {
        Map<InstanceKey, Optional<FleetMember>> before = new LinkedHashMap<>();
        previous.members().forEach(m -> before.put(m.key(), Optional.of(m)));
        now.members().forEach(m -> before.putIfAbsent(m.key(), Optional.empty()));
        return new FleetChange(previous, now, before);
    }

    private static boolean inFull(StoredFleet stored, FleetMember member) {
        return stored.writesOf(List.of(member)).get(0).factsChanged();
    }

    @Test
    void ofAFleetThatWasReadNothingIsLeftToWriteButTimes() {
        StoredFleet stored = new StoredFleet(both());

        assertThat(stored.unsavedClusters(both())).isEmpty();
        assertThat(stored.unsavedNames(both())).isEmpty();
        assertThat(inFull(stored, member(DB1, C1, "a", 2))).isFalse();
        assertThat(inFull(stored, member(DB1, C1, "b", 2))).isTrue();
    }

    @Test
    void whatWasNotSavedIsLeftToWriteAgain() {
        StoredFleet stored = new StoredFleet(Fleet.empty());
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThat(stored.unsavedClusters(both())).extracting(Cluster::id).containsExactlyInAnyOrder(C1, C2);
            assertThat(stored.unsavedNames(both())).containsOnly(Map.entry(VIP, DB1));
            assertThat(stored.writesOf(both().members())).allMatch(MemberWrite::factsChanged);
        }

        stored.savedClusters(stored.unsavedClusters(both()));
        stored.saved(stored.writesOf(both().members()));
        stored.savedNames(both());

        assertThat(stored.unsavedClusters(both())).isEmpty();
        assertThat(stored.unsavedNames(both())).isEmpty();
        assertThat(stored.writesOf(both().members())).noneMatch(MemberWrite::factsChanged);
    }

    @Test
    void aLostRowIsWrittenInFullWithAllClustersAndNames() {
        StoredFleet stored = new StoredFleet(both());
        stored.reconcile(Set.of(DB1, DB2));
        assertThat(stored.unsavedClusters(both())).isEmpty();

        stored.reconcile(Set.of(DB1));

        assertThat(inFull(stored, member(DB1, C1, "a", 2))).isFalse();
        assertThat(inFull(stored, member(DB2, C2, "a", 2))).isTrue();
        assertThat(stored.unsavedClusters(both())).hasSize(2);
        assertThat(stored.unsavedNames(both())).hasSize(1);
    }

    @Test
    void anOutdatedServerIsWrittenInFullWithItsClusterOnly() {
        StoredFleet stored = new StoredFleet(both());
        UnwrittenFleet waiting = new UnwrittenFleet(both());

        stored.outdated(Set.of(DB1, VIP), waiting.anew(List.of(DB1, VIP)));

        assertThat(waiting.take().members()).as("a further name is no member").containsOnlyKeys(DB1);
        assertThat(stored.unsavedClusters(both())).extracting(Cluster::id).containsExactly(C1);
        assertThat(inFull(stored, member(DB1, C1, "a", 2))).isTrue();
        assertThat(inFull(stored, member(DB2, C2, "a", 2))).isFalse();
    }

    @Test
    void aRemovedServerHasNoRowAndIsWrittenInFullWhenItComesBack() {
        StoredFleet stored = new StoredFleet(both());

        assertThat(stored.hasRow(DB1)).isTrue();
        stored.removed(DB1);

        assertThat(stored.hasRow(DB1)).isFalse();
        assertThat(inFull(stored, member(DB1, C1, "a", 2))).isTrue();
    }

    @Test
    void aBatchPutBackYieldsToWhatCameInLaterAndToWhatWasRemoved() {
        FleetMember first = member(DB1, C1, "a", 1);
        FleetMember later = member(DB1, C1, "b", 2);
        Fleet two = fleet(Map.of(), first, member(DB2, C2, "a", 1));
        UnwrittenFleet waiting = new UnwrittenFleet(Fleet.empty());
        waiting.changed(change(Fleet.empty(), two));
        UnwrittenFleet.Batch batch = waiting.take();
        assertThat(waiting.size()).isZero();

        waiting.changed(change(two, fleet(Map.of(), later)));
        waiting.putBack(batch);

        assertThat(waiting.take().members()).containsExactly(Map.entry(DB1, later));
    }

    @Test
    void aKeyThatBecameAnotherNameIsSupersededUntilItIsAServerAgain() {
        Fleet two = fleet(Map.of(), member(DB1, C1, "a", 1), member(DB2, C2, "a", 1));
        Fleet one = fleet(Map.of(DB2, DB1), member(DB1, C1, "a", 2));
        UnwrittenFleet waiting = new UnwrittenFleet(two);

        waiting.changed(change(two, one));
        assertThat(waiting.superseded()).containsExactly(DB2);
        assertThat(waiting.size()).isOne();

        waiting.changed(change(one, two));
        assertThat(waiting.superseded()).isEmpty();
        assertThat(waiting.size()).isEqualTo(2);
    }
}
