package dev.orchestrator.engine.internal.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FleetNewsTest {
    private static final Instant NOW = Instant.EPOCH.plusSeconds(60);
    private static final ClusterId C1 = new ClusterId("c1");
    private static final InstanceKey DB1 = InstanceKey.parse("db1:3306");
    private static final InstanceKey DB2 = InstanceKey.parse("db2:3306");
    private static final ProbeFailure REFUSED = new ProbeFailure(ProbeFailure.Kind.TIMEOUT, "no answer");

    private static Cluster cluster(InstanceKey primary) {
        return new Cluster(C1, "db1:3306", "one", "", primary);
    }

    private static FleetMember up(InstanceKey key) {
        return FleetMember.unseen(key, C1);
    }

    private static FleetMember down(InstanceKey key) {
        return up(key).observed(new Observation.Failed(key, REFUSED, Instant.EPOCH, Duration.ofSeconds(1)));
    }

    private static Fleet fleet(InstanceKey primary, Map<InstanceKey, InstanceKey> names, FleetMember... members) {
        return Fleet.of(List.of(members), List.of(cluster(primary)), names);
    }

    private static List<OrchestratorEvent> news(Fleet previous, Fleet now) {
        Map<InstanceKey, Optional<FleetMember>> before = new LinkedHashMap<>();
        previous.members().forEach(m -> before.put(m.key(), Optional.of(m)));
        now.members().forEach(m -> before.putIfAbsent(m.key(), Optional.empty()));
        return FleetNews.of(new FleetChange(previous, now, before), NOW);
    }

    @Test
    void tellsOfAServerThatJoinsAlsoWhenItDoesNotAnswer() {
        assertThat(news(fleet(DB1, Map.of(), up(DB1)), fleet(DB1, Map.of(), up(DB1), down(DB2))))
                .containsExactly(
                        new OrchestratorEvent.InstanceDiscovered(NOW, DB2, cluster(DB1)),
                        new OrchestratorEvent.InstanceLost(NOW, DB2, REFUSED));
    }

    @Test
    void tellsOnceThatAServerIsLostAndOnceThatItIsBack() {
        Fleet well = fleet(DB1, Map.of(), up(DB1));
        Fleet ill = fleet(DB1, Map.of(), down(DB1));

        assertThat(news(well, ill)).containsExactly(new OrchestratorEvent.InstanceLost(NOW, DB1, REFUSED));
        assertThat(news(ill, ill)).isEmpty();
        assertThat(news(ill, well)).containsExactly(new OrchestratorEvent.InstanceBack(NOW, DB1));
        assertThat(news(well, well)).isEmpty();
    }

    @Test
    void tellsThatAServerIsForgottenButNotWhenItGoesByAnotherName() {
        Fleet two = fleet(DB1, Map.of(), up(DB1), up(DB2));

        assertThat(news(two, fleet(DB1, Map.of(), up(DB1))))
                .containsExactly(new OrchestratorEvent.InstanceForgotten(NOW, DB2));
        assertThat(news(two, fleet(DB1, Map.of(DB2, DB1), up(DB1)))).isEmpty();
    }

    @Test
    void tellsOfAnotherPrimaryEvenWhenNoServerWasRead() {
        Fleet before = fleet(DB1, Map.of(), up(DB1), up(DB2));
        Fleet after = fleet(DB2, Map.of(), up(DB1), up(DB2));

        assertThat(FleetNews.of(new FleetChange(before, after, Map.of()), NOW))
                .containsExactly(new OrchestratorEvent.PrimaryChanged(NOW, C1, DB1, DB2));
        assertThat(FleetNews.ofPrimaries(Fleet.empty(), after, NOW))
                .as("a new cluster")
                .isEmpty();
    }
}
