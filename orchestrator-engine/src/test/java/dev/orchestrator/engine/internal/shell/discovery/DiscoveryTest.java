package dev.orchestrator.engine.internal.shell.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.event.OrchestratorEvent.InstanceBack;
import dev.orchestrator.api.event.OrchestratorEvent.InstanceDiscovered;
import dev.orchestrator.api.event.OrchestratorEvent.InstanceForgotten;
import dev.orchestrator.api.event.OrchestratorEvent.InstanceLost;
import dev.orchestrator.api.event.OrchestratorEvent.InstanceSuspected;
import dev.orchestrator.api.event.OrchestratorEvent.PrimaryChanged;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.engine.fake.FakeInstanceGateway;
import dev.orchestrator.engine.fake.InMemoryBackend;
import dev.orchestrator.spi.InstanceStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiscoveryTest {
    private final FakeInstanceGateway gateway = new FakeInstanceGateway(InstantSource.system());
    private final InMemoryBackend backend = InMemoryBackend.onSystemClock();
    private final Rig rig = Rig.onFakes(gateway, backend);

    @AfterEach
    void close() {
        gateway.close();
        rig.close();
        assertThat(gateway.overlaps()).isZero();
    }

    private void chainOfFour() {
        gateway.server("db1:3306");
        gateway.server("db2:3306").replicaOf("db1:3306");
        gateway.server("db3:3306").replicaOf("db1:3306");
        gateway.server("db4:3306").replicaOf("db2:3306");
    }

    private static ProbeFailure.Kind failure(FleetMember member) {
        return Objects.requireNonNull(member.failure()).kind();
    }

    private static InstanceKey key(String text) {
        return InstanceKey.parse(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"db1:3306", "db2:3306", "db3:3306", "db4:3306"})
    void findsTheWholeTopologyFromAnyServerInIt(String seed) {
        chainOfFour();
        rig.lead();

        FleetMember seen = rig.discover(seed);

        assertThat(seen.isReachable()).isTrue();
        assertThat(rig.keys()).containsExactly("db1:3306", "db2:3306", "db3:3306", "db4:3306");
        assertThat(rig.fleet().clusters())
                .singleElement()
                .satisfies(c -> assertThat(c.primary()).isEqualTo(key("db1:3306")));
        assertThat(backend.instances().readFleet().members()).hasSize(4);
        await().until(() -> rig.events(InstanceDiscovered.class).size() == 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"db1:3306", "db4:3306"})
    void discoversAndStoresWithoutLeading(String seed) {
        chainOfFour();

        FleetMember seen = rig.discover(seed);

        assertThat(seen.key()).isEqualTo(key(seed));
        Fleet stored = backend.instances().readFleet();
        assertThat(stored.members()).hasSize(4).allMatch(FleetMember::isReachable);
        assertThat(stored.clusters()).hasSize(1);
        assertThat(rig.fleet().members()).hasSize(4);
    }

    @Test
    void findsCoPrimariesAndTheirReplicas() {
        gateway.server("db1:3306").replicaOf("db2:3306").readOnly(false);
        gateway.server("db2:3306").replicaOf("db1:3306");
        gateway.server("db3:3306").replicaOf("db2:3306");
        rig.lead().discover("db3:3306");

        assertThat(rig.keys()).containsExactly("db1:3306", "db2:3306", "db3:3306");
        assertThat(rig.fleet().clusters()).hasSize(1);
    }

    @Test
    void findsReplicasByTheProcessListAndLeavesOutAssumedPortsThatLeadNowhere() {
        gateway.server("db1:3306");
        gateway.server("db2:3306").replicaOf("db1:3306").registers(false);
        gateway.server("db3:3307").replicaOf("db1:3306").registers(false);
        rig.lead().discover("db1:3306");

        assertThat(rig.keys()).containsExactly("db1:3306", "db2:3306");
    }

    @Test
    void refusesASeedThatDoesNotAnswerAndStoresNothing() {
        gateway.server("db1:3306").crash();
        rig.lead();

        assertThatThrownBy(() -> rig.discover("db1:3306"))
                .isInstanceOfSatisfying(
                        OrchestratorException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INSTANCE_UNREACHABLE))
                .hasMessageContaining("db1:3306")
                .hasMessageContaining("connection refused");
        assertThatThrownBy(() -> rig.discover("nowhere:3306")).hasMessageContaining("unknown host nowhere");
        assertThat(rig.keys()).isEmpty();
        assertThat(backend.instances().readFleet().members()).isEmpty();
    }

    @Test
    void keepsAReplicaWhoseSourceDoesNotExist() {
        gateway.server("db2:3306").replicaOf("gone.example:3306");
        gateway.server("db3:3306").replicaOf("db2:3306");
        rig.lead().discover("db2:3306");

        assertThat(rig.keys()).containsExactly("db2:3306", "db3:3306", "gone.example:3306");
        FleetMember unseen = rig.member("gone.example:3306");
        assertThat(unseen.facts()).isEmpty();
        assertThat(failure(unseen)).isEqualTo(ProbeFailure.Kind.UNRESOLVABLE);
    }

    @Test
    void survivesAServerThatReplicatesFromItself() {
        gateway.server("db1:3306").replicaOf("db1:3306");

        assertThat(rig.lead().discover("db1:3306").isReachable()).isTrue();
        assertThat(rig.keys()).containsExactly("db1:3306");
    }

    @Test
    void knowsAServerByOneKeyHoweverManyLeadToIt() {
        chainOfFour();
        gateway.alias("localhost:3306", "db1:3306");
        gateway.alias("10.0.0.1:3306", "db1:3306");
        rig.lead().discover("db2:3306");

        assertThat(rig.discover("localhost:3306").facts().orElseThrow().serverUuid())
                .isEqualTo(rig.member("db1:3306").facts().orElseThrow().serverUuid());
        rig.discover("10.0.0.1:3306");

        assertThat(rig.keys()).containsExactly("db1:3306", "db2:3306", "db3:3306", "db4:3306");
        assertThat(rig.fleet().canonical(key("localhost:3306"))).isEqualTo(key("db1:3306"));
        await().untilAsserted(() -> assertThat(backend.instances().readFleet().otherNames())
                .containsKeys(key("localhost:3306"), key("10.0.0.1:3306")));
    }

    @Test
    void namesAServerAsItReportsItselfWhereThatLeadsToIt() {
        gateway.server("db1.example:3306").reportHost("db1.example");
        gateway.alias("10.0.0.1:3306", "db1.example:3306");
        gateway.server("10.0.0.2:3306").replicaOf("10.0.0.1:3306").reportHost("wrong.example");
        rig.lead();

        assertThat(rig.discover("10.0.0.1:3306").key()).isEqualTo(key("db1.example:3306"));
        assertThat(rig.discover("10.0.0.2:3306").key()).isEqualTo(key("10.0.0.2:3306"));
        await().untilAsserted(() -> assertThat(rig.keys()).containsExactly("10.0.0.2:3306", "db1.example:3306"));
    }

    @Test
    void keepsTwoServersApartThatShareAServerUuid() {
        gateway.server("db1:3306").uuid("11111111-1111-1111-1111-111111111111");
        gateway.server("db2:3306").uuid("11111111-1111-1111-1111-111111111111");
        rig.lead().discover("db1:3306");
        rig.discover("db2:3306");

        assertThat(rig.keys()).containsExactly("db1:3306", "db2:3306");
        await().untilAsserted(() -> assertThat(
                        rig.member("db1:3306").facts().orElseThrow().limitations())
                .anySatisfy(l -> assertThat(l).contains("db2:3306")));
    }

    @Test
    void tellsWhenAServerIsLostAndWhenItIsBack() {
        chainOfFour();
        rig.lead().discover("db1:3306");

        gateway.server("db4:3306").crash();
        await().until(() -> !rig.events(InstanceLost.class).isEmpty());
        assertThat(rig.member("db4:3306").isReachable()).isFalse();
        gateway.server("db4:3306").start();
        await().until(() -> !rig.events(InstanceBack.class).isEmpty());

        assertThat(rig.member("db4:3306").isReachable()).isTrue();
    }

    @Test
    void feelsACrashAtOnceByTheSentinel() {
        chainOfFour();
        rig.lead().discover("db1:3306");
        await().untilAsserted(() -> assertThat(gateway.watched()).containsExactly(key("db1:3306"), key("db2:3306")));
        int polls = gateway.server("db2:3306").polls();

        long crashed = System.nanoTime();
        gateway.server("db1:3306").crash();
        await().pollInterval(Duration.ofMillis(2))
                .until(() -> !rig.member("db1:3306").isReachable());

        assertThat(Duration.ofNanos(System.nanoTime() - crashed)).isLessThan(Duration.ofMillis(200));
        await().until(() -> gateway.server("db2:3306").polls() > polls + 5);
        assertThat(rig.events(InstanceSuspected.class))
                .singleElement()
                .satisfies(e -> assertThat(e.sign()).contains("held connection"));
        await().untilAsserted(() -> assertThat(gateway.watched()).containsExactly(key("db2:3306")));
    }

    @Test
    void suspectsAFrozenServerWhenItsSentinelMissesTwoWaitsAndWatchesItAgainWhenItIsBack() {
        chainOfFour();
        rig.lead().discover("db1:3306");
        await().until(() -> gateway.watched().contains(key("db1:3306")));

        gateway.server("db1:3306").freeze();
        gateway.missWaits("db1:3306", 1);
        assertThat(rig.events(InstanceSuspected.class)).isEmpty();
        gateway.missWaits("db1:3306", 2);

        assertThat(rig.events(InstanceSuspected.class)).hasSize(1);
        await().until(() -> !rig.member("db1:3306").isReachable());
        gateway.server("db1:3306").thaw();
        await().until(() -> rig.member("db1:3306").isReachable());
        await().until(() -> gateway.watched().contains(key("db1:3306")));
    }

    @Test
    void readsServersSideBySideAndCountsWhoDoesNotAnswerAsFailed() {
        chainOfFour();
        rig.lead().discover("db1:3306");
        gateway.server("db1:3306").freeze();
        gateway.server("db3:3306").executed("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5");

        long begun = System.nanoTime();
        Fleet fleet = rig.discovery.refresh(
                List.of(key("db1:3306"), key("db2:3306"), key("db3:3306")), Duration.ofMillis(150));

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(290));
        assertThat(failure(fleet.member(key("db1:3306")).orElseThrow())).isEqualTo(ProbeFailure.Kind.TIMEOUT);
        assertThat(fleet.member(key("db2:3306")).orElseThrow().isReachable()).isTrue();
        assertThat(fleet.instance(key("db3:3306")).orElseThrow().executedGtids().toString())
                .contains("1-5");
    }

    @Test
    void readsServersForAnOrderThoughItDoesNotLead() {
        chainOfFour();
        rig.discover("db1:3306");
        gateway.server("db1:3306").crash();

        Fleet fleet = rig.discovery.refresh(List.of(key("db1:3306"), key("db2:3306")), Duration.ofSeconds(1));

        assertThat(fleet.members()).hasSize(4);
        assertThat(fleet.member(key("db1:3306")).orElseThrow().isReachable()).isFalse();
        await().during(Duration.ofMillis(1500))
                .atMost(Duration.ofSeconds(3))
                .until(() -> !rig.member("db1:3306").isReachable());
    }

    @Test
    void readsServersForAnOrderUnderWayAlsoWhileTheBackendIsAway() {
        chainOfFour();
        rig.discover("db1:3306");
        assertThat(rig.keys()).hasSize(4);
        backend.goAway();
        await().untilAsserted(() -> assertThatThrownBy(rig::fleet).isInstanceOf(OrchestratorException.class));
        gateway.server("db2:3306").crash();

        Fleet fleet = rig.discovery.refresh(List.of(key("db1:3306"), key("db2:3306")), Duration.ofSeconds(1));

        assertThat(fleet.member(key("db1:3306")).orElseThrow().isReachable()).isTrue();
        assertThat(fleet.member(key("db2:3306")).orElseThrow().isReachable()).isFalse();
    }

    @Test
    void putsNoMoreSentinelsThanConfiguredAndThePrimaryIsAmongThem() {
        chainOfFour();
        try (Rig bounded = new Rig(gateway, backend, c -> c.maxSentinels(1))) {
            bounded.lead().discover("db1:3306");
            await().untilAsserted(() -> assertThat(gateway.watched()).containsExactly(key("db1:3306")));

            gateway.server("db1:3306").crash();

            await().untilAsserted(() -> assertThat(gateway.watched()).containsExactly(key("db2:3306")));
        }
    }

    @Test
    void putsNoSentinelsWhenTheyAreSwitchedOff() {
        chainOfFour();
        try (Rig without = new Rig(gateway, backend, c -> c.sentinels(false))) {
            without.lead().discover("db1:3306");
            await().during(Duration.ofMillis(300)).until(() -> gateway.watched().isEmpty());

            gateway.server("db1:3306").crash();
            await().until(() -> !without.member("db1:3306").isReachable());
            assertThat(without.events(InstanceSuspected.class)).isNotEmpty();
        }
    }

    @Test
    void tellsWhenAClusterHasAnotherPrimary() {
        chainOfFour();
        rig.lead().discover("db1:3306");

        gateway.server("db1:3306").crash();
        gateway.server("db2:3306").promote();
        gateway.server("db3:3306").replicaOf("db2:3306");

        await().untilAsserted(() -> assertThat(rig.events(PrimaryChanged.class)).anySatisfy(e -> {
            assertThat(e.former()).isEqualTo(key("db1:3306"));
            assertThat(e.primary()).isEqualTo(key("db2:3306"));
        }));
        assertThat(rig.fleet().clusters()).hasSize(1);
    }

    @Test
    void findsReplicasThatJoinLater() {
        chainOfFour();
        rig.lead().discover("db1:3306");

        gateway.server("db5:3306").replicaOf("db3:3306");

        await().untilAsserted(() -> assertThat(rig.keys()).contains("db5:3306"));
    }

    @Test
    void goesOnWithTheStoredFleetWhenItBeginsToLead() {
        chainOfFour();
        rig.discover("db1:3306");
        rig.events.clear();
        gateway.server("db1:3306").crash();

        rig.lead();

        await().untilAsserted(
                        () -> assertThat(rig.member("db1:3306").isReachable()).isFalse());
        assertThat(rig.events(InstanceDiscovered.class)).isEmpty();
        await().until(() -> !rig.events(InstanceSuspected.class).isEmpty());
    }

    @Test
    void seesAServerDieThoughTheBackendsClockWasSetBackBeforeItBeganToLead() {
        AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ofMinutes(5));
        InMemoryBackend setBack = new InMemoryBackend(() -> Instant.now().plus(ahead.get()));
        chainOfFour();
        try (Rig before = Rig.onFakes(gateway, setBack)) {
            before.discover("db1:3306");
        }
        ahead.set(Duration.ZERO);
        try (Rig next = Rig.onFakes(gateway, setBack)) {
            next.lead();
            assertThat(next.fleet().members())
                    .noneMatch(m -> m.lastSeen() == null
                            || m.lastSeen().isAfter(Instant.now().plusSeconds(1)));

            gateway.server("db1:3306").crash();

            await().until(() -> !next.member("db1:3306").isReachable());
        }
    }

    @Test
    void pollsNobodyAnyMoreWhenItCeasesToLead() {
        chainOfFour();
        rig.lead().discover("db1:3306");

        rig.discovery.stopLeading();
        await().until(() -> gateway.watched().isEmpty());
        int polls = gateway.server("db1:3306").polls();

        await().during(Duration.ofMillis(900))
                .until(() -> gateway.server("db1:3306").polls() <= polls + 1);
        assertThat(rig.fleet().members()).hasSize(4);
    }

    @Test
    void givesConnectionsBackThatItNeedsNoMore() {
        chainOfFour();
        gateway.alias("vip:3306", "db1:3306");
        rig.lead().discover("db1:3306");
        rig.discover("vip:3306");
        rig.discover("vip:3306");
        await().until(() -> gateway.released().equals(Set.of(key("vip:3306"))));

        rig.discovery.stopLeading();

        await().until(() -> gateway.released()
                .containsAll(Set.of(key("db1:3306"), key("db2:3306"), key("db3:3306"), key("db4:3306"))));
    }

    @Test
    void picksUpWhatAnotherNodeDiscoveredAndForgot() {
        chainOfFour();
        gateway.server("other:3306");
        try (Rig leader = Rig.onFakes(gateway, backend.anotherNode())) {
            leader.lead();
            rig.discover("db1:3306");
            rig.discover("other:3306");
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> leader.fleet().members().size() == 5);
            assertThat(leader.fleet().clusters()).hasSize(2);

            assertThat(rig.discovery.forget(key("other:3306"))).isTrue();

            await().atMost(Duration.ofSeconds(10))
                    .until(() -> leader.fleet().members().size() == 4);
            // Told after the picture is there.
            await().untilAsserted(() ->
                    assertThat(leader.events(InstanceForgotten.class)).hasSize(1));
        }
    }

    @Test
    void doesNotFindAForgottenServerAgainAtOnce() {
        chainOfFour();
        rig.lead().discover("db1:3306");

        assertThat(rig.discovery.forget(key("db4:3306"))).isTrue();
        assertThat(rig.discovery.forget(key("db4:3306"))).isFalse();

        assertThat(rig.keys()).doesNotContain("db4:3306");
        assertThatThrownBy(() -> rig.discover("db4:3306")).hasMessageContaining("forgotten a moment ago");
        await().during(Duration.ofMillis(800)).until(() -> !rig.keys().contains("db4:3306"));
    }

    @Test
    void forgetsAServerByAnyOfItsNames() {
        chainOfFour();
        gateway.alias("10.0.0.4:3306", "db4:3306");
        rig.lead().discover("db1:3306");
        rig.discover("10.0.0.4:3306");
        await().until(() -> backend.instances().readFleet().members().size() == 4);

        assertThat(rig.discovery.forget(key("10.0.0.4:3306"))).isTrue();

        assertThat(rig.keys()).containsExactly("db1:3306", "db2:3306", "db3:3306");
        assertThat(backend.instances().readFleet().member(key("db4:3306"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aNameThatWasMovedToAnotherServerIsThatServers(boolean leading) {
        chainOfFour();
        gateway.alias("vip:3306", "db1:3306");
        if (leading) {
            rig.lead();
        }
        rig.discover("db1:3306");
        rig.discover("vip:3306");
        assertThat(rig.fleet().canonical(key("vip:3306"))).isEqualTo(key("db1:3306"));
        gateway.server("db1:3306").crash();
        gateway.server("db2:3306").promote();
        gateway.alias("vip:3306", "db2:3306");

        rig.discover("vip:3306");

        assertThat(rig.fleet().canonical(key("vip:3306"))).isEqualTo(key("db2:3306"));
        assertThat(rig.keys()).containsExactly("db1:3306", "db2:3306", "db3:3306", "db4:3306");
        String uuid = "00000000-0000-0000-0000-000000000002";
        await().untilAsserted(() -> assertThat(backend.instances().readFleet().members())
                .filteredOn(m -> m.facts().orElseThrow().serverUuid().equals(uuid))
                .extracting(FleetMember::key)
                .containsExactly(key("db2:3306")));
    }

    @Test
    void aForgottenServerIsNotFoundAgainByAnotherOfItsNames() {
        gateway.server("db1:3306");
        gateway.alias("10.0.0.1:3306", "db1:3306");
        gateway.server("db2:3306").replicaOf("10.0.0.1:3306");
        rig.lead().discover("db1:3306");
        await().until(() -> rig.fleet().canonical(key("10.0.0.1:3306")).equals(key("db1:3306")));

        assertThat(rig.discovery.forget(key("db1:3306"))).isTrue();

        assertThatThrownBy(() -> rig.discover("10.0.0.1:3306")).hasMessageContaining("forgotten a moment ago");
        assertThat(rig.keys()).containsExactly("db2:3306");
    }

    @Test
    void theRowThatAnotherProcessWroteUnderAFurtherNameGoes() {
        chainOfFour();
        gateway.alias("10.0.0.4:3306", "db4:3306");
        rig.lead().discover("db1:3306");
        rig.discover("10.0.0.4:3306");
        await().until(() -> backend.instances().readFleet().otherNames().containsKey(key("10.0.0.4:3306")));
        FleetMember db4 = rig.member("db4:3306");
        Instance facts = db4.facts().orElseThrow();
        FleetMember foreign = FleetMember.unseen(key("10.0.0.4:3306"), db4.cluster())
                .observed(new Observation.Seen(facts, Instant.now(), Duration.ZERO));

        backend.instances().saveForLeader(List.of(new InstanceStore.MemberWrite(foreign, true)));

        await().untilAsserted(() -> assertThat(backend.instances().roster().known())
                .containsExactlyInAnyOrder(key("db1:3306"), key("db2:3306"), key("db3:3306"), key("db4:3306")));
        assertThat(rig.keys()).hasSize(4);
    }

    @Test
    void goesOnPollingWithoutTheBackendAndWritesWhatIsNewWhenItIsBack() {
        chainOfFour();
        rig.lead().discover("db1:3306");
        backend.goAway();
        gateway.server("db4:3306").crash();

        await().untilAsserted(
                        () -> assertThat(rig.member("db4:3306").isReachable()).isFalse());
        await().untilAsserted(() -> assertThat(rig.events(OrchestratorEvent.BackendChanged.class))
                .singleElement()
                .matches(e -> !e.available()));
        backend.comeBack();

        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(backend.instances()
                                .readFleet()
                                .member(key("db4:3306"))
                                .orElseThrow()
                                .isReachable())
                        .isFalse());
        assertThat(rig.events(OrchestratorEvent.BackendChanged.class)).hasSize(2);
    }

    @Test
    void pollsWhileTheBackendHangs() {
        chainOfFour();
        rig.lead().discover("db1:3306");
        backend.hang();
        int polls = gateway.server("db1:3306").polls();

        await().until(() -> gateway.server("db1:3306").polls() > polls + 4);
        gateway.server("db4:3306").crash();
        await().until(() -> !rig.member("db4:3306").isReachable());
        backend.comeBack();
    }

    @Test
    void writesNothingWithoutTheLease() {
        chainOfFour();
        rig.lead().discover("db1:3306");
        rig.loseLease();
        gateway.server("db4:3306").crash();
        await().until(() -> !rig.member("db4:3306").isReachable());

        await().during(Duration.ofMillis(1500))
                .atMost(Duration.ofSeconds(3))
                .until(() -> backend.instances()
                        .readFleet()
                        .member(key("db4:3306"))
                        .orElseThrow()
                        .isReachable());
    }

    @Test
    void discoversTheConfiguredSeedsUntilTheyAnswer() {
        chainOfFour();
        gateway.server("db1:3306").crash();
        try (Rig seeded = new Rig(gateway, backend, c -> c.seeds(List.of(key("db1:3306"))))) {
            seeded.lead();
            await().until(() -> gateway.server("db1:3306").polls() > 0);
            assertThat(seeded.keys()).isEmpty();
        }
    }

    @Test
    void aConfiguredSeedThatRefusesOurAccountIsShownUntilItIsLetIn() {
        chainOfFour();
        gateway.server("db1:3306").refuseAccount(true);
        try (Rig seeded = new Rig(gateway, backend, c -> c.seeds(List.of(key("db1:3306"))))) {
            seeded.lead();
            await().until(() -> seeded.keys().equals(List.of("db1:3306")));
            assertThat(Objects.requireNonNull(seeded.member("db1:3306").failure())
                            .kind())
                    .isEqualTo(ProbeFailure.Kind.ACCESS_DENIED);
            gateway.server("db1:3306").refuseAccount(false);
            await().atMost(Duration.ofSeconds(20)).until(() -> seeded.keys().size() == 4);
        }
    }
}
