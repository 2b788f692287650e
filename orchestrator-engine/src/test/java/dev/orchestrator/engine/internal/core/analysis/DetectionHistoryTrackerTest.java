package dev.orchestrator.engine.internal.core.analysis;

import static dev.orchestrator.api.model.ReplicationThreadState.CONNECTING;
import static dev.orchestrator.api.model.ReplicationThreadState.RUNNING;
import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Intents;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import dev.orchestrator.engine.internal.core.topology.FleetAssembler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the book remembers from one reading to the next. Primaries fail from {@link #SINCE} on, in silence. */
class DetectionHistoryTrackerTest {
    private static final Instant SINCE = Instant.parse("2026-03-01T12:00:00Z");
    private static final AnalysisPolicy POLICY = new AnalysisPolicy(
            Duration.ofSeconds(10),
            Duration.ofSeconds(8),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            false,
            false);

    private final DetectionHistoryTracker book = new DetectionHistoryTracker(POLICY);

    private void tested(String source, String replica, int second) {
        book.add(new ReceiverTest(key(source), key(replica), SINCE.plusSeconds(second), ReceiverTest.Outcome.LOST));
    }

    private AnalysisCode found(Fleet fleet, String source, Instant now) {
        ClusterId cluster = fleet.member(key(source)).orElseThrow().cluster();
        book.observe(fleet, cluster, now);
        return new FailureAnalyzer(POLICY)
                .examine(new FailureAnalyzer.Question(fleet, Intents.NONE, List.of(), book.history(), now), key(source))
                .orElseThrow()
                .code();
    }

    /** a and b fail; agg, which reads from both, believes to be connected to both, a1 and b1 were tested. */
    private static Fleet twoTopologies(Instant now) {
        FleetBuilder servers = new FleetBuilder(now)
                .primary("a")
                .replica("a1", "a")
                .primary("b")
                .replica("b1", "b")
                .add("agg", m -> m.alsoReplicaOf("a", "from-a").replicaOf("b").channel(c -> c.name("from-b")))
                .with(m -> m.fails(ProbeFailure.Kind.TIMEOUT, Duration.between(SINCE, now)), "a", "b")
                .with(m -> m.receiver(CONNECTING), "a1", "b1");
        int[] ids = {0};
        return new FleetAssembler(() -> "id" + ids[0]++, Map.of())
                .assemble(servers.members(), List.of(), Map.of(), Intents.NONE, List.of());
    }

    @Test
    void aServerThatReadsFromTwoFailingPrimariesIsAWitnessOfEach() {
        for (int second = 2; second <= 4; second++) {
            Instant now = SINCE.plusSeconds(second);
            found(twoTopologies(now), "a", now);
            found(twoTopologies(now), "b", now);
        }
        tested("a", "a1", 4);
        tested("b", "b1", 4);
        Instant now = SINCE.plusSeconds(6);
        assertThat(found(twoTopologies(now), "a", now)).isEqualTo(AnalysisCode.DEAD_PRIMARY);
        assertThat(found(twoTopologies(now), "b", now)).isEqualTo(AnalysisCode.DEAD_PRIMARY);
    }

    /** p fails, r1 is connecting in vain, r2 believes to be connected and has received so much. */
    private AnalysisCode look(int second, ReplicationThreadState r2, int received) {
        Instant now = SINCE.plusSeconds(second);
        Fleet fleet = new FleetBuilder(now)
                .primary("p")
                .replica("r1", "p")
                .replica("r2", "p")
                .with(m -> m.fails(ProbeFailure.Kind.TIMEOUT, Duration.ofSeconds(second)), "p")
                .with(m -> m.receiver(CONNECTING), "r1")
                .with(m -> m.receiver(r2).retrieved(MemberBuilder.uuid("p") + ":1-" + received), "r2")
                .build();
        return found(fleet, "p", now);
    }

    /** It answers nobody, but replication goes on until it dies in silence. */
    @Test
    void somethingReceivedRefutesForAWhileAndUntilATestAfterIt() {
        look(2, RUNNING, 10);
        tested("p", "r1", 3);
        assertThat(look(5, RUNNING, 11)).isEqualTo(AnalysisCode.UNREACHABLE_PRIMARY);
        look(50, RUNNING, 12);
        tested("p", "r1", 60);
        assertThat(look(78, RUNNING, 12))
                .as("read at 49 it had received something, which stands for 30 s")
                .isEqualTo(AnalysisCode.UNREACHABLE_PRIMARY);
        assertThat(look(80, RUNNING, 12)).isEqualTo(AnalysisCode.DEAD_PRIMARY);
        assertThat(look(81, RUNNING, 13)).as("it lives after all").isEqualTo(AnalysisCode.UNREACHABLE_PRIMARY);
        assertThat(look(200, RUNNING, 13)).as("no test since").isEqualTo(AnalysisCode.UNREACHABLE_PRIMARY);
    }

    @Test
    void aTestAfterWhichNothingWasReadYetSaysNothing() {
        look(2, RUNNING, 10);
        look(5, RUNNING, 11);
        tested("p", "r1", 50);
        assertThat(look(51, RUNNING, 11)).isEqualTo(AnalysisCode.UNREACHABLE_PRIMARY);
        assertThat(look(52, RUNNING, 11)).isEqualTo(AnalysisCode.DEAD_PRIMARY);
    }

    @Test
    void aReceiverThatFoundItsSourceAgainRefutesForAWhile() {
        look(2, RUNNING, 10);
        assertThat(look(5, CONNECTING, 10)).isEqualTo(AnalysisCode.DEAD_PRIMARY);
        assertThat(look(8, RUNNING, 10)).isEqualTo(AnalysisCode.UNREACHABLE_PRIMARY);
        assertThat(look(30, RUNNING, 10)).isEqualTo(AnalysisCode.UNREACHABLE_PRIMARY);
        tested("p", "r1", 38);
        assertThat(look(40, RUNNING, 10)).isEqualTo(AnalysisCode.DEAD_PRIMARY);
    }

    @Test
    void aTestedReceiverThatFoundItsSourceAgainIsNoEvidenceOfDeathWhenItIsStopped() {
        look(2, RUNNING, 10);
        tested("p", "r2", 3);
        assertThat(look(5, CONNECTING, 10)).isEqualTo(AnalysisCode.DEAD_PRIMARY);
        assertThat(look(8, RUNNING, 10)).isEqualTo(AnalysisCode.UNREACHABLE_PRIMARY);
        assertThat(book.history().lastAlive(key("p"))).contains(SINCE.plusSeconds(7));
        assertThat(book.history().mark(key("p"), key("r2")).orElseThrow().lost())
                .isFalse();
    }
}
