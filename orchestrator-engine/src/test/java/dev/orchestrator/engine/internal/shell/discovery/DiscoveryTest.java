package dev.orchestrator.engine.internal.shell.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.event.OrchestratorEvent.InstanceDiscovered;
import dev.orchestrator.api.event.OrchestratorEvent.InstanceSuspected;
import dev.orchestrator.api.event.OrchestratorEvent.PrimaryChanged;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.engine.fake.InMemoryBackend;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiscoveryTest extends OnFakes {
    @ParameterizedTest
    @ValueSource(strings = {"db1:3306", "db2:3306", "db3:3306", "db4:3306"})
    void findsTheWholeTopologyFromAnyServerInIt(String seed) {
        gateway.chainOfFour();
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
        gateway.chainOfFour();

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
    void readsServersSideBySideAndCountsWhoDoesNotAnswerAsFailed() {
        gateway.chainOfFour();
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
        gateway.chainOfFour();
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
        gateway.chainOfFour();
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
    void tellsWhenAClusterHasAnotherPrimary() {
        gateway.chainOfFour();
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
        gateway.chainOfFour();
        rig.lead().discover("db1:3306");

        gateway.server("db5:3306").replicaOf("db3:3306");

        await().untilAsserted(() -> assertThat(rig.keys()).contains("db5:3306"));
    }

    @Test
    void goesOnWithTheStoredFleetWhenItBeginsToLead() {
        gateway.chainOfFour();
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
        gateway.chainOfFour();
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
        gateway.chainOfFour();
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
        gateway.chainOfFour();
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
    void goesOnPollingWithoutTheBackendAndWritesWhatIsNewWhenItIsBack() {
        gateway.chainOfFour();
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
        gateway.chainOfFour();
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
        gateway.chainOfFour();
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
        gateway.chainOfFour();
        gateway.server("db1:3306").crash();
        try (Rig seeded = new Rig(gateway, backend, c -> c.seeds(List.of(key("db1:3306"))))) {
            seeded.lead();
            await().until(() -> gateway.server("db1:3306").polls() > 0);
            assertThat(seeded.keys()).isEmpty();
        }
    }

    @Test
    void aConfiguredSeedThatRefusesOurAccountIsShownUntilItIsLetIn() {
        gateway.chainOfFour();
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
