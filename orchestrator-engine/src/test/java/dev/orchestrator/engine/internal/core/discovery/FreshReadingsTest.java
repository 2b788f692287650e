package dev.orchestrator.engine.internal.core.discovery;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.engine.fleet.FleetBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreshReadingsTest {
    private static final Instant NOW = Instant.EPOCH.plusSeconds(60);

    @Test
    void showsThoseThatAnsweredOnceWithTheirClusters() {
        Fleet read = new FleetBuilder(NOW)
                .primary("db1")
                .replica("db2", "db1")
                .replica("db3", "db1")
                .build();
        FleetMember db2 = read.member(key("db2")).orElseThrow();
        ProbeFailure failure = new ProbeFailure(ProbeFailure.Kind.TIMEOUT, "no answer");
        Fleet fleet = read.with(
                List.of(db2.observed(new Observation.Failed(db2.key(), failure, NOW.plusSeconds(1), Duration.ZERO))));

        FreshReadings fresh =
                FreshReadings.of(List.of(key("db3"), key("db3"), key("db2"), key("db1"), key("nobody")), fleet);

        assertThat(fresh.servers())
                .allMatch(w -> w.factsChanged())
                .extracting(w -> w.member().key())
                .containsExactly(key("db3"), key("db1"));
        assertThat(fresh.clusters()).containsExactlyElementsOf(fleet.clusters());
    }

    @Test
    void showsWhatIsNewOrWasReadSince() {
        Fleet begun = new FleetBuilder(NOW).primary("db1").replica("db2", "db1").build();
        FleetMember db2 = begun.member(key("db2")).orElseThrow();
        Observation again = new Observation.Seen(db2.facts().orElseThrow(), NOW.plusSeconds(1), Duration.ZERO);
        Fleet fleet = begun.with(List.of(db2.observed(again)));

        assertThat(FreshReadings.since(begun, begun, new StoredFleet(begun)).servers())
                .isEmpty();
        assertThat(FreshReadings.since(begun, fleet, new StoredFleet(begun)).servers())
                .extracting(w -> w.member().key())
                .containsExactly(key("db2"));
        FreshReadings all = FreshReadings.since(Fleet.empty(), fleet, new StoredFleet(Fleet.empty()));
        assertThat(all.servers()).hasSize(2);
        assertThat(all.clusters()).containsExactlyElementsOf(fleet.clusters());
    }
}
