package dev.orchestrator.engine.internal.core.fencing;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.plan.InstanceCommand.SetReadOnly;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Who is meant by a fence: "old" was replaced by "new". */
class FencedServersTest {
    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
    private static final Fence FENCE = new Fence(
            MemberBuilder.uuid("old"),
            key("old"),
            FleetBuilder.CLUSTER,
            key("new"),
            "uid",
            FenceState.PENDING,
            "",
            NOW);

    private final FleetBuilder fleet = new FleetBuilder(NOW).primary("new").primary("old");

    private static UnaryOperator<MemberBuilder> dead() {
        return m -> m.fails(ProbeFailure.Kind.TIMEOUT, Duration.ofSeconds(10));
    }

    private static UnaryOperator<MemberBuilder> withUuidOf(String name) {
        return m -> m.facts(f -> f.serverUuid(MemberBuilder.uuid(name)));
    }

    private FencedServers servers() {
        return new FencedServers(FENCE, fleet.build());
    }

    private List<InstanceKey> toldToBeReadOnly() {
        return servers().receivers(new SetReadOnly(true));
    }

    @Test
    void whoDoesNotAnswerIsToldByTheKeyItHad() {
        fleet.with(dead(), "old");
        assertThat(toldToBeReadOnly()).containsExactly(key("old"));
        assertThat(new FencedServers(FENCE, new FleetBuilder(NOW).primary("new").build())
                        .receivers(new SetReadOnly(true)))
                .containsExactly(key("old"));
    }

    @Test
    void whoComesBackByAnotherKeyIsToldThereThoughItsOldOneIsAMember() {
        fleet.with(dead(), "old").primary("back").with(withUuidOf("old"), "back");
        assertThat(toldToBeReadOnly()).containsExactly(key("back"));
        assertThat(servers().read()).containsExactly(key("back"));
        assertThat(servers().describe()).isEqualTo("old:3306, which answers as back:3306,");
        assertThat(new FenceView(FENCE, fleet.build(), null).both()).containsExactly(key("back"), key("new"));
    }

    @Test
    void ofCopiesAllAreToldToBeReadOnlyAndNoneIsMadeWritableAgain() {
        fleet.primary("copy").with(withUuidOf("old"), "copy");
        assertThat(toldToBeReadOnly()).containsExactlyInAnyOrder(key("old"), key("copy"));
        assertThat(servers().receivers(new SetReadOnly(false))).containsExactly(key("old"));
    }

    @Test
    void nothingIsSentToAnotherServerThatHasItsNameNow() {
        fleet.with(withUuidOf("rebuilt"), "old");
        assertThat(toldToBeReadOnly()).isEmpty();
        assertThat(FenceRules.next(view(), Rebuilding.in(view()), null, Duration.ofSeconds(5)))
                .extracting(FenceStep::action)
                .isEqualTo(FenceStep.FenceAction.NOTHING);
        fleet.with(dead(), "old");
        assertThat(toldToBeReadOnly()).as("it may be the old one again").containsExactly(key("old"));
    }

    private FenceView view() {
        return new FenceView(FENCE, fleet.build(), null);
    }
}
