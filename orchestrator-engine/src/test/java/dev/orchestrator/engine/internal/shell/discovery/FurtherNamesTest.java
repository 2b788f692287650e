package dev.orchestrator.engine.internal.shell.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.event.OrchestratorEvent.InstanceForgotten;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.spi.InstanceStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of servers: by which one is known, and that none brings back what was forgotten. */
class FurtherNamesTest extends OnFakes {
    @Test
    void knowsAServerByOneKeyHoweverManyLeadToIt() {
        gateway.chainOfFour();
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
    void picksUpWhatAnotherNodeDiscoveredAndForgot() {
        gateway.chainOfFour();
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
            // Told after the snapshot is there.
            await().untilAsserted(() ->
                    assertThat(leader.events(InstanceForgotten.class)).hasSize(1));
        }
    }

    @Test
    void doesNotFindAForgottenServerAgainAtOnce() {
        gateway.chainOfFour();
        rig.lead().discover("db1:3306");

        assertThat(rig.discovery.forget(key("db4:3306"))).isTrue();
        assertThat(rig.discovery.forget(key("db4:3306"))).isFalse();

        assertThat(rig.keys()).doesNotContain("db4:3306");
        assertThatThrownBy(() -> rig.discover("db4:3306")).hasMessageContaining("forgotten a moment ago");
        await().during(Duration.ofMillis(800)).until(() -> !rig.keys().contains("db4:3306"));
    }

    @Test
    void forgetsAServerByAnyOfItsNames() {
        gateway.chainOfFour();
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
        gateway.chainOfFour();
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
        gateway.chainOfFour();
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
}
