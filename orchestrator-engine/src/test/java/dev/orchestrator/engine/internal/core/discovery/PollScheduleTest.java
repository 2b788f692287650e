package dev.orchestrator.engine.internal.core.discovery;

import static dev.orchestrator.engine.internal.core.discovery.Simulation.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PollScheduleTest {
    private static final InstanceKey FIRST = key(0);
    private static final OrchestratorConfig DEFAULTS =
            OrchestratorConfig.builder().build();

    private final Simulation simulation = new Simulation(DEFAULTS);

    @Test
    void pollsEveryServerExactlyOncePerIntervalAndSpreadsThemEvenly() {
        simulation.watch(1000);

        simulation.run(Duration.ofSeconds(60));

        for (int i = 0; i < 1000; i++) {
            assertThat(simulation.intervals(key(i)))
                    .hasSizeBetween(10, 11)
                    .allSatisfy(interval -> assertThat(interval).isBetween(4.99, 5.01));
        }
        IntStream.range(60, 600)
                .forEach(tenth -> assertThat(simulation.polls(tenth / 10.0, (tenth + 1) / 10.0))
                        .isBetween(15L, 25L));
    }

    @Test
    void keepsTheIntervalOfASlowServer() {
        simulation.takes(FIRST, Duration.ofMillis(1900)).watch(1);

        simulation.run(Duration.ofSeconds(60));

        assertThat(simulation.intervals(FIRST))
                .hasSizeGreaterThan(9)
                .allSatisfy(i -> assertThat(i).isBetween(4.99, 5.01));
    }

    @Test
    void holdsUpNobodyWhenAFifthOfTheServersHangs() {
        IntStream.range(0, 200).forEach(i -> simulation.isSource(key(i)).dies(key(i), Duration.ofSeconds(2)));
        simulation.watch(1000);

        simulation.run(Duration.ofSeconds(60));

        for (int i = 200; i < 1000; i++) {
            assertThat(simulation.intervals(key(i)))
                    .allSatisfy(interval -> assertThat(interval).isLessThan(6.0));
        }
    }

    @Test
    void pollsADeadServerWithoutReplicasLessAndLessAndAtOnceAgainWhenItIsBack() {
        simulation.dies(FIRST, Duration.ofMillis(1)).watch(1);

        simulation.run(Duration.ofMinutes(5));
        List<Double> whileDead = simulation.intervals(FIRST);
        simulation.revives(FIRST);
        simulation.run(Duration.ofMinutes(3));

        assertThat(whileDead.subList(0, 5)).satisfies(i -> {
            assertThat(i.get(1)).isBetween(9.9, 10.1);
            assertThat(i.get(2)).isBetween(19.9, 20.1);
            assertThat(i.get(3)).isBetween(39.9, 40.1);
            assertThat(i.get(4)).isBetween(59.9, 60.1);
        });
        assertThat(simulation.intervals(FIRST).subList(whileDead.size() + 2, whileDead.size() + 10))
                .allSatisfy(i -> assertThat(i).isBetween(4.99, 5.01));
    }

    @Test
    void pollsADeadServerWithReplicasAtEveryInterval() {
        simulation.isSource(FIRST).dies(FIRST, Duration.ofSeconds(1)).watch(1);

        simulation.run(Duration.ofMinutes(2));

        assertThat(simulation.intervals(FIRST)).allSatisfy(i -> assertThat(i).isBetween(4.99, 5.01));
    }

    @Test
    void pollsASuspectedServerAndItsReplicasInABurstThenAtTheSuspicionIntervalThenAsUsual() {
        simulation.isSource(FIRST).watch(4);
        simulation.run(Duration.ofSeconds(20));
        simulation.dies(FIRST, Duration.ofMillis(1));

        assertThat(simulation.schedule.suspect(FIRST, List.of(key(1), key(2)), simulation.now()))
                .isTrue();
        simulation.run(Duration.ofSeconds(60));

        for (InstanceKey key : List.of(FIRST, key(1), key(2))) {
            assertThat(polls(key, 20, 20.0001)).isEqualTo(1);
            assertThat(polls(key, 20, 21)).isBetween(19L, 21L);
            assertThat(polls(key, 21, 31)).isBetween(38L, 42L);
            assertThat(polls(key, 51, 76)).isBetween(4L, 6L);
        }
        assertThat(polls(key(3), 20, 50)).isEqualTo(6);
    }

    @Test
    void endsASuspicionWhenTheServerAnswers() {
        simulation.isSource(FIRST).watch(3);
        simulation.run(Duration.ofSeconds(20));

        simulation.schedule.suspect(FIRST, List.of(key(1)), simulation.now());
        simulation.run(Duration.ofMillis(100));

        assertThat(simulation.schedule.isSuspected(FIRST)).isFalse();
        assertThat(simulation.schedule.isWitness(key(1))).isFalse();
        simulation.run(Duration.ofSeconds(30));
        assertThat(polls(key(1), 20.2, 50)).isBetween(5L, 6L);
    }

    @Test
    void endsASuspicionWhenNobodyReplicatesFromTheServerAnyMore() {
        simulation.isSource(FIRST).watch(3);
        simulation.run(Duration.ofSeconds(20));
        simulation.dies(FIRST, Duration.ofMillis(1));
        simulation.schedule.suspect(FIRST, List.of(key(1)), simulation.now());
        simulation.run(Duration.ofSeconds(2));
        assertThat(simulation.schedule.isSuspected(FIRST)).isTrue();

        simulation.isReplaced(FIRST);
        simulation.run(Duration.ofSeconds(1));

        assertThat(simulation.schedule.isSuspected(FIRST)).isFalse();
    }

    @Test
    void pollsAtOnceWhoIsSuspectedWhileAllOrdinaryPollsHang() {
        IntStream.range(0, 1000).forEach(i -> simulation.takes(key(i), Duration.ofSeconds(2)));
        simulation.watch(1000);
        simulation.run(Duration.ofSeconds(4));

        simulation.schedule.suspect(key(2000), List.of(key(2001)), simulation.now());
        simulation.run(Duration.ofMillis(1));

        assertThat(simulation.starts(key(2000))).containsExactly(4.0);
        assertThat(simulation.starts(key(2001))).containsExactly(4.0);
    }

    @Test
    void boundsThePollsOfAMassFailure() {
        simulation.watch(1000);
        simulation.run(Duration.ofSeconds(10));
        for (int i = 0; i < 200; i++) {
            InstanceKey source = key(5 * i);
            simulation.isSource(source).dies(source, Duration.ofMillis(1));
            simulation.schedule.suspect(
                    source,
                    IntStream.range(5 * i + 1, 5 * i + 5)
                            .mapToObj(Simulation::key)
                            .toList(),
                    simulation.now());
        }

        simulation.run(Duration.ofSeconds(20));

        assertThat(simulation.polls(10, 10.5)).isGreaterThanOrEqualTo(1000);
        assertThat(simulation.polls(15, 25)).isLessThan(4500);
    }

    @Test
    void pollsOnceMoreWhoIsAskedForWhileBeingPolled() {
        simulation.takes(FIRST, Duration.ofSeconds(1)).watch(1);
        simulation.schedule.demand(FIRST, Lane.URGENT, simulation.now());
        simulation.run(Duration.ofMillis(100));

        simulation.schedule.demand(FIRST, Lane.URGENT, simulation.now());
        simulation.run(Duration.ofSeconds(3));

        assertThat(simulation.starts(FIRST)).containsExactly(0.0, 1.0);
    }

    @Test
    void forgetsAServerThatWasOnlyAskedForOnce() {
        simulation.schedule.demand(FIRST, Lane.CRAWL, simulation.now());
        simulation.run(Duration.ofSeconds(30));

        assertThat(simulation.starts(FIRST)).hasSize(1);
        assertThat(simulation.schedule.size()).isZero();
    }

    @Test
    void pollsNobodyAfterItWasCleared() {
        simulation.isSource(FIRST).watch(100);
        simulation.run(Duration.ofSeconds(7));
        simulation.schedule.suspect(FIRST, List.of(key(1)), simulation.now());

        simulation.schedule.clear();
        simulation.run(Duration.ofSeconds(1));
        long soonAfter = simulation.polls(0, 100);
        simulation.run(Duration.ofSeconds(60));

        assertThat(simulation.polls(0, 100)).isEqualTo(soonAfter);
    }

    private long polls(InstanceKey key, double from, double to) {
        return simulation.starts(key).stream().filter(t -> t >= from && t < to).count();
    }
}
