package dev.orchestrator.standalone.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.MysqldExtension;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TopologyExtension;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A node is killed after it has made a successor writable, and after it has pointed replicas at it; the successor is
 * silent when the next leader takes over. It may be writable: it is waited for. Clients at every server show that there
 * are never two primaries, and what was acknowledged is on the last one.
 */
@RealServers
class SilentSuccessorTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @RegisterExtension
    @Order(1)
    final TopologyExtension topology = TopologyExtension.primaryWithReplicas(2);

    @RegisterExtension
    static final MysqldExtension BACKEND = MysqldExtension.shared();

    @RegisterExtension
    @Order(2)
    final SecondNode heir = new SecondNode(BACKEND, topology);

    private record Point(String kind, String where, int seconds) {
        boolean isSwitchover() {
            return kind.equals("switchover");
        }
    }

    static Stream<Arguments> frozen() {
        return Series.of(
                List.of(
                        new Point("crash", "after=SetReadOnly[readOnly=false]", 6),
                        new Point("switchover", "before=AttachTo", 6)),
                List.of(
                        new Point("crash", "after=StartReceiver", 12),
                        new Point("crash", "after=SetReadOnly[readOnly=false]", 12),
                        new Point("crash", "after=ResetReplication", 9),
                        new Point("switchover", "after=SetReadOnly[readOnly=false]", 6),
                        new Point("switchover", "after=SetReadOnly[readOnly=false]", 12),
                        new Point("switchover", "before=AttachTo", 12),
                        new Point("switchover", "after=Record[promoted]", 9)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frozen")
    void aFrozenOneIsWaitedForAndThenTheChangeIsFinished(Point point) throws Exception {
        DatabaseServer old = topology.server(0);
        DatabaseServer successor = topology.server(1);
        DatabaseServer other = topology.server(2);
        try (ClientsEverywhere clients =
                        ClientsEverywhere.start(topology.topology().servers());
                EngineJvm first = killedIn(point)) {
            successor.freeze();
            long frozen = System.nanoTime();
            await().until(() -> first.said().contains(FaultyEngineProcess.AT_ITS_POINT));
            awaitHeirActs();
            String otherReadsFrom = other.replicaStatus().get("Source_Port");
            await().pollInterval(Duration.ofMillis(100))
                    .during(Duration.ofSeconds(point.seconds()))
                    .atMost(SecondNode.PATIENCE)
                    .until(() -> heir.records().get(0).isActive()
                            && SecondNode.writers(running(old, other)).isEmpty()
                            && Objects.equals(
                                    otherReadsFrom, other.replicaStatus().get("Source_Port")));
            assertThat(clients.acknowledgedBy(old, frozen)).isEmpty();
            assertThat(clients.acknowledgedBy(other)).isZero();
            successor.thaw();

            heir.awaitAllEnded();
            RecoveryRecord record = theRecord();
            assertThat(record.successful()).as("%s", record.errors()).isTrue();
            assertThat(record.successor()).isEqualTo(successor.key());
            assertThat(record.errors()).anyMatch(e -> e.contains("gone on with by node-b after node-a vanished"));
            SecondNode.assertFollows(other, successor);
            if (point.isSwitchover()) {
                SecondNode.assertFollows(old, successor);
            } else {
                old.startAgain();
                await().atMost(SecondNode.PATIENCE)
                        .until(() -> SecondNode.writers(List.of(old)).isEmpty());
            }
            long settled = System.nanoTime();
            await().atMost(SecondNode.PATIENCE)
                    .until(() -> clients.acknowledgedBy(successor, settled).size() > 20);
            assertThat(SecondNode.theOnlyWriter(old, successor, other)).isSameAs(successor);
            assertThat(clients.acknowledgedBy(old, settled)).isEmpty();
            assertThat(clients.acknowledgedBy(other)).isZero();
            if (point.isSwitchover()) {
                assertThat(clients.writersInTurn()).containsExactly(old, successor);
                assertThat(clients.missingOn(successor)).isEmpty();
            } else {
                heir.assertAccountedFor(clients, old, successor);
            }
            heir.awaitNoLocks();
        }
    }

    static Stream<Arguments> dead() {
        return Series.of(
                List.of(
                        new Point("crash", "after=StartReceiver", 0),
                        new Point("switchover", "after=SetReadOnly[readOnly=false]", 0)),
                List.of(
                        new Point("crash", "after=SetReadOnly[readOnly=false]", 0),
                        new Point("switchover", "before=AttachTo", 0)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dead")
    void aDeadOneIsFencedAndItsWritesAreReported(Point point) throws Exception {
        DatabaseServer old = topology.server(0);
        DatabaseServer successor = topology.server(1);
        DatabaseServer other = topology.server(2);
        try (ClientsEverywhere clients =
                        ClientsEverywhere.start(topology.topology().servers());
                EngineJvm first = killedIn(point)) {
            await().until(() -> first.said().contains(FaultyEngineProcess.AT_ITS_POINT));
            successor.kill9();
            awaitHeirActs();
            heir.awaitAllEnded();
            RecoveryRecord record = theRecord();
            assertThat(record.errors())
                    .anyMatch(e -> e.startsWith(successor.key() + " was to take over and is gone")
                            && e.contains("what was written to it may be lost"));
            DatabaseServer last = point.isSwitchover() ? old : other;
            assertThat(record.successor()).isEqualTo(point.isSwitchover() ? null : other.key());
            await().atMost(SecondNode.PATIENCE)
                    .until(() -> SecondNode.writers(running(old, other)).equals(List.of(last)));
            successor.startAgain();
            await().atMost(SecondNode.PATIENCE)
                    .until(() -> heir.fences().stream()
                            .anyMatch(f -> f.instance().equals(successor.key())
                                    && (f.state() == FenceState.CLEAN || f.state() == FenceState.AHEAD)));
            assertThat(SecondNode.theOnlyWriter(running(old, successor, other).toArray(DatabaseServer[]::new)))
                    .isSameAs(last);
            heir.assertAccountedFor(clients, successor, last);
            heir.awaitNoLocks();
        }
    }

    /** The first node, dead at that point of a recovery or a switchover; this node leads or will. */
    private EngineJvm killedIn(Point point) throws Exception {
        EngineJvm first;
        if (point.isSwitchover()) {
            heir.lead();
            first = heir.firstNode(
                    point.where(), "takeover=" + topology.server(1).key());
        } else {
            first = heir.leadingFirstNode(point.where());
            heir.backend().intents().setPromotionRule(topology.server(1).key(), PromotionRule.PREFER, HOUR);
            topology.primary().kill9();
        }
        await().atMost(SecondNode.PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> !first.isAlive());
        return first;
    }

    /** It leads and has gone on with what the other one left. */
    private void awaitHeirActs() {
        await().atMost(SecondNode.PATIENCE)
                .until(() -> heir.engine().leaderElection().standing() == Standing.LEADING
                        && !heir.engine().running().isEmpty());
    }

    private RecoveryRecord theRecord() {
        assertThat(heir.records()).hasSize(1);
        return heir.records().get(0);
    }

    private static List<DatabaseServer> running(DatabaseServer... servers) {
        return Stream.of(servers).filter(DatabaseServer::isRunning).toList();
    }
}
