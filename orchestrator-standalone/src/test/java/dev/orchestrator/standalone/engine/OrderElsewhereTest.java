package dev.orchestrator.standalone.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.event.OrchestratorEvent.PrimaryChanged;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.MoveOperation.Relocate;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.operation.TakeoverOperation.GracefulTakeoverAuto;
import dev.orchestrator.engine.OrchestratorEngine;
import dev.orchestrator.engine.internal.mysql.GatewayOptions;
import dev.orchestrator.engine.internal.mysql.MySqlInstanceGateway;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.MysqldExtension;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TopologyExtension;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * An operator's order is carried out by a node that does not lead, while the leader has a poll under way that began before.
 * Who executed it and the backend show the effect at once, others within a second, and the old poll brings nothing back.
 */
@RealServers
class OrderElsewhereTest {
    private static final Actor ANN = new Actor("ann", Origin.HTTP, "node-b");
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    /** It takes less than one; a loaded machine is given more. The leader's own poll, which would show it, does not end. */
    private static final Duration SOON = Duration.ofSeconds(4);

    private static final Duration LOOK = Duration.ofMillis(5);

    @RegisterExtension
    static final MysqldExtension BACKEND = MysqldExtension.shared();

    @RegisterExtension
    final TopologyExtension topology = TopologyExtension.primaryWithReplicas(3);

    private final List<PrimaryChanged> leadersNews = new CopyOnWriteArrayList<>();
    private final List<PrimaryChanged> othersNews = new CopyOnWriteArrayList<>();
    private List<JooqBackend> backends;
    private HoldingGateway polls;
    private OrchestratorEngine leader;
    private OrchestratorEngine other;
    private OrchestratorEngine third;

    @BeforeEach
    void open() {
        String schema = BACKEND.newSchema();
        backends = List.of(
                RealEngines.backend(BACKEND.server().key(), schema),
                RealEngines.backend(BACKEND.server().key(), schema),
                RealEngines.backend(BACKEND.server().key(), schema));
        polls = new HoldingGateway(new MySqlInstanceGateway(
                GatewayOptions.of(RealEngines.config("node-a")),
                key -> RealEngines.credentials(),
                System::nanoTime,
                InstantSource.system()));
        leader = OrchestratorEngine.builder()
                .backend(backends.get(0))
                .gateway(polls)
                .config(RealEngines.config("node-a"))
                .build();
        other = RealEngines.engine(backends.get(1), "node-b");
        third = RealEngines.engine(backends.get(2), "node-c");
        leader.start();
        await().atMost(PATIENCE).until(() -> leader.leaderElection().standing() == Standing.LEADING);
        leader.discover(topology.primary().key(), ANN);
        await().atMost(PATIENCE).until(() -> isWhole(leader.fleet()) && isWhole(other.fleet()));
        assertThat(isWhole(third.fleet())).isTrue();
        listen(leader, leadersNews);
        listen(other, othersNews);
    }

    private static void listen(OrchestratorEngine engine, List<PrimaryChanged> news) {
        engine.addListener(e -> {
            if (e instanceof PrimaryChanged change) {
                news.add(change);
            }
        });
    }

    private static boolean isWhole(Fleet fleet) {
        return fleet.members().stream().filter(FleetMember::isReachable).count() == 4;
    }

    @AfterEach
    void close() {
        polls.letGo();
        other.close();
        third.close();
        leader.close();
        polls.close();
        backends.forEach(JooqBackend::close);
    }

    @Test
    void aMovedReplicaIsShownByAllNodesAndStaysMoved() {
        DatabaseServer moved = topology.server(3);
        InstanceKey below = topology.server(1).key();
        hold(moved);

        order(new Relocate(moved.key(), below));

        Function<Fleet, Boolean> news = fleet -> source(fleet, moved).equals(Optional.of(below));
        assertShownSoon(news);
        polls.letGo();
        assertStays(news);
    }

    @Test
    void aPollThatBeganBeforeTheOrderAndEndsBeforeTheLeaderHasHeardOfItBringsNothingBack() {
        DatabaseServer moved = topology.server(3);
        InstanceKey below = topology.server(1).key();
        hold(moved);

        order(new Relocate(moved.key(), below));

        polls.letGo();
        Function<Fleet, Boolean> news = fleet -> source(fleet, moved).equals(Optional.of(below));
        assertShownSoon(news);
        assertStays(news);
    }

    @Test
    void theNewPrimaryOfATakeoverIsShownByAllNodesAndStaysIt() {
        DatabaseServer former = topology.primary();
        InstanceKey successor = topology.server(1).key();
        hold(former);

        order(new GracefulTakeoverAuto(former.key(), successor));

        Function<Fleet, Boolean> news = fleet -> primary(fleet).equals(Optional.of(successor))
                && source(fleet, former).equals(Optional.of(successor))
                && source(fleet, topology.server(2)).equals(Optional.of(successor));
        assertShownSoon(news);
        polls.letGo();
        assertStays(news);
        assertThat(leadersNews).extracting(PrimaryChanged::primary).containsExactly(successor);
        assertThat(othersNews).extracting(PrimaryChanged::primary).containsExactly(successor);
    }

    private void hold(DatabaseServer server) {
        polls.holdNext(server.key());
        await().atMost(PATIENCE).pollInterval(LOOK).until(polls::isHolding);
    }

    private void order(Operation requested) {
        OperationOutcome outcome = other.operations().run(requested, ANN);
        assertThat(outcome.problem()).isEmpty();
    }

    private void assertShownSoon(Function<Fleet, Boolean> news) {
        assertThat(news.apply(other.fleet())).as("who carried it out").isTrue();
        await().atMost(SOON).pollDelay(Duration.ZERO).pollInterval(LOOK).until(() -> {
            assertThat(news.apply(stored())).as("backend").isTrue();
            boolean followerShows = news.apply(third.fleet());
            return news.apply(leader.fleet()) && followerShows;
        });
    }

    private void assertStays(Function<Fleet, Boolean> news) {
        await().atMost(PATIENCE).pollInterval(LOOK).until(() -> {
            assertThat(news.apply(leader.fleet())).as("leader").isTrue();
            assertThat(news.apply(third.fleet())).as("third node").isTrue();
            assertThat(news.apply(stored())).as("backend").isTrue();
            return polls.hasPolledAgain()
                    && backends.get(2).instances().roster().unsynced().isEmpty();
        });
    }

    private Fleet stored() {
        return backends.get(2).instances().readFleet();
    }

    private static Optional<InstanceKey> source(Fleet fleet, DatabaseServer server) {
        return fleet.member(server.key()).flatMap(FleetMember::facts).flatMap(Instance::source);
    }

    private static Optional<InstanceKey> primary(Fleet fleet) {
        return fleet.clusters().stream()
                .flatMap(c -> Optional.ofNullable(c.primary()).stream())
                .findFirst();
    }
}
