package dev.orchestrator.engine.internal.core.topology;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class IdentityResolverTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    /** A further name of db1. */
    private static UnaryOperator<MemberBuilder> db1() {
        return m -> m.facts(f -> f.serverUuid(MemberBuilder.uuid("db1"))
                .serverId("db1".hashCode() & 0xffff)
                .reportedHostname("db1")
                .reportHost("db1"));
    }

    private static FleetBuilder twoNames() {
        return new FleetBuilder(NOW).add("alias", db1()).primary("db1");
    }

    private static IdentityResolver.Identities resolve(FleetBuilder fleet) {
        return IdentityResolver.resolve(fleet.members(), Map.of());
    }

    @Test
    void keepsTheNameTheServerReports() {
        IdentityResolver.Identities found = resolve(twoNames());
        assertThat(found.members()).extracting(FleetMember::key).containsExactly(key("db1"));
        assertThat(found.otherNames()).containsExactly(Map.entry(key("alias"), key("db1")));
        assertThat(found.clashes()).isEmpty();
    }

    @Test
    void keepsTheFirstNameWhenNoneIsReported() {
        FleetBuilder fleet = twoNames().with(m -> m.facts(f -> f.reportHost("")), "alias", "db1");
        assertThat(resolve(fleet).otherNames()).containsExactly(Map.entry(key("db1"), key("alias")));
    }

    @Test
    void keepsTheNameThatWasKeptBeforeWhenNoneIsReported() {
        FleetBuilder fleet = twoNames().with(m -> m.facts(f -> f.reportHost("")), "alias", "db1");
        IdentityResolver.Identities found = IdentityResolver.resolve(fleet.members(), Map.of(key("vip"), key("db1")));
        assertThat(found.otherNames())
                .containsOnly(Map.entry(key("alias"), key("db1")), Map.entry(key("vip"), key("db1")));
    }

    @Test
    void aCopyIsAnotherServer() {
        for (UnaryOperator<MemberBuilder> difference : java.util.List.<UnaryOperator<MemberBuilder>>of(
                m -> m.facts(f -> f.reportPort(3307)),
                m -> m.facts(f -> f.reportedHostname("db2")),
                m -> m.facts(f -> f.serverId(7)),
                m -> m.facts(f -> f.uptime(Duration.ofDays(1).plusSeconds(6))))) {
            IdentityResolver.Identities found = resolve(twoNames().with(difference, "alias"));
            assertThat(found.members()).hasSize(2);
            assertThat(found.otherNames()).isEmpty();
            assertThat(found.clashes()).containsOnlyKeys(MemberBuilder.uuid("db1"));
        }
        assertThat(resolve(twoNames()
                                .with(
                                        m -> m.facts(
                                                f -> f.uptime(Duration.ofDays(1).plusSeconds(5))),
                                        "alias"))
                        .members())
                .hasSize(1);
    }

    @Test
    void whoCannotBeReadNowIsNotMerged() {
        FleetBuilder fleet = twoNames().with(m -> m.fails(ProbeFailure.Kind.TIMEOUT, Duration.ofSeconds(1)), "alias");
        assertThat(resolve(fleet).members()).hasSize(2);
    }

    @Test
    void aKnownNameHoldsUntilItLeadsElsewhere() {
        Map<dev.orchestrator.api.model.InstanceKey, dev.orchestrator.api.model.InstanceKey> known =
                Map.of(key("vip"), key("db1"));
        FleetBuilder fleet = new FleetBuilder(NOW).primary("db1");
        assertThat(IdentityResolver.resolve(fleet.members(), known).otherNames())
                .isEqualTo(known);
        fleet.primary("vip");
        IdentityResolver.Identities moved = IdentityResolver.resolve(fleet.members(), known);
        assertThat(moved.otherNames()).isEmpty();
        assertThat(moved.members()).hasSize(2);
    }

    @Test
    void whoWasReadAsAServerOfItsOwnIsNoFurtherNameWhenItDoesNotAnswer() {
        FleetBuilder fleet = new FleetBuilder(NOW)
                .primary("db1")
                .primary("vip")
                .with(m -> m.fails(ProbeFailure.Kind.TIMEOUT, Duration.ofSeconds(1)), "vip");
        IdentityResolver.Identities found = IdentityResolver.resolve(fleet.members(), Map.of(key("vip"), key("db1")));
        assertThat(found.members()).hasSize(2);
    }

    @Test
    void aKnownNameEndsWithItsServer() {
        FleetBuilder fleet = new FleetBuilder(NOW).primary("db2");
        assertThat(IdentityResolver.resolve(fleet.members(), Map.of(key("vip"), key("db1")))
                        .otherNames())
                .isEmpty();
    }

    @Test
    void namesFollowWhenABetterNameIsFound() {
        FleetBuilder fleet = twoNames();
        IdentityResolver.Identities found = IdentityResolver.resolve(fleet.members(), Map.of(key("vip"), key("alias")));
        assertThat(found.otherNames())
                .containsOnly(Map.entry(key("alias"), key("db1")), Map.entry(key("vip"), key("db1")));
    }
}
