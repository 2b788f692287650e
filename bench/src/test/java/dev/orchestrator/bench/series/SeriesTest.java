package dev.orchestrator.bench.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.orchestrator.bench.process.Launcher;
import dev.orchestrator.bench.series.SharedBackend.Kind;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.ServerPackages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The series in a shortened form: real services, command lines and servers, each a process of its own. */
@RealServers
class SeriesTest {
    private static final Duration TTL = Duration.ofSeconds(3);

    private static LeadershipSeries.Run run(LeadershipSetup setup) {
        try (LeadershipSeries series = LeadershipSeries.start(setup, Launcher.classPath())) {
            return series.run();
        }
    }

    @Test
    void anotherServiceLeadsAfterTheLeaderWasKilled() {
        LeadershipSeries.Run run = run(new LeadershipSetup(3, TTL, Kind.MYSQL, false, false));

        assertThat(run.led()).isLessThan(TTL.plusSeconds(1));
        assertThat(run.heir()).isNotEqualTo(run.former());
        assertThat(run.epochs()).as("one change of leadership").isEqualTo(1);
    }

    @Test
    void aLeaderThatIsAskedToEndResigns() {
        LeadershipSeries.Run run = run(new LeadershipSetup(2, TTL, Kind.MYSQL, true, false));

        assertThat(run.freed()).as("it gave the lease up").isLessThanOrEqualTo(Duration.ofMillis(500));
        assertThat(run.led()).as("and did not let it run out").isLessThan(Duration.ofMillis(1500));
        assertThat(run.epochs()).isEqualTo(1);
    }

    @Test
    void aPrimaryThatDiesWithTheLeaderIsReplacedOnce() {
        LeadershipSetup setup = new LeadershipSetup(2, TTL, Kind.MYSQL, false, true);
        WatchedTopology.Replacement replacement = run(setup).replacement();

        assertThat(replacement).isNotNull().satisfies(r -> {
            assertThat(r.exactlyOne()).as(r.toString()).isTrue();
            assertThat(r.after()).isLessThan(Duration.ofSeconds(15));
        });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void noTwoProcessesEverHoldALock(Kind kind) {
        kind.server()
                .map(ServerPackages::availability)
                .ifPresent(server -> assumeTrue(server.isFound(), server.explanation()));
        LockSeries.Result result = LockSeries.run(kind, 5, 40, 10);

        assertThat(result.wrong()).isEmpty();
        assertThat(result.leftOver()).isZero();
        assertThat(result.granted()).isPositive();
        assertThat(result.refusals()).as("they were in each other's way").isNotEmpty();
    }

    @Test
    void inAChaosNobodyActsWithoutTheLeaseAndNothingIsLost() {
        List<String> told = new ArrayList<>();
        Chaos.Report report = Chaos.run(
                new ChaosSetup(3, 10, Duration.ofSeconds(2), Duration.ofSeconds(10), Kind.MYSQL),
                Launcher.classPath(),
                told::add);

        assertThat(report.faults()).as(String.join("\n", told)).isEmpty();
        assertThat(report.crashes()).isPositive();
        assertThat(report.changes()).as("servers were changed").isPositive();
    }
}
