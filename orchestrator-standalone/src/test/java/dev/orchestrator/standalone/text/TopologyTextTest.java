package dev.orchestrator.standalone.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Downtime;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceBuilder;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.ServerVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TopologyTextTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final ClusterId ID = new ClusterId("c");

    @Test
    void replicasStandBelowTheirSourceTheBusiestFirst() {
        assertThat(tree(
                        server("a", null),
                        server("b", "a"),
                        server("middle-c", "a"),
                        server("d", "middle-c"),
                        server("e", "middle-c")))
                .isEqualTo("""
                        a:1          [0s,ok,8.0.31,rw,nobinlog]
                        + middle-c:1 [0s,ok,8.0.31,rw,nobinlog]
                          + d:1      [0s,ok,8.0.31,rw,nobinlog]
                          + e:1      [0s,ok,8.0.31,rw,nobinlog]
                        + b:1        [0s,ok,8.0.31,rw,nobinlog]""");
    }

    @Test
    void coPrimariesStandOneLevelInWithTheirReplicas() {
        assertThat(tree(server("a", "b"), server("b", "a"), server("c", "b"))).isEqualTo("""
                        + a:1   [0s,ok,8.0.31,rw,nobinlog]
                        + b:1   [0s,ok,8.0.31,rw,nobinlog]
                          + c:1 [0s,ok,8.0.31,rw,nobinlog]""");
    }

    @Test
    void nobodyVanishesWhateverTheShape() {
        assertThat(tree(server("a", "c"), server("b", "a"), server("c", "b")).lines())
                .hasSize(3);
        assertThat(tree(server("a", null), server("b", "nobody"), server("c", "elsewhere"), server("d", "c"))
                        .lines())
                .hasSize(4);
    }

    @Test
    void troubleShows() {
        FleetMember failed = server("a", null)
                .observed(new dev.orchestrator.api.model.Observation.Failed(
                        new InstanceKey("a", 1),
                        new ProbeFailure(ProbeFailure.Kind.REFUSED, "refused"),
                        NOW,
                        Duration.ZERO));
        FleetMember stopped = member(instance("b", "a", ReplicationThreadState.STOPPED, Duration.ZERO), NOW);
        FleetMember lagging = member(instance("c", "a", ReplicationThreadState.RUNNING, Duration.ofSeconds(99)), NOW);
        FleetMember unchecked = member(instance("d", "a", ReplicationThreadState.RUNNING, null), NOW.minusSeconds(60));
        FleetMember aliased = member(
                instance("e", "a", ReplicationThreadState.RUNNING, Duration.ZERO).toBuilder()
                        .instanceAlias("reporting")
                        .readOnly(true)
                        .build(),
                NOW);

        assertThat(tree(failed, stopped, lagging, unchecked, aliased)).isEqualTo("""
                        a:1               [unknown,invalid,8.0.31,rw,nobinlog]
                        - b:1             [0s,nonreplicating,8.0.31,rw,nobinlog]
                        + c:1             [99s,lag,8.0.31,rw,nobinlog]
                        - d:1             [null,unchecked,8.0.31,rw,nobinlog]
                        + e:1 (reporting) [0s,ok,8.0.31,ro,nobinlog,downtimed]""");
    }

    @Test
    void abbreviatedNamesAreForReadingOnly() {
        Fleet fleet = fleet(server("db1.example", null), server("db2.example", "db1.example"));

        assertThat(InstanceNames.forReading(fleet, new InstanceKey("db1", 1)).key())
                .hasToString("db1.example:1");
        assertThatThrownBy(() -> InstanceNames.forReading(fleet, new InstanceKey("example", 1)))
                .isInstanceOf(OrchestratorException.class)
                .hasMessageContaining("db1.example:1, db2.example:1");
        assertThatThrownBy(() -> InstanceNames.exact(fleet, new InstanceKey("db1", 1)))
                .hasMessage("no instance db1:1 is known; did you mean db1.example:1?");
        assertThatThrownBy(() -> InstanceNames.exact(fleet, new InstanceKey("db3.example", 1)))
                .hasMessageContaining("did you mean db1.example:1?");
        assertThatThrownBy(() -> InstanceNames.exact(fleet, new InstanceKey("zzz", 9)))
                .hasMessage("no instance zzz:9 is known; discover it first");
    }

    @Test
    void aPartOfAnAddressIsNobodysName() {
        Fleet fleet = fleet(server("127.0.0.1", null));

        assertThatThrownBy(() -> InstanceNames.forReading(fleet, new InstanceKey("7.0.0.1", 1)))
                .isInstanceOf(OrchestratorException.class);
    }

    @Test
    void filtersNameClusters() {
        Cluster cluster = new Cluster(ID, "db1.example:3306", "main", "", null);

        assertThat(Stream.of("*", "main", "db1.example:3306", "alias=main", "alias~=^ma", "db1[.]ex"))
                .allMatch(filter -> ClusterFilterTexts.match(List.of(filter), cluster));
        assertThat(Stream.of("mai", "alias=mai", "alias~=^in", "db2"))
                .noneMatch(filter -> ClusterFilterTexts.match(List.of(filter), cluster));
        assertThat(ClusterFilterTexts.match(List.of(), cluster)).isFalse();
    }

    private static String tree(FleetMember... members) {
        Actor actor = new Actor("me", Origin.CLI, "n");
        Downtime downtime = new Downtime(new InstanceKey("e", 1), actor, "r", NOW, NOW.plusSeconds(60));
        boolean downtimed = members.length == 5
                && members[4].facts().orElseThrow().instanceAlias().length() > 0;
        Intents intents =
                new Intents(true, downtimed ? Map.of(downtime.instance(), downtime) : Map.of(), Map.of(), Map.of());
        Fleet fleet = fleet(members);
        return TopologyText.tree(
                fleet,
                fleet.cluster(ID).orElseThrow(),
                OrchestratorConfig.builder().build(),
                intents,
                NOW);
    }

    private static Fleet fleet(FleetMember... members) {
        Cluster cluster = new Cluster(ID, "c", "c", "", members[0].key());
        return Fleet.of(List.of(members), List.of(cluster), Map.of());
    }

    private static FleetMember server(String host, @Nullable String source) {
        return member(instance(host, source, ReplicationThreadState.RUNNING, Duration.ZERO), NOW);
    }

    private static FleetMember member(Instance instance, Instant at) {
        return new FleetMember(instance.key(), ID, instance, at, at, null, null, Duration.ZERO);
    }

    private static Instance instance(
            String host, @Nullable String source, ReplicationThreadState applier, @Nullable Duration lag) {
        InstanceBuilder builder = Instance.builder(new InstanceKey(host, 1), ServerVersion.parse("8.0.31", ""));
        if (source != null) {
            builder.channels(List.of(ReplicationChannel.builder(new InstanceKey(source, 1))
                    .receiver(ReplicationThreadState.RUNNING)
                    .applier(applier)
                    .lag(lag)
                    .build()));
        }
        return builder.build();
    }
}
