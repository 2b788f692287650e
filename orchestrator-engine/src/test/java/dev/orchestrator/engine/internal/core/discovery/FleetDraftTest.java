package dev.orchestrator.engine.internal.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Intents;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceBuilder;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.engine.internal.core.topology.FleetAssembler;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FleetDraftTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final FleetDraft draft = new FleetDraft(Fleet.empty());
    private final Counting assembly = new Counting();
    private int second;

    /** Assembles, and counts how often the whole was needed. */
    private static final class Counting implements FleetAssembly {
        private final AtomicInteger ids = new AtomicInteger();
        private final FleetAssembler assembler = new FleetAssembler(() -> "cluster-" + ids.incrementAndGet(), Map.of());
        private int wholes;

        @Override
        public Fleet assemble(
                Fleet previous, Collection<FleetMember> members, Map<InstanceKey, InstanceKey> otherNames) {
            wholes++;
            return assembler.assemble(members, previous.clusters(), otherNames, Intents.NONE, List.of());
        }

        @Override
        public Fleet update(Fleet previous, Collection<FleetMember> changed) {
            return assembler.update(previous, changed);
        }
    }

    private static String uuid(int number) {
        return String.format("00000000-0000-0000-0000-%012d", number);
    }

    private Instant now() {
        return NOON.plusSeconds(second);
    }

    private static InstanceKey key(int number) {
        return new InstanceKey("db" + number, 3306);
    }

    private Observation.Seen seen(int number, @Nullable Integer source, String executed) {
        InstanceBuilder facts = Instance.builder(key(number), ServerVersion.parse("8.0.36", "MySQL"))
                .serverUuid(uuid(number))
                .serverId(number)
                .uptime(Duration.ofSeconds(1000 + second))
                .readOnly(source != null)
                .gtidMode("ON")
                .executedGtids(GtidSet.parse(executed));
        if (source != null) {
            facts.channels(List.of(ReplicationChannel.builder(key(source))
                    .sourceUuid(uuid(source))
                    .autoPosition(true)
                    .build()));
        }
        return new Observation.Seen(facts.build(), NOON.plusSeconds(second++), Duration.ofMillis(1));
    }

    private Observation failed(int number) {
        ProbeFailure failure = new ProbeFailure(ProbeFailure.Kind.REFUSED, "refused");
        return new Observation.Failed(key(number), failure, NOON.plusSeconds(second++), Duration.ofMillis(1));
    }

    private Fleet threeServers() {
        draft.admit(seen(1, null, uuid(1) + ":1-5"), now());
        draft.admit(seen(2, 1, uuid(1) + ":1-5"), now());
        draft.admit(seen(3, 1, uuid(1) + ":1-4"), now());
        return draft.assemble(assembly).fleet();
    }

    @Test
    void takesPollsThatChangeNothingOfTheStructureWithoutTheWhole() {
        threeServers();
        int wholes = assembly.wholes;

        boolean telling = draft.observe(seen(1, null, uuid(1) + ":1-9"), now());
        FleetChange change = draft.assemble(assembly);

        assertThat(telling).isFalse();
        assertThat(assembly.wholes).isEqualTo(wholes);
        assertThat(change.before()).containsOnlyKeys(key(1));
        assertThat(change.fleet().instance(key(1)).orElseThrow().executedGtids())
                .isEqualTo(GtidSet.parse(uuid(1) + ":1-9"));
    }

    @Test
    void tellsAtOnceOfALostServerAndOfANewSource() {
        threeServers();

        assertThat(draft.observe(failed(3), now())).isTrue();
        assertThat(draft.observe(failed(3), now())).isFalse();
        assertThat(draft.observe(seen(3, 2, uuid(1) + ":1-5"), now())).isTrue();
        Fleet fleet = draft.assemble(assembly).fleet();

        assertThat(fleet.replicasOf(key(2))).extracting(FleetMember::key).containsExactly(key(3));
    }

    @Test
    void leavesOutAnswersThatAreOlderThanWhatIsKnown() {
        threeServers();
        Observation old = seen(3, 1, uuid(1) + ":1-4");
        draft.observe(failed(3), now());

        assertThat(draft.observe(old, now())).isFalse();
        assertThat(draft.assemble(assembly).fleet().member(key(3)).orElseThrow().isReachable())
                .isFalse();
    }

    @Test
    void whatIsSaidToHaveBeenReadAtATimeToComeIsOlderThanAnyAnswer() {
        second = 60;
        threeServers();
        second = 0;

        assertThat(draft.observe(failed(1), now())).isTrue();

        FleetMember member = draft.assemble(assembly).fleet().member(key(1)).orElseThrow();
        assertThat(member.isReachable()).isFalse();
        assertThat(member.failingSince()).isEqualTo(NOON);
        assertThat(draft.observe(seen(1, null, ""), now())).isTrue();
    }

    @Test
    void setsStampsOfATimeToComeBackToThePresentInTheirOrder() {
        second = 60;
        threeServers();
        second = 0;

        draft.setBack(NOON);
        Fleet fleet = draft.assemble(assembly).fleet();

        assertThat(fleet.members())
                .extracting(FleetMember::lastSeen)
                .containsExactly(NOON.minusSeconds(2), NOON.minusSeconds(1), NOON);
        assertThat(fleet.members()).allMatch(m -> Objects.equals(m.lastSeen(), m.lastAttempt()));
    }

    @Test
    void takesInWhatAnotherNodeSawLaterAndNothingElse() {
        Observation earlier = seen(3, 2, uuid(1) + ":1-5");
        FleetMember known = threeServers().member(key(3)).orElseThrow();
        Observation underWay = seen(3, 1, uuid(1) + ":1-5");
        FleetMember later = known.observed(seen(3, 2, uuid(1) + ":1-5"));

        draft.takeIn(FleetMember.unseen(key(3), known.cluster()).observed(earlier));
        assertThat(draft.isChanged()).isFalse();
        draft.takeIn(later);
        draft.observe(underWay, now());
        assertThat(draft.assemble(assembly).fleet().replicasOf(key(2)))
                .extracting(FleetMember::key)
                .containsExactly(key(3));

        draft.takeIn(FleetMember.unseen(key(9), known.cluster()).observed(seen(9, 2, "")));
        assertThat(draft.isChanged()).isFalse();
    }

    @Test
    void aSnapshotThatSomebodyElseMadeDoesNotUndoWhatWasReadHereLater() {
        Fleet stored = threeServers();
        FleetMember promoted = stored.member(key(2)).orElseThrow().observed(seen(2, null, uuid(1) + ":1-6"));
        FleetMember gone = promoted.observed(failed(2));

        FleetDraft followed = FleetDraft.following(stored, List.of(gone), NOON.plusSeconds(second));

        FleetMember kept = followed.assemble(assembly).fleet().member(key(2)).orElseThrow();
        assertThat(kept.isReachable()).isFalse();
        assertThat(kept.facts().orElseThrow().channels()).isEmpty();
        assertThat(FleetDraft.following(stored, List.of(gone), NOON.plusSeconds(second - 2))
                        .isChanged())
                .as("read in a time to come")
                .isFalse();
    }

    @Test
    void aLaterAttemptThatFailedHereLeavesWhatWasSeenThere() {
        FleetMember before = threeServers().member(key(2)).orElseThrow();
        draft.observe(seen(2, null, uuid(1) + ":1-6"), now());
        Fleet stored = draft.assemble(assembly).fleet();
        FleetMember silent = before.observed(failed(2));

        FleetDraft followed = FleetDraft.following(stored, List.of(silent), NOON.plusSeconds(second));

        FleetMember kept = followed.assemble(assembly).fleet().member(key(2)).orElseThrow();
        assertThat(kept.isReachable()).isFalse();
        assertThat(kept.facts().orElseThrow().channels()).isEmpty();
    }

    @Test
    void whatAnotherNodeSawDoesNotHideThatThisOneDoesNotReachTheServer() {
        FleetMember known = threeServers().member(key(3)).orElseThrow();
        FleetMember later = known.observed(seen(3, 2, uuid(1) + ":1-5"));
        draft.observe(failed(3), now());
        FleetMember failing = draft.assemble(assembly).fleet().member(key(3)).orElseThrow();

        draft.takeIn(later);

        FleetMember now = draft.assemble(assembly).fleet().member(key(3)).orElseThrow();
        assertThat(now.failure()).isEqualTo(failing.failure());
        assertThat(now.failingSince()).isEqualTo(failing.failingSince());
        assertThat(now.lastSeen()).isEqualTo(later.lastSeen());
        assertThat(now.facts().flatMap(Instance::source)).contains(key(2));
    }

    @Test
    void touchesAReplicaWhoseErrantTransactionsShowInThePollOfItsSource() {
        draft.admit(seen(1, null, uuid(1) + ":1-5"), now());
        draft.admit(seen(2, 1, uuid(1) + ":1-5," + uuid(2) + ":1"), now());
        draft.assemble(assembly);
        int wholes = assembly.wholes;

        draft.observe(seen(1, null, uuid(1) + ":1-5"), now());
        FleetChange change = draft.assemble(assembly);

        assertThat(assembly.wholes).isEqualTo(wholes);
        assertThat(change.before()).containsOnlyKeys(key(1), key(2));
        assertThat(change.fleet().instance(key(2)).orElseThrow().errantGtids())
                .isEqualTo(GtidSet.parse(uuid(2) + ":1"));
    }

    @Test
    void takesAServerThatDoesNotAnswerForAnotherNameOfTheOneWithItsIdentity() {
        threeServers();
        Candidate candidate = new Candidate(new InstanceKey("10.0.0.3", 3306), Candidate.Origin.REPLICA, uuid(3));
        ProbeFailure failure = new ProbeFailure(ProbeFailure.Kind.TIMEOUT, "no answer");

        draft.admitUnseen(candidate, new Observation.Failed(candidate.key(), failure, NOON, Duration.ZERO), now());
        Fleet fleet = draft.assemble(assembly).fleet();

        assertThat(fleet.members()).hasSize(3);
        assertThat(fleet.canonical(candidate.key())).isEqualTo(key(3));
    }

    private Observation.Seen through(InstanceKey name, Observation.Seen seen) {
        Instance facts = seen.instance();
        Instance there = Instance.builder(name, facts.version())
                .serverUuid(facts.serverUuid())
                .serverId(facts.serverId())
                .uptime(facts.uptime())
                .readOnly(facts.readOnly())
                .build();
        return new Observation.Seen(there, seen.startedAt(), seen.latency());
    }

    @Test
    void aFurtherNameThatHasMovedOnIsThatOfWhoAnswersAndSaysNothingOfTheFormerServer() {
        InstanceKey vip = new InstanceKey("vip", 3306);
        threeServers();
        draft.addName(vip, key(1));
        draft.observe(failed(1), now());
        draft.assemble(assembly);
        Observation.Seen moved = through(vip, seen(2, null, ""));

        assertThat(draft.observe(moved, now())).isTrue();
        draft.admit(moved, now());
        Fleet fleet = draft.assemble(assembly).fleet();

        FleetMember former = fleet.member(key(1)).orElseThrow();
        assertThat(former.isReachable()).isFalse();
        assertThat(former.facts().orElseThrow().serverUuid()).isEqualTo(uuid(1));
        assertThat(fleet.members()).hasSize(3);
        assertThat(fleet.canonical(vip)).isEqualTo(key(2));
    }

    @Test
    void aFurtherNameThatLeadsNowhereMakesNoServerLost() {
        InstanceKey vip = new InstanceKey("vip", 3306);
        threeServers();
        draft.addName(vip, key(1));
        draft.assemble(assembly);
        ProbeFailure failure = new ProbeFailure(ProbeFailure.Kind.REFUSED, "refused");

        assertThat(draft.observe(new Observation.Failed(vip, failure, now(), Duration.ZERO), now()))
                .isFalse();
        assertThat(draft.isChanged()).isFalse();

        assertThat(draft.observe(through(vip, seen(1, null, "")), now())).isFalse();
        assertThat(draft.isChanged()).isTrue();
        assertThat(draft.assemble(assembly).fleet().canonical(vip)).isEqualTo(key(1));
    }

    @Test
    void removesAServerWithItsNames() {
        threeServers();
        draft.addName(new InstanceKey("alias", 3306), key(3));
        draft.assemble(assembly);

        assertThat(draft.remove(new InstanceKey("alias", 3306))).isFalse();
        assertThat(draft.remove(key(3))).isTrue();
        FleetChange change = draft.assemble(assembly);

        assertThat(change.fleet().members()).hasSize(2);
        assertThat(change.fleet().otherNames()).isEmpty();
        assertThat(change.before()).containsKey(key(3));
    }

    /** A switchover takes its writes away: it is the primary still, as it was when it was read before. */
    @Test
    void aPrimaryWithALeftoverChannelStaysOneWhenItIsReadOnly() {
        threeServers();
        draft.observe(leftover(false), now());
        assertThat(draft.assemble(assembly)
                        .fleet()
                        .instance(key(1))
                        .orElseThrow()
                        .mainChannel())
                .isEmpty();
        draft.observe(leftover(true), now());
        Fleet demoted = draft.assemble(assembly).fleet();
        assertThat(demoted.instance(key(1)).orElseThrow().mainChannel()).isEmpty();
        assertThat(demoted.cluster(demoted.member(key(1)).orElseThrow().cluster())
                        .orElseThrow()
                        .primary())
                .isEqualTo(key(1));
    }

    private Observation.Seen leftover(boolean readOnly) {
        Observation.Seen seen = seen(1, 9, uuid(1) + ":1-9");
        return new Observation.Seen(
                seen.instance().toBuilder().readOnly(readOnly).build(), seen.startedAt(), seen.latency());
    }

    /** What is known of each server and of the whole must not depend on the shorter way. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void makesTheSameFleetTheShortWayAndTheLongWay(long seed) {
        Random random = new Random(seed);
        FleetDraft other = new FleetDraft(Fleet.empty());
        Counting whole = new Counting();
        for (int step = 0; step < 300; step++) {
            Observation poll = randomPoll(random);
            for (FleetDraft each : List.of(draft, other)) {
                poll.match(
                        seen -> {
                            each.admit(seen, now());
                            return true;
                        },
                        failed -> each.observe(failed, now()));
            }
            if (random.nextInt(3) == 0) {
                other.reassemble();
                Fleet shortWay = draft.assemble(assembly).fleet();
                Fleet longWay = other.assemble(whole).fleet();
                assertSame(shortWay, longWay, "seed " + seed + ", step " + step);
            }
        }
        assertThat(assembly.wholes).isLessThan(whole.wholes);
    }

    private Observation randomPoll(Random random) {
        int number = random.nextInt(6);
        if (random.nextInt(10) == 0) {
            return failed(number);
        }
        Integer source = number == 0 ? null : random.nextInt(20) == 0 ? random.nextInt(6) : Integer.valueOf(number / 2);
        String executed = uuid(0) + ":1-" + (second + 1)
                + (number > 0 && random.nextBoolean() ? "," + uuid(number) + ":1-" + (1 + random.nextInt(3)) : "");
        return seen(number, source, executed);
    }

    private static void assertSame(Fleet shortWay, Fleet longWay, String when) {
        assertThat(List.copyOf(shortWay.members())).as(when).isEqualTo(List.copyOf(longWay.members()));
        assertThat(List.copyOf(shortWay.clusters())).as(when).isEqualTo(List.copyOf(longWay.clusters()));
        shortWay.members().forEach(m -> {
            assertThat(shortWay.replicasOf(m.key())).as(when).isEqualTo(longWay.replicasOf(m.key()));
            assertThat(shortWay.membersOf(m.cluster())).as(when).isEqualTo(longWay.membersOf(m.cluster()));
            assertThat(shortWay.sourceOf(m)).as(when).isEqualTo(longWay.sourceOf(m));
        });
    }
}
