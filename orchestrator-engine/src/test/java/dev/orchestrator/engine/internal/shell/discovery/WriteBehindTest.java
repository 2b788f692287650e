package dev.orchestrator.engine.internal.shell.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.engine.fake.SettableTime;
import dev.orchestrator.engine.internal.core.discovery.FleetChange;
import dev.orchestrator.engine.internal.shell.audit.BackendHealth;
import dev.orchestrator.spi.InstanceStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WriteBehindTest {
    private static final ClusterId CLUSTER = new ClusterId("c1");
    private static final InstanceKey DB1 = InstanceKey.parse("db1:3306");
    private static final InstanceKey DB2 = InstanceKey.parse("db2:3306");

    private final SettableTime time = new SettableTime();
    private final Recorder store = new Recorder();
    private final List<OrchestratorEvent> events = new ArrayList<>();
    private boolean leads = true;
    private final WriteBehind writes = new WriteBehind(store, new BackendHealth(events::add, time), () -> leads, time);
    private Fleet fleet = Fleet.empty();

    /** Counts statements, and fails when told to. */
    private static final class Recorder implements InstanceStore {
        private final List<String> statements = new ArrayList<>();
        private final List<MemberWrite> written = new ArrayList<>();
        private final Set<InstanceKey> forgotten = new HashSet<>();
        private boolean away;
        private boolean refusesToForget;

        private void note(String what, int rows) {
            if (rows > 0) {
                note(what + rows);
            }
        }

        private void note(String statement) {
            if (away) {
                throw new OrchestratorException(ErrorCode.BACKEND_UNAVAILABLE, "the disk is full");
            }
            statements.add(statement);
        }

        @Override
        public void save(Collection<MemberWrite> writes) {
            note("save ", writes.size());
            written.addAll(writes);
        }

        @Override
        public void saveForLeader(Collection<MemberWrite> writes) {
            note("for the leader ", writes.size());
        }

        @Override
        public List<FleetMember> read(Collection<InstanceKey> keys) {
            return List.of();
        }

        @Override
        public Roster roster() {
            return new Roster(Set.of(), forgotten, Set.of());
        }

        @Override
        public void saveClusters(Collection<Cluster> clusters) {
            note("clusters ", clusters.size());
        }

        @Override
        public void saveNames(Map<InstanceKey, InstanceKey> otherNames) {
            note("names ", otherNames.size());
        }

        @Override
        public Fleet readFleet() {
            return Fleet.empty();
        }

        @Override
        public List<Cluster> readClusters() {
            return List.of();
        }

        @Override
        public boolean forget(InstanceKey key, Duration blockRediscovery) {
            if (refusesToForget) {
                throw new OrchestratorException(ErrorCode.BACKEND_UNAVAILABLE, "lock wait timeout exceeded");
            }
            note("forget " + key);
            return forgotten.add(key);
        }

        @Override
        public Collection<InstanceKey> forgotten() {
            return forgotten;
        }

        @Override
        public List<InstanceKey> purge(Duration unseenFor, Set<InstanceKey> spared) {
            return List.of();
        }
    }

    private FleetMember poll(InstanceKey key, String comment) {
        time.advance(Duration.ofSeconds(1));
        Instance facts = Instance.builder(key, ServerVersion.parse("8.0.36", "MySQL"))
                .serverUuid(key.hostname())
                .versionComment(comment)
                .uptime(Duration.between(java.time.Instant.EPOCH, time.instant()))
                .build();
        return fleet.member(key)
                .orElse(FleetMember.unseen(key, CLUSTER))
                .observed(new Observation.Seen(facts, time.instant(), Duration.ofMillis(1)));
    }

    private void show(Map<InstanceKey, InstanceKey> names, FleetMember... members) {
        Fleet previous = fleet;
        Cluster cluster = new Cluster(CLUSTER, "db1:3306", "db1:3306", "", DB1);
        fleet = Fleet.of(List.of(members), List.of(cluster), names);
        Map<InstanceKey, Optional<FleetMember>> before = new LinkedHashMap<>();
        previous.members().forEach(m -> before.put(m.key(), Optional.of(m)));
        for (FleetMember member : members) {
            before.putIfAbsent(member.key(), Optional.empty());
        }
        writes.changed(new FleetChange(previous, fleet, before));
    }

    @Test
    void writesEachServerOnceHoweverOftenItWasPolled() {
        show(Map.of(), poll(DB1, "a"), poll(DB2, "a"));
        show(Map.of(), poll(DB1, "b"), poll(DB2, "a"));
        writes.flush();
        writes.flush();

        assertThat(store.statements).containsExactly("clusters 1", "save 2");
        assertThat(store.written).allMatch(InstanceStore.MemberWrite::factsChanged);
        assertThat(store.written.get(0).member().facts().orElseThrow().versionComment())
                .isEqualTo("b");
    }

    @Test
    void writesOnlyTheTimesOfAServerOfWhichNothingButTheUptimeChanged() {
        show(Map.of(), poll(DB1, "a"));
        writes.flush();
        show(Map.of(), poll(DB1, "a"));
        writes.flush();
        show(Map.of(), poll(DB1, "b"));
        writes.flush();

        assertThat(store.written)
                .extracting(InstanceStore.MemberWrite::factsChanged)
                .containsExactly(true, false, true);
    }

    @Test
    void keepsTheLatestWhileTheBackendIsAwayAndTellsItOnce() {
        store.away = true;
        show(Map.of(), poll(DB1, "a"));
        writes.flush();
        show(Map.of(), poll(DB1, "b"), poll(DB2, "a"));
        writes.flush(true);
        assertThat(events).hasSize(1);

        store.away = false;
        writes.flush();
        assertThat(store.statements).as("a pause after failures").isEmpty();
        time.advance(Duration.ofSeconds(10));
        writes.flush();

        assertThat(store.statements).containsExactly("clusters 1", "save 2");
        assertThat(store.written.get(0).member().facts().orElseThrow().versionComment())
                .isEqualTo("b");
        assertThat(events).hasSize(2);
    }

    @Test
    void writesNothingWhileItDoesNotLead() {
        leads = false;
        show(Map.of(), poll(DB1, "a"));

        assertThat(writes.flush(true)).isFalse();
        assertThat(store.statements).isEmpty();
    }

    @Test
    void removesTheRowOfAMemberThatBecameAnotherNameOfOne() {
        show(Map.of(), poll(DB1, "a"), poll(DB2, "a"));
        writes.flush();
        show(Map.of(DB2, DB1), poll(DB1, "a"));
        writes.flush();

        assertThat(store.statements).containsExactly("clusters 1", "save 2", "save 1", "names 1", "forget db2:3306");
    }

    @Test
    void removesSuchARowLaterWhenTheBackendRefusedItAtFirst() {
        show(Map.of(), poll(DB1, "a"), poll(DB2, "a"));
        writes.flush();
        show(Map.of(DB2, DB1), poll(DB1, "a"));
        store.refusesToForget = true;
        assertThat(writes.flush()).isFalse();

        store.refusesToForget = false;
        time.advance(Duration.ofSeconds(10));

        assertThat(writes.flush()).isTrue();
        assertThat(store.forgotten).containsExactly(DB2);
    }

    @Test
    void writesInFullWhatTheBackendHasLost() {
        show(Map.of(), poll(DB1, "a"), poll(DB2, "a"));
        writes.flush();
        writes.reconcile(Set.of(DB1));
        show(Map.of(), poll(DB1, "a"), poll(DB2, "a"));
        writes.flush();

        Map<InstanceKey, Boolean> last = new HashMap<>();
        store.written.subList(2, 4).forEach(w -> last.put(w.member().key(), w.factsChanged()));
        assertThat(last).containsEntry(DB1, false).containsEntry(DB2, true);
        assertThat(store.statements).endsWith("clusters 1", "save 2");
    }

    @Test
    void writesAnewInFullWhatOthersStored() {
        show(Map.of(), poll(DB1, "a"), poll(DB2, "a"));
        writes.flush();
        assertThat(writes.hasClusters()).isFalse();
        writes.writeAnew(Set.of(DB1));
        assertThat(writes.hasClusters()).isTrue();
        writes.flush();

        assertThat(store.written.subList(2, 3)).allMatch(w -> w.member().key().equals(DB1) && w.factsChanged());
        assertThat(store.statements).endsWith("clusters 1", "save 1");
    }

    @Test
    void startsFromWhatTheBackendHolds() {
        show(Map.of(), poll(DB1, "a"));
        writes.load(fleet);
        show(Map.of(), poll(DB1, "a"));
        writes.flush();

        assertThat(store.statements).containsExactly("save 1");
        assertThat(store.written).singleElement().matches(w -> !w.factsChanged());
    }
}
