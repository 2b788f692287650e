package dev.orchestrator.engine.internal.core.topology;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Clusters keep who they are, step by step through what happens to them. */
class FleetAssemblerTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final ClusterId ONE = new ClusterId("id1");
    private static final ClusterId TWO = new ClusterId("id2");

    private final FleetBuilder servers = new FleetBuilder(NOW);
    private final List<InstanceKey> order = new ArrayList<>();
    private int ids;
    private Fleet fleet = Fleet.empty();
    private Intents intents = Intents.NONE;
    private List<Fence> standing = List.of();
    private FleetAssembler assembler = assembler(Map.of());

    private FleetAssembler assembler(Map<String, String> nameToAlias) {
        return new FleetAssembler(() -> "id" + ++ids, nameToAlias);
    }

    /** Reads all servers, which keep the clusters they were in. */
    private Fleet assemble() {
        List<FleetMember> members = servers.members().stream()
                .map(m -> m.inCluster(
                        fleet.member(m.key()).map(FleetMember::cluster).orElse(FleetAssembler.UNASSIGNED)))
                .toList();
        fleet = assembler.assemble(members, fleet.clusters(), fleet.otherNames(), intents, standing);
        return fleet;
    }

    private Fleet after(UnaryOperator<MemberBuilder> change, String... names) {
        servers.with(change, names);
        return assemble();
    }

    private void star(String primary, String... replicas) {
        servers.primary(primary);
        Arrays.stream(replicas).forEach(r -> servers.replica(r, primary));
    }

    private ClusterId clusterOf(String name) {
        return fleet.member(key(name)).orElseThrow().cluster();
    }

    private @Nullable InstanceKey primaryOf(ClusterId id) {
        return fleet.cluster(id).orElseThrow().primary();
    }

    private void assertTogether(ClusterId id, String... names) {
        assertThat(fleet.membersOf(id)).extracting(m -> m.key().hostname()).containsExactlyInAnyOrder(names);
    }

    private static UnaryOperator<MemberBuilder> dead() {
        return m -> m.fails(ProbeFailure.Kind.REFUSED, Duration.ofSeconds(3));
    }

    private static UnaryOperator<MemberBuilder> promoted() {
        return m -> m.detached().writable();
    }

    private Fence fence(String server, String successor, ClusterId cluster) {
        return new Fence(
                MemberBuilder.uuid(server), key(server), cluster, key(successor), "uid", FenceState.PENDING, "", NOW);
    }

    private void fenced(Fence... fences) {
        standing = List.of(fences);
    }

    @Test
    void serversThatReplicateFromEachOtherAreACluster() {
        star("a", "a1", "a2");
        star("b", "b1");
        assemble();
        assertThat(fleet.clusters()).hasSize(2);
        assertTogether(clusterOf("a"), "a", "a1", "a2");
        assertTogether(clusterOf("b"), "b", "b1");
        assertThat(fleet.cluster(clusterOf("a")).orElseThrow().name()).isEqualTo("a:3306");
        assertThat(primaryOf(clusterOf("a"))).isEqualTo(key("a"));
    }

    @Test
    void nothingChangesWhenNothingChanges() {
        star("a", "a1", "a2");
        Fleet first = assemble();
        Fleet second = assemble();
        assertThat(second.clusters()).containsExactlyElementsOf(first.clusters());
        assertThat(second.members()).containsExactlyElementsOf(first.members());
        assertThat(ids).isEqualTo(1);
    }

    @Test
    void replicasOfOneUnknownSourceAreACluster() {
        servers.replica("r1", "unknown").replica("r2", "unknown");
        assemble();
        assertTogether(clusterOf("r1"), "r1", "r2");
        assertThat(primaryOf(ONE)).isNull();
        assertThat(fleet.cluster(ONE).orElseThrow().name()).isEqualTo("unknown:3306");
    }

    @Test
    void aSourceIsFoundByItsUuidWhenItsNameIsUnknown() {
        servers.primary("p").add("r", m -> m.replicaOf("vip").channel(c -> c.sourceUuid(MemberBuilder.uuid("p"))));
        assemble();
        assertTogether(ONE, "p", "r");
    }

    @Test
    void theIdGoesWithTheNewPrimaryAndTheDeadOneStaysVisible() {
        star("p", "r1", "r2", "r3");
        assemble();
        after(dead(), "p");
        assertThat(primaryOf(ONE)).isEqualTo(key("p"));
        after(promoted(), "r1");
        assertTogether(ONE, "p", "r1", "r2", "r3");
        after(m -> m.replicaOf("r1"), "r2");
        assertThat(primaryOf(ONE)).describedAs("while r3 still hangs at p").isEqualTo(key("r1"));
        assertTogether(ONE, "p", "r1", "r2", "r3");
        after(m -> m.replicaOf("r1"), "r3");
        assertTogether(ONE, "p", "r1", "r2", "r3");
        assertThat(fleet.cluster(ONE).orElseThrow().name()).isEqualTo("r1:3306");
        assertThat(ids).isEqualTo(1);
    }

    @Test
    void theFencedFormerPrimaryThatComesBackStaysInItsCluster() {
        star("p", "r1", "r2");
        assemble();
        fenced(fence("p", "r1", ONE));
        after(dead(), "p");
        after(promoted(), "r1");
        assertThat(primaryOf(ONE))
                .describedAs("by the fence, before any repoint")
                .isEqualTo(key("r1"));
        after(m -> m.replicaOf("r1"), "r2");
        after(m -> m.answers().writable(), "p");
        assertTogether(ONE, "p", "r1", "r2");
        assertThat(primaryOf(ONE)).isEqualTo(key("r1"));
        after(m -> m.replicaOf("r1"), "p");
        assertTogether(ONE, "p", "r1", "r2");
        assertThat(ids).isEqualTo(1);
    }

    @Test
    void aFormerPrimaryThatComesBackWithAReplicaBeforeItsFenceIsKnownDoesNotKeepTheIdFromItsSuccessor() {
        star("p", "r1", "r2", "r3");
        assemble();
        // p hangs and is never read as failed; r1 is promoted and r2 moved, r3 not yet.
        after(promoted(), "r1");
        after(m -> m.replicaOf("r1"), "r2");
        assertThat(clusterOf("p")).isEqualTo(ONE);
        assertThat(clusterOf("r1")).describedAs("looks like a split").isEqualTo(TWO);
        fenced(fence("p", "r1", ONE));
        assemble();
        assertTogether(ONE, "p", "r1", "r2", "r3");
        assertThat(primaryOf(ONE)).isEqualTo(key("r1"));
        after(m -> m.replicaOf("r1"), "r3");
        assertTogether(ONE, "p", "r1", "r2", "r3");
    }

    @Test
    void aFormerPrimaryThatLookedLikeASplitComesHomeWhenItsFenceIsKnown() {
        star("p", "r1", "r2", "r3");
        assemble();
        after(dead(), "p");
        after(promoted(), "r1");
        after(m -> m.replicaOf("r1"), "r2");
        after(MemberBuilder::answers, "p");
        assertThat(clusterOf("r1")).isEqualTo(ONE);
        assertTogether(TWO, "p", "r3");
        fenced(fence("p", "r1", ONE));
        assemble();
        assertTogether(ONE, "p", "r1", "r2", "r3");
        assertThat(primaryOf(ONE)).isEqualTo(key("r1"));
    }

    /** p is gone for good, so that its fence stands for ever; r1 took over, later r2, at which all others hang. */
    private void switchedOnToR2AfterAFailoverFromPToR1() {
        star("p", "r1", "r2", "r3");
        assemble();
        fenced(fence("p", "r1", ONE));
        after(dead(), "p");
        after(promoted(), "r1");
        after(m -> m.replicaOf("r1"), "r2", "r3");
        assertThat(primaryOf(ONE)).isEqualTo(key("r1"));
        servers.with(promoted(), "r2");
        servers.with(m -> m.replicaOf("r2").facts(f -> f.readOnly(true).superReadOnly(true)), "r1", "r3");
        assemble();
        assertThat(primaryOf(ONE)).isEqualTo(key("r2"));
    }

    @Test
    void whoTookOverOnceIsNoPrimaryByItsOldFenceWhenItBecomesATopOfItsOwn() {
        switchedOnToR2AfterAFailoverFromPToR1();
        after(promoted(), "r1");
        assertThat(primaryOf(ONE)).isEqualTo(key("r2"));
        after(m -> m.facts(f -> f.serverUuid(MemberBuilder.uuid("reinstalled"))).executed(""), "r1");
        assertThat(primaryOf(ONE)).isEqualTo(key("r2"));
        after(dead(), "r2");
        assertThat(primaryOf(ONE)).as("it is to be replaced, not superseded").isEqualTo(key("r2"));
    }

    @Test
    void whoTookOverGivesWayToAnotherPrimaryThatPeopleMade() {
        star("p", "r1", "r2", "r3");
        assemble();
        fenced(fence("p", "r1", ONE));
        after(dead(), "p");
        after(promoted(), "r1");
        servers.with(dead(), "r1").with(promoted(), "r2");
        after(m -> m.replicaOf("r2"), "r3");
        assertThat(primaryOf(ONE)).isEqualTo(key("r2"));
    }

    @Test
    void aServiceThatSawNothingOfItFollowsTheLaterPrimaryThatHoldsTheWritesOfWhoTookOver() {
        star("p", "r1", "r2", "r3");
        assemble();
        fenced(fence("p", "r1", ONE));
        String writes = MemberBuilder.uuid("p") + ":1-10," + MemberBuilder.uuid("r1");
        servers.with(dead(), "p").with(promoted(), "r1", "r2").with(m -> m.executed(writes + ":1-5"), "r1", "r2");
        after(m -> m.replicaOf("r2"), "r3");
        assertThat(primaryOf(ONE)).isEqualTo(key("r2"));
    }

    @Test
    void whoTookOverIsThePrimaryAlsoBesideAnotherWritableServerThatLacksItsWrites() {
        star("p", "r1", "r2", "r3");
        assemble();
        fenced(fence("p", "r1", ONE));
        String writes = MemberBuilder.uuid("p") + ":1-10," + MemberBuilder.uuid("r1");
        servers.with(dead(), "p").with(promoted(), "r1", "r2").with(m -> m.executed(writes + ":1-5"), "r1");
        after(m -> m.replicaOf("r2"), "r3");
        assertThat(primaryOf(clusterOf("r1"))).isEqualTo(key("r1"));
        assemble();
        assertThat(primaryOf(clusterOf("r1"))).isEqualTo(key("r1"));
    }

    @Test
    void whoTookOverStaysThePrimaryBesideAReadOnlyTopBeforeAnyRepoint() {
        star("p", "r1", "r2", "r3");
        servers.replica("r4", "r3");
        assemble();
        fenced(fence("p", "r1", ONE));
        servers.with(dead(), "p").with(MemberBuilder::detached, "r3");
        after(promoted(), "r1");
        assertThat(primaryOf(ONE)).isEqualTo(key("r1"));
        assemble();
        assertThat(primaryOf(ONE)).isEqualTo(key("r1"));
    }

    @Test
    void aPairIsFailedOver() {
        star("p", "r1");
        assemble();
        after(dead(), "p");
        after(promoted(), "r1");
        assertThat(primaryOf(ONE)).isEqualTo(key("r1"));
        assertTogether(ONE, "p", "r1");
    }

    @Test
    void aServerWithoutLinksIsNoPrimaryWhileTheDeadOneHasReplicas() {
        star("p", "r1", "r2", "stray");
        assemble();
        after(promoted(), "stray");
        after(dead(), "p");
        assertThat(primaryOf(ONE)).isEqualTo(key("p"));
        assertTogether(ONE, "p", "r1", "r2", "stray");
    }

    @Test
    void aSplitLeavesTheIdToTheOldPrimary() {
        star("p", "r1", "i");
        servers.replica("i1", "i").replica("i2", "i").replica("i3", "i").replica("i4", "i");
        assemble();
        after(MemberBuilder::detached, "i");
        assertThat(clusterOf("i")).describedAs("read-only: not on its own yet").isEqualTo(ONE);
        after(MemberBuilder::writable, "i");
        assertTogether(ONE, "p", "r1");
        assertTogether(TWO, "i", "i1", "i2", "i3", "i4");
        after(dead(), "i");
        assertTogether(TWO, "i", "i1", "i2", "i3", "i4");
        after(m -> m.answers().replicaOf("p"), "i");
        assertTogether(ONE, "p", "r1", "i", "i1", "i2", "i3", "i4");
        assertThat(fleet.cluster(TWO)).isEmpty();
    }

    @Test
    void splitBrainKeepsTheIdWithTheKnownPrimary() {
        star("p", "r1", "r2", "r3", "r4");
        assemble();
        servers.with(promoted(), "r1");
        after(m -> m.replicaOf("r1"), "r2", "r3");
        assertTogether(ONE, "p", "r4");
        assertTogether(TWO, "r1", "r2", "r3");
    }

    @Test
    void aSwitchoverMadeElsewhereKeepsTheIdWhenTheNewPrimaryIsReadFirst() {
        star("p", "r1", "r2", "r3", "r4");
        assemble();
        servers.with(m -> m.readAgo(Duration.ofSeconds(5)), "p");
        servers.with(promoted(), "r1");
        after(m -> m.replicaOf("r1"), "r2", "r3");
        assertTogether(ONE, "p", "r1", "r2", "r3", "r4");
        assertThat(primaryOf(ONE)).isEqualTo(key("p"));
        after(
                m -> m.replicaOf("r1")
                        .facts(f -> f.readOnly(true).superReadOnly(true))
                        .readAgo(Duration.ZERO),
                "p",
                "r4");
        assertTogether(ONE, "p", "r1", "r2", "r3", "r4");
        assertThat(primaryOf(ONE)).isEqualTo(key("r1"));
    }

    @Test
    void anOldPrimaryThatStillTakesWritesWhenItIsReadAgainIsAClusterOfItsOwn() {
        star("p", "r1", "r2", "r3", "r4");
        assemble();
        servers.with(m -> m.readAgo(Duration.ofSeconds(5)), "p");
        servers.with(promoted(), "r1");
        after(m -> m.replicaOf("r1"), "r2", "r3");
        after(m -> m.readAgo(Duration.ZERO), "p");
        assertTogether(ONE, "p", "r4");
        assertTogether(TWO, "r1", "r2", "r3");
    }

    @Test
    void aMergeKeepsTheIdOfThePrimaryThatRemains() {
        star("a", "a1");
        star("b", "b1", "b2", "b3");
        assemble();
        ClusterId a = clusterOf("a");
        after(m -> m.replicaOf("a"), "b");
        assertTogether(a, "a", "a1", "b", "b1", "b2", "b3");
        assertThat(fleet.clusters()).hasSize(1);
    }

    @Test
    void aLoneServerThatTakesOverAClusterTakesItsId() {
        star("p", "r1", "r2");
        servers.primary("fresh");
        assemble();
        ClusterId id = clusterOf("p");
        servers.with(dead(), "p");
        after(m -> m.replicaOf("fresh"), "r1", "r2");
        assertTogether(id, "p", "r1", "r2", "fresh");
        assertThat(primaryOf(id)).isEqualTo(key("fresh"));
    }

    @Test
    void aServerAboveThePrimaryWhichNobodyKnewJoinsTheCluster() {
        star("p", "r1");
        assemble();
        servers.primary("above");
        after(m -> m.replicaOf("above"), "p");
        assertTogether(ONE, "above", "p", "r1");
        assertThat(primaryOf(ONE)).isEqualTo(key("above"));
    }

    @Test
    void inARingTheWritableOneLeads() {
        servers.replica("a", "b").replica("b", "a").replica("c", "a");
        assemble();
        assertThat(primaryOf(ONE)).describedAs("neither writable: the smallest").isEqualTo(key("a"));
        after(MemberBuilder::writable, "b");
        assertThat(primaryOf(ONE)).isEqualTo(key("b"));
        after(MemberBuilder::writable, "a");
        assertThat(primaryOf(ONE)).describedAs("both writable: the former").isEqualTo(key("b"));
        assertTogether(ONE, "a", "b", "c");
    }

    @Test
    void aliasesComeFromOverrideThenSuggestionThenPatternThenName() {
        assembler = assembler(Map.of("^p:", "by-pattern"));
        star("p", "r1");
        assemble();
        assertThat(alias(ONE)).isEqualTo("by-pattern");
        after(m -> m.facts(f -> f.suggestedClusterAlias("suggested").clusterDomain("p.example")), "p");
        assertThat(alias(ONE)).isEqualTo("suggested");
        assertThat(fleet.cluster(ONE).orElseThrow().domain()).isEqualTo("p.example");
        intents = new Intents(true, Map.of(), Map.of(), Map.of(ONE, "wanted"));
        assemble();
        assertThat(alias(ONE)).isEqualTo("wanted");
        after(promoted(), "r1");
        after(m -> m.replicaOf("r1"), "p");
        assertThat(alias(ONE)).describedAs("after the switch").isEqualTo("wanted");
        assertThat(fleet.cluster(ONE).orElseThrow().name()).isEqualTo("r1:3306");
    }

    @Test
    void anAliasIsGivenOnce() {
        star("a", "a1");
        star("b", "b1", "b2");
        servers.with(m -> m.facts(f -> f.suggestedClusterAlias("main")), "a", "b");
        assemble();
        assertThat(alias(clusterOf("b"))).isEqualTo("main");
        assertThat(alias(clusterOf("a"))).isEqualTo("a:3306");
        assertThat(alias(clusterOf("a"))).isEqualTo("a:3306");
    }

    private String alias(ClusterId id) {
        return fleet.cluster(id).map(Cluster::alias).orElseThrow();
    }

    @Test
    void serversWithOneUuidStayTwoAndSaySo() {
        star("p", "r1", "r2");
        servers.with(m -> m.facts(f -> f.serverUuid(MemberBuilder.uuid("r1"))), "r2");
        assemble();
        assertTogether(ONE, "p", "r1", "r2");
        assertThat(fleet.instance(key("r2")).orElseThrow().limitations())
                .singleElement()
                .asString()
                .contains("r1:3306");
        assertThat(fleet.instance(key("p")).orElseThrow().limitations()).isEmpty();
        Fleet again = assemble();
        assertThat(again.instance(key("r2")).orElseThrow().limitations()).hasSize(1);
    }

    @Test
    void tenThousandServersAreAssembledQuickly() {
        for (int c = 0; c < 2_000; c++) {
            star("p" + c, "a" + c, "b" + c, "c" + c, "d" + c);
        }
        assemble();
        assertThat(fleet.clusters()).hasSize(2_000);
        List<FleetMember> members = List.copyOf(fleet.members());
        long begun = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            fleet = assembler.assemble(members, fleet.clusters(), fleet.otherNames(), intents, standing);
        }
        Duration each = Duration.ofNanos((System.nanoTime() - begun) / 5);
        assertThat(each).isLessThan(Duration.ofSeconds(2));
        assertThat(ids).isEqualTo(2_000);
    }
}
