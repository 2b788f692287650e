package dev.orchestrator.jooq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.spi.InstanceStore;
import dev.orchestrator.spi.InstanceStore.MemberWrite;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of servers does. */
abstract class InstanceStoreContract extends StoreContract {
    static final ClusterId MAIN = new ClusterId("main-id");
    private static final Duration HOUR = Duration.ofHours(1);
    private InstanceStore instances;

    InstanceStoreContract(Supplier<TestBackend> kind) {
        super(kind);
    }

    @BeforeEach
    void store() {
        instances = backend.instances();
    }

    static FleetMember seen(InstanceKey key, Instant at) {
        return new FleetMember(key, MAIN, Samples.instance(key), at, at, null, null, Duration.ofMillis(3));
    }

    private void save(FleetMember member, boolean factsChanged) {
        instances.save(List.of(new MemberWrite(member, factsChanged)));
    }

    private @Nullable FleetMember read(InstanceKey key) {
        return instances.readFleet().member(key).orElse(null);
    }

    @Test
    void readsTheFleetAsItWasWritten() {
        Cluster cluster = new Cluster(MAIN, "db1:3306", WILD, "main.example", DB1);
        FleetMember failed = new FleetMember(
                DB2,
                MAIN,
                Samples.instance(DB2),
                Samples.AT,
                Samples.AT.plusSeconds(5),
                new ProbeFailure(ProbeFailure.Kind.REFUSED, WILD),
                Samples.AT.plusSeconds(1),
                Duration.ofSeconds(1));
        FleetMember unseen = FleetMember.unseen(DB3, MAIN);
        instances.saveClusters(List.of(cluster, new Cluster(new ClusterId("x"), "a", "b", "", null)));
        instances.save(List.of(
                new MemberWrite(seen(DB1, Samples.AT), true),
                new MemberWrite(failed, true),
                new MemberWrite(unseen, true)));
        InstanceKey alias = new InstanceKey("localhost", 3306);
        instances.saveNames(Map.of(alias, DB1));

        Fleet fleet = instances.readFleet();
        assertThat(fleet.members()).containsExactlyInAnyOrder(seen(DB1, Samples.AT), failed, unseen);
        assertThat(fleet.cluster(MAIN)).contains(cluster);
        assertThat(fleet.canonical(alias)).isEqualTo(DB1);
        assertThat(instances.readClusters()).extracting(Cluster::name).containsExactly("a", "db1:3306");
    }

    @Test
    void isEmptyAtFirstAndTakesEmptyWrites() {
        instances.save(List.of());
        instances.saveClusters(List.of());
        instances.saveNames(Map.of());
        assertThat(instances.readFleet().members()).isEmpty();
        assertThat(instances.readClusters()).isEmpty();
        assertThat(instances.forgotten()).isEmpty();
    }

    @Test
    void keepsFactsThatDidNotChangeAndWritesTheTimes() {
        save(seen(DB1, Samples.AT), true);
        Instance other = Samples.instance(DB1).toBuilder().binlogFormat("MIXED").build();
        Instant later = Samples.AT.plusSeconds(5);
        save(seen(DB1, later).withInstance(other), false);
        Instance same = Samples.instance(DB1).toBuilder()
                .uptime(Samples.instance(DB1).uptime().plusSeconds(5))
                .build();
        assertThat(read(DB1)).isEqualTo(seen(DB1, later).withInstance(same));
        save(seen(DB1, later).withInstance(other), true);
        assertThat(read(DB1)).isEqualTo(seen(DB1, later).withInstance(other));
    }

    private static FleetMember changed(FleetMember member) {
        return member.withInstance(Samples.instance(member.key()).toBuilder()
                .binlogFormat("MIXED")
                .readOnly(!Samples.instance(member.key()).readOnly())
                .build());
    }

    @Test
    void aReadingBegunEarlierNeverReplacesOneBegunLater() {
        FleetMember later = seen(DB1, Samples.AT.plusSeconds(5));
        save(later, true);
        FleetMember other = changed(seen(DB2, Samples.AT.plusSeconds(1)));
        instances.save(List.of(
                new MemberWrite(changed(seen(DB1, Samples.AT.plusSeconds(4))), true), new MemberWrite(other, true)));
        assertThat(instances.read(List.of(DB1, DB2, DB3))).containsExactlyInAnyOrder(later, other);
        save(changed(seen(DB1, Samples.AT.plusSeconds(3))), false);
        instances.saveForLeader(List.of(
                new MemberWrite(changed(seen(DB1, Samples.AT.plusNanos(4_999_999_000L))), true)));
        save(FleetMember.unseen(DB1, MAIN), true);
        assertThat(read(DB1)).isEqualTo(later);
        save(changed(later), true);
        assertThat(read(DB1)).isEqualTo(changed(later));
    }

    @Test
    void whatOthersStoredIsToldUntilTheLeaderHasWrittenItWithItsFacts() {
        FleetMember before = seen(DB1, Samples.AT);
        FleetMember news = changed(seen(DB1, Samples.AT.plusSeconds(1)));
        FleetMember after = seen(DB1, Samples.AT.plusSeconds(2));
        save(before, true);
        save(seen(DB2, Samples.AT), true);
        assertThat(instances.roster().unsynced()).isEmpty();
        instances.saveForLeader(List.of(new MemberWrite(news, true)));
        assertThat(instances.roster().unsynced()).containsExactly(DB1);
        save(before, true);
        // The leader takes its own document for the one that is stored.
        save(after, false);
        assertThat(read(DB1)).isEqualTo(news);
        assertThat(instances.roster().unsynced()).containsExactly(DB1);
        save(after, true);
        assertThat(read(DB1)).isEqualTo(after);
        assertThat(instances.roster().unsynced()).isEmpty();
        save(news, true);
        assertThat(read(DB1)).isEqualTo(after);
        assertThat(instances.roster().unsynced()).containsExactly(DB1);
    }

