package dev.orchestrator.engine.internal.core.topology;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Intents;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.engine.fleet.FleetBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A server that reads from two primaries; the channel from a sorts before the one from b. */
class AggregatorTest {
    private final FleetBuilder servers = new FleetBuilder(Instant.parse("2026-03-01T12:00:00Z"))
            .primary("a")
            .replica("a1", "a")
            .primary("b")
            .replica("b1", "b")
            .add("agg", m -> m.alsoReplicaOf("a", "from-a").replicaOf("b").channel(c -> c.name("from-b")));

    private Fleet assemble() {
        int[] ids = {0};
        return new FleetAssembler(() -> "id" + ids[0]++, Map.of())
                .assemble(servers.members(), List.of(), Map.of(), Intents.NONE, List.of());
    }

    @Test
    void itIsAReplicaOfBothAndEachSeesTheChannelThatReadsFromIt() {
        Fleet fleet = assemble();
        for (String source : List.of("a", "b")) {
            assertThat(fleet.replicasOf(key(source)))
                    .extracting(FleetMember::key)
                    .contains(key("agg"));
            assertThat(fleet.replicasOf(key(source)).stream()
                            .filter(r -> r.key().equals(key("agg")))
                            .flatMap(r -> r.facts().flatMap(Instance::mainChannel).stream())
                            .map(ReplicationChannel::name))
                    .containsExactly("from-" + source);
            assertThat(fleet.channelFrom(key("agg"), key(source)).map(ReplicationChannel::name))
                    .hasValue("from-" + source);
        }
        assertThat(fleet.channelFrom(key("agg"), key("a1"))).isEmpty();
        assertThat(fleet.channelFrom(key("nobody"), key("a"))).isEmpty();
    }

    @Test
    void itStandsOnceInTheTreeOfTheClusterOfItsFirstChannel() {
        Fleet fleet = assemble();
        FleetMember aggregator = fleet.member(key("agg")).orElseThrow();
        assertThat(aggregator.facts().flatMap(Instance::mainChannel).map(ReplicationChannel::name))
                .hasValue("from-a");
        assertThat(aggregator.cluster())
                .isEqualTo(fleet.member(key("a")).orElseThrow().cluster());
        assertThat(fleet.clusters()).hasSize(2);
        fleet.clusters()
                .forEach(c -> assertThat(fleet.topology(c).roots())
                        .singleElement()
                        .satisfies(root -> assertThat(root.replicas().stream().filter(r -> r.member() == aggregator))
                                .hasSize(c.id().equals(aggregator.cluster()) ? 1 : 0)));
    }

    @Test
    void aReplicaThatReadsTwiceFromTheSameServerIsOne() {
        servers.add("twice", m -> m.alsoReplicaOf("a", "again").replicaOf("a").channel(c -> c.name("once")));
        assertThat(assemble().replicasOf(key("a")).stream().filter(r -> r.key().equals(key("twice"))))
                .hasSize(1);
    }

    /** Seen before: both topologies stood in one cluster until the primary known first was polled again. */
    @Test
    void whenItsSecondSourceAppearsEachTopologyHasItsClusterAtOnce() {
        int[] ids = {0};
        FleetAssembler assembler = new FleetAssembler(() -> "id" + ids[0]++, Map.of());
        Instant now = Instant.parse("2026-03-01T12:00:00Z");
        FleetBuilder first = new FleetBuilder(now)
                .primary("b")
                .replica("b1", "b")
                .add("agg", m -> m.replicaOf("b").channel(c -> c.name("from-b")));
        Fleet one = assembler.assemble(first.members(), List.of(), Map.of(), Intents.NONE, List.of());
        FleetBuilder second = new FleetBuilder(now.plusSeconds(2))
                .add("agg", m -> m.alsoReplicaOf("a", "from-a").replicaOf("b").channel(c -> c.name("from-b")))
                .primary("a")
                .replica("a1", "a");
        List<FleetMember> members = new ArrayList<>();
        one.members().stream().filter(m -> !m.key().equals(key("agg"))).forEach(members::add);
        second.members().stream()
                .map(m -> one.member(m.key()).isPresent()
                        ? m.inCluster(one.member(m.key()).orElseThrow().cluster())
                        : m.inCluster(FleetAssembler.UNASSIGNED))
                .forEach(members::add);
        Fleet two = assembler.assemble(members, one.clusters(), Map.of(), Intents.NONE, List.of());

        assertThat(two.clusters()).extracting(c -> c.primary()).containsExactlyInAnyOrder(key("a"), key("b"));
        assertThat(two.member(key("b")).orElseThrow().cluster())
                .isEqualTo(one.member(key("b")).orElseThrow().cluster());
    }
}
