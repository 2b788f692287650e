package dev.orchestrator.engine.internal.core.gtid;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Intents;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import dev.orchestrator.engine.internal.core.topology.FleetAssembler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ErrantGtidsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String P = MemberBuilder.uuid("p");
    private static final String I = MemberBuilder.uuid("i");
    private static final String R = MemberBuilder.uuid("r");
    private static final String OLD = MemberBuilder.uuid("old");

    private final FleetAssembler assembler = new FleetAssembler(() -> "c1", Map.of());
    private Fleet fleet = Fleet.empty();

    private GtidSet errant(FleetBuilder servers, String name) {
        fleet = assembler.assemble(servers.members(), fleet.clusters(), Map.of(), Intents.NONE, List.of());
        return fleet.instance(key(name)).map(Instance::errantGtids).orElseThrow();
    }

    /** The source is read after the replica. */
    private static FleetBuilder pair(String source, String replica) {
        return new FleetBuilder(NOW)
                .primary("p")
                .replica("r", "p")
                .with(m -> m.executed(source), "p")
                .with(m -> m.executed(replica).readAgo(Duration.ofSeconds(2)), "r");
    }

    @Test
    void aTransactionOfTheReplicaItselfIsErrant() {
        assertThat(errant(pair(P + ":1-9", P + ":1-9," + R + ":1-2"), "r")).isEqualTo(GtidSet.parse(R + ":1-2"));
    }

    @Test
    void whatTheSourceHasIsNotErrant() {
        assertThat(errant(pair(P + ":1-9," + OLD + ":1-5", P + ":1-9," + OLD + ":1-5"), "r")
                        .isEmpty())
                .isTrue();
        assertThat(errant(pair(P + ":1-9," + OLD + ":1-5", P + ":1-9," + OLD + ":1-6"), "r"))
                .isEqualTo(GtidSet.parse(OLD + ":6"));
    }

    @Test
    void theSourcesOwnTransactionsAreNeverErrant() {
        assertThat(errant(pair(P + ":1-9", P + ":1-12"), "r").isEmpty()).isTrue();
    }

    @Test
    void transactionsOfAnyServerAboveAreNeverErrant() {
        FleetBuilder chain = new FleetBuilder(NOW)
                .primary("p")
                .replica("i", "p")
                .replica("r", "i")
                .with(m -> m.executed(P + ":1-9"), "p")
                .with(m -> m.executed(P + ":1-8"), "i")
                .with(m -> m.executed(P + ":1-9," + I + ":1").readAgo(Duration.ofSeconds(2)), "r");
        assertThat(errant(chain, "r").isEmpty()).isTrue();
    }

    @Test
    void inARingTheServersOwnTransactionsAreNotErrant() {
        FleetBuilder ring = new FleetBuilder(NOW)
                .add("p", m -> m.writable().replicaOf("r"))
                .replica("r", "p")
                .with(m -> m.executed(P + ":1-9"), "p")
                .with(m -> m.executed(P + ":1-9," + R + ":1").readAgo(Duration.ofSeconds(2)), "r");
        assertThat(errant(ring, "r").isEmpty()).isTrue();
    }

    @Test
    void whatTheSourceMayOnlyHaveBeenReadTooEarlyForWaits() {
        FleetBuilder servers = pair(P + ":1-9", P + ":1-9," + OLD + ":1");
        servers.with(m -> m.readAgo(Duration.ofSeconds(3)), "p");
        assertThat(errant(servers, "r").isEmpty()).isTrue();
        servers.with(m -> m.readAgo(Duration.ofSeconds(1)), "p");
        assertThat(errant(servers, "r")).isEqualTo(GtidSet.parse(OLD + ":1"));
    }

    @Test
    void whatWasErrantStaysSoWhileTheReplicaIsReadAgain() {
        FleetBuilder servers = pair(P + ":1-9", P + ":1-9," + R + ":1");
        errant(servers, "r");
        servers.with(m -> m.executed(P + ":1-9," + R + ":1-2").readAgo(Duration.ZERO), "r");
        assertThat(errant(servers, "r")).isEqualTo(GtidSet.parse(R + ":1"));
        servers.with(m -> m.executed(P + ":1-9," + R + ":1"), "p");
        assertThat(errant(servers, "r").isEmpty()).isTrue();
    }

    @Test
    void serversWithoutGtidOrWithMariaDbPositionsHaveNoErrantOnes() {
        FleetBuilder off = pair("", R + ":1").with(m -> m.facts(f -> f.gtidMode("OFF")), "p");
        assertThat(errant(off, "r").isEmpty()).isTrue();
        assertThat(errant(pair(P + ":1", "0-1-100"), "r").isEmpty()).isTrue();
    }

    @Test
    void aServerWithoutSourceHasNone() {
        FleetBuilder alone = new FleetBuilder(NOW).primary("p").with(m -> m.executed(P + ":1," + R + ":1"), "p");
        assertThat(errant(alone, "p").isEmpty()).isTrue();
    }
}