    @Test
    void aReadingOfATimeToComeKeepsNobodyOff() {
        Instant now = backend.now();
        save(changed(seen(DB1, now.plus(HOUR))), true);
        save(seen(DB1, now.minusSeconds(1)), true);
        assertThat(read(DB1)).isEqualTo(seen(DB1, now.minusSeconds(1)));
    }

    @Test
    void showsTheBackendsTime() {
        Instant before = Instant.now();
        assertThat(backend.now()).isBetween(before.minusMillis(1), Instant.now());
    }

    @Test
    void replacesClustersAndNames() {
        instances.saveClusters(List.of(new Cluster(MAIN, "db1:3306", "a", "", DB1)));
        instances.saveClusters(List.of(new Cluster(MAIN, "db2:3306", "b", "d", null)));
        assertThat(instances.readClusters()).containsExactly(new Cluster(MAIN, "db2:3306", "b", "d", null));
        instances.saveNames(Map.of(DB3, DB1));
        instances.saveNames(Map.of(DB3, DB2));
        assertThat(instances.readFleet().otherNames()).containsEntry(DB3, DB2);
    }

    @Test
    void savesThousandsOfServers() {
        List<MemberWrite> writes = new ArrayList<>();
        for (int i = 0; i < 1201; i++) {
            writes.add(new MemberWrite(seen(new InstanceKey("db" + i, 3306), Samples.AT), true));
        }
        instances.save(writes);
        instances.save(writes);
        assertThat(instances.readFleet().members()).hasSize(1201);
    }

    @Test
    void savesVeryLargeGtidSets() {
        StringBuilder many = new StringBuilder("1");
        for (int i = 3; i < 600_000; i += 2) {
            many.append(':').append(i);
        }
        Instance big = Samples.instance(DB1).toBuilder()
                .executedGtids(Samples.gtids(many.toString()))
                .build();
        save(seen(DB1, Samples.AT).withInstance(big), true);
        assertThat(instances.readFleet().instance(DB1)).contains(big);
    }

    @Test
    void showsAServerWhoseDocumentIsDamagedAsNotSeen() {
        save(seen(DB1, Samples.AT), true);
        save(seen(DB2, Samples.AT), true);
        place.execute("UPDATE orc_instance SET facts = '{\"broken' WHERE hostname = 'db1'");
        assertThat(instances.readFleet().instance(DB1)).isEmpty();
        assertThat(instances.readFleet().instance(DB2)).isPresent();
    }

    @Test
    void forgetsAServerAndBlocksItsDiscoveryForAWhile() {
        save(seen(DB1, Samples.AT), true);
        instances.saveNames(Map.of(DB3, DB1));
        assertThat(instances.forget(DB1, HOUR)).isTrue();
        assertThat(instances.forget(DB2, Duration.ZERO)).isFalse();
        assertThat(instances.readFleet().members()).isEmpty();
        assertThat(instances.readFleet().otherNames()).isEmpty();
        assertThat(instances.forgotten()).containsExactly(DB1);
    }

    @Test
    void tellsWhoIsStoredAndWhoIsForgotten() {
        save(seen(DB1, Samples.AT), true);
        save(FleetMember.unseen(DB3, MAIN), true);
        instances.forget(DB3, HOUR);
        instances.forget(DB2, Duration.ZERO);
        assertThat(instances.roster()).isEqualTo(new InstanceStore.Roster(Set.of(DB1), Set.of(DB3), Set.of()));
    }

    @Test
    void removesServersNotSeenForLong() {
        Instant now = Instant.now();
        save(seen(DB1, now.minus(HOUR)), true);
        save(seen(DB2, now), true);
        save(FleetMember.unseen(DB3, MAIN), true);
        instances.saveNames(Map.of(new InstanceKey("a", 1), DB1, new InstanceKey("b", 1), DB2));
        assertThat(instances.purge(Duration.ofMinutes(30), Set.of(DB1))).isEmpty();
        assertThat(instances.purge(Duration.ofMinutes(30), Set.of())).containsExactly(DB1);
        assertThat(instances.readFleet().otherNames()).containsOnlyKeys(new InstanceKey("b", 1));
        assertThat(instances.purge(Duration.ofMinutes(30), Set.of())).isEmpty();
    }

    @Test
    void removesClustersThatHaveHadNoMembersForAMinute() {
        ClusterId empty = new ClusterId("empty");
        ClusterId fresh = new ClusterId("fresh");
        instances.saveClusters(List.of(
                new Cluster(MAIN, "m", "m", "", null),
                new Cluster(empty, "e", "e", "", null),
                new Cluster(fresh, "f", "f", "", null)));
        place.execute("UPDATE orc_cluster SET updated_at = updated_at - 61000000 WHERE id <> 'fresh'");
        save(seen(DB1, Instant.now()), true);
        instances.purge(HOUR, Set.of());
        assertThat(instances.readClusters()).extracting(Cluster::id).containsExactly(fresh, MAIN);
    }
}
