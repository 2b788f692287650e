package dev.orchestrator.engine.internal.core.topology;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceBuilder;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Primary p with replicas r1 and r2 below it, and a channel of p that somebody forgot to reset. */
class LeftoverChannelsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String GHOST = MemberBuilder.uuid("ghost");
    private static final String OWN = MemberBuilder.uuid("p");
    private static final String R1 = MemberBuilder.uuid("r1");

    private static UnaryOperator<MemberBuilder> off() {
        return m -> m.channel(c -> c.receiver(ReplicationThreadState.STOPPED).applier(ReplicationThreadState.STOPPED));
    }

    /** A channel from a server that is gone. */
    private static FleetBuilder toGhost() {
        return new FleetBuilder(NOW)
                .add("p", m -> off().apply(m.writable().replicaOf("ghost")).executed(GHOST + ":1-9," + OWN + ":1-5"))
                .replica("r1", "p")
                .replica("r2", "p");
    }

    /** A channel from its own replica r1. */
    private static FleetBuilder toOwnReplica() {
        return new FleetBuilder(NOW)
                .add("p", m -> off().apply(m.writable().replicaOf("r1")).executed(R1 + ":1-9," + OWN + ":1-5"))
                .add("r1", m -> m.replicaOf("p").executed(R1 + ":1-9," + OWN + ":1-5"))
                .replica("r2", "p");
    }

    private record Case(String name, FleetBuilder fleet, boolean primary, Fence... fences) {
        @Override
        public String toString() {
            return name + (primary ? ": is the primary" : ": is a replica");
        }
    }

    private static Case is(String name, FleetBuilder fleet) {
        return new Case(name, fleet, true);
    }

    private static Case isNot(String name, FleetBuilder fleet, Fence... fences) {
        return new Case(name, fleet, false, fences);
    }

    static Stream<Case> cases() {
        return Stream.of(
                is("a channel from a server nobody knows", toGhost()),
                is("a channel from its own replica", toOwnReplica()),
                is(
                        "a channel from a server that never answered",
                        toGhost()
                                .add(
                                        "ghost",
                                        m -> m.neverSeen().fails(ProbeFailure.Kind.REFUSED, Duration.ofHours(1)))),
                is(
                        "it is dead itself",
                        toGhost().with(m -> m.fails(ProbeFailure.Kind.REFUSED, Duration.ofSeconds(3)), "p")),
                is(
                        "its replica was read later",
                        toOwnReplica().with(m -> m.executed(R1 + ":1-9," + OWN + ":1-7"), "r1")),
                is(
                        "the replica of its replica",
                        toGhost().add("r3", m -> m.replicaOf("r1")).with(m -> off().apply(m.replicaOf("r3")), "p")),
                isNot("it is read-only", toGhost().with(m -> m.facts(f -> f.readOnly(true)), "p")),
                isNot("its receiver connects", toGhost().with(m -> m.receiver(ReplicationThreadState.CONNECTING), "p")),
                isNot("its receiver runs", toOwnReplica().with(m -> m.receiver(ReplicationThreadState.RUNNING), "p")),
                isNot(
                        "its applier runs",
                        toGhost().with(m -> m.channel(c -> c.applier(ReplicationThreadState.RUNNING)), "p")),
                isNot("its receiver failed", toGhost().with(m -> m.channel(c -> c.lastReceiverErrno(2003)), "p")),
                isNot("its applier failed", toGhost().with(m -> m.channel(c -> c.lastApplierErrno(1062)), "p")),
                isNot("a second channel runs", toGhost().with(m -> m.alsoReplicaOf("other", "a"), "p")),
                isNot("it has not applied what it received", toGhost().with(m -> m.retrieved(GHOST + ":8-10"), "p")),
                isNot("its source is known and no replica of it", toGhost().primary("ghost")),
                isNot("its replica is writable too", toOwnReplica().with(MemberBuilder::writable, "r1")),
                isNot(
                        "its replica holds more",
                        toOwnReplica().with(m -> m.executed(R1 + ":1-10," + OWN + ":1-5"), "r1")),
                isNot(
                        "another writable server has replicas",
                        toGhost().replica("r3", "r1").with(MemberBuilder::writable, "r1")),
                isNot(
                        "it has no replicas",
                        new FleetBuilder(NOW)
                                .add("p", m -> off().apply(m.writable().replicaOf("ghost")))),
                isNot("it is fenced", toGhost(), fence()));
    }

    private static Fence fence() {
        return new Fence(OWN, key("p"), FleetBuilder.CLUSTER, key("r1"), "uid", FenceState.PENDING, "", NOW);
    }

    private static Fleet assemble(FleetBuilder servers, Fence... fences) {
        int[] ids = {0};
        return new FleetAssembler(() -> "id" + ids[0]++, Map.of())
                .assemble(servers.members(), List.of(), Map.of(), Intents.NONE, List.of(fences));
    }

    private static Fleet readAgain(UnaryOperator<InstanceBuilder> p) {
        Fleet before = assemble(toGhost());
        List<FleetMember> members = before.members().stream()
                .map(m -> m.key().equals(key("p"))
                        ? m.withInstance(
                                p.apply(m.facts().orElseThrow().toBuilder()).build())
                        : m)
                .toList();
        return new FleetAssembler(() -> "new", Map.of())
                .assemble(members, before.clusters(), Map.of(), Intents.NONE, List.of());
    }

    /** As while a switchover from it is under way: should it die now, it is a primary that died. */
    @Test
    void aPrimaryWhoseWritesWereTakenAwayStaysThePrimary() {
        Fleet after = readAgain(f -> f.readOnly(true));
        FleetMember p = after.member(key("p")).orElseThrow();
        assertThat(after.cluster(p.cluster()).orElseThrow().primary()).isEqualTo(p.key());
        assertThat(p.facts().orElseThrow().channels()).allMatch(c -> c.leftover());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void aChannelThatIsOffMakesNoReplicaUnlessSomethingSpeaksForIt(Case given) {
        Fleet fleet = assemble(given.fleet, given.fences);
        FleetMember p = fleet.member(key("p")).orElseThrow();
        InstanceKey primary = fleet.cluster(p.cluster()).orElseThrow().primary();

        boolean leftover = p.facts().orElseThrow().mainChannel().isEmpty();
        assertThat(leftover).isEqualTo(given.primary);
        if (given.primary) {
            assertThat(primary).isEqualTo(p.key());
            assertThat(fleet.sourceOf(p)).isEmpty();
            assertThat(p.facts().orElseThrow().channels()).allMatch(c -> c.leftover());
            assertThat(fleet.replicasOf(p.key())).extracting(FleetMember::key).contains(key("r1"), key("r2"));
            assertThat(fleet.membersOf(p.cluster())).hasSameSizeAs(fleet.members());
        }
    }

    @Test
    void whatDoesNotApplyAnyMoreIsTakenBack() {
        ReplicationChannel runs = assemble(toGhost()).instance(key("p")).orElseThrow().channels().get(0).toBuilder()
                .receiver(ReplicationThreadState.RUNNING)
                .build();
        Fleet after = readAgain(f -> f.channels(List.of(runs)));
        assertThat(after.instance(key("p")).orElseThrow().mainChannel()).isPresent();
    }
}
