package dev.orchestrator.standalone.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.OrchestratorEngine;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.MysqldExtension;
import dev.orchestrator.testkit.TopologyExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The node of the test ("node-b") on a backend of its own, beside which others in processes of their own ("node-a") do
 * something to themselves. Registered after the topology and the backend's server.
 */
final class SecondNode implements BeforeEachCallback, AfterEachCallback {
    static final Duration PATIENCE = Duration.ofSeconds(40);

    static final Actor TESTER = new Actor("tester", Origin.API, "here");

    private final MysqldExtension server;
    private final TopologyExtension topology;
    private String schema = "";
    private @Nullable JooqBackend backend;
    private @Nullable OrchestratorEngine engine;

    SecondNode(MysqldExtension server, TopologyExtension topology) {
        this.server = server;
        this.topology = topology;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        schema = server.newSchema();
        JooqBackend opened = RealEngines.backend(server.server().key(), schema);
        backend = opened;
        engine = RealEngines.engine(opened, "node-b");
    }

    @Override
    public void afterEach(ExtensionContext context) {
        engine().close();
        backend().close();
    }

    OrchestratorEngine engine() {
        return Objects.requireNonNull(engine, "no test is running");
    }

    JooqBackend backend() {
        return Objects.requireNonNull(backend, "no test is running");
    }

    /** Another node, with what is to happen to it. */
    EngineJvm firstNode(String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("backend=" + server.server().key());
        all.add("schema=" + schema);
        all.add("node=node-a");
        all.add("seed=" + topology.primary().key());
        return EngineJvm.start(FaultyEngineProcess.class, all.toArray(String[]::new));
    }

    /** The same once it leads and knows all servers; this node stands by. */
    EngineJvm leadingFirstNode(String... words) throws Exception {
        EngineJvm first = firstNode(words);
        String all = "LEADING " + topology.topology().servers().size();
        await().atMost(PATIENCE).until(() -> first.lastSaid().equals(all));
        engine().start();
        return first;
    }

    /** This node leads and knows all servers. */
    void lead() {
        lead(engine());
    }

    /** Another node in this process leads and knows all servers. */
    void lead(OrchestratorEngine other) {
        other.start();
        await().atMost(PATIENCE).until(() -> other.leaderElection().standing() == Standing.LEADING);
        other.discover(topology.primary().key(), TESTER);
        await().atMost(PATIENCE)
                .until(() -> other.fleet().members().stream()
                                .filter(FleetMember::isReachable)
                                .count()
                        == topology.topology().servers().size());
    }

    /** All recoveries, the latest first. */
    List<RecoveryRecord> records() {
        return backend().recoveries().find(RecoveryFilter.all(0, 10));
    }

    boolean allEnded() {
        List<RecoveryRecord> records = records();
        return !records.isEmpty() && records.stream().noneMatch(RecoveryRecord::isActive);
    }

    void awaitAllEnded() {
        await().atMost(PATIENCE).until(this::allEnded);
    }

    /** The records that a recovery has ended in success. */
    List<RecoveryRecord> successes() {
        return records().stream().filter(r -> r.successful() && !r.isActive()).toList();
    }

    void awaitNoLocks() {
        await().atMost(PATIENCE).until(() -> engine().maintenance().active().isEmpty());
    }

    List<Fence> fences() {
        return backend().fences().standing();
    }

    /**
     * What clients were told is committed is on the primary, or, where only a server before it has it, named in a record.
     */
    void assertAccountedFor(ClientsEverywhere clients, DatabaseServer former, DatabaseServer primary) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(clients.missingOn(primary)).isSubsetOf(clients.heldBy(former));
            GtidSet alone = GtidSet.parse(former.executedGtids()).minus(GtidSet.parse(primary.executedGtids()));
            GtidSet named = records().stream()
                    .map(RecoveryRecord::lostGtids)
                    .filter(Objects::nonNull)
                    .reduce(GtidSet.empty(), GtidSet::union);
            assertThat(alone.minus(named).toString()).as("lost and not named").isEmpty();
        });
    }

    static DatabaseServer theOnlyWriter(DatabaseServer... servers) {
        List<DatabaseServer> writers = writers(Arrays.asList(servers));
        assertThat(writers).hasSize(1);
        return writers.get(0);
    }

    /** Of servers that run, those that anybody may write to. */
    static List<DatabaseServer> writers(List<DatabaseServer> servers) {
        return servers.stream()
                .filter(s -> "0".equals(s.queryValue("SELECT @@global.read_only")))
                .toList();
    }

    static void assertFollows(DatabaseServer replica, DatabaseServer source) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(replica.replicaStatus())
                        .containsEntry("Source_Port", Integer.toString(source.port()))
                        .containsEntry("Replica_IO_Running", "Yes")
                        .containsEntry("Replica_SQL_Running", "Yes"));
    }
}
