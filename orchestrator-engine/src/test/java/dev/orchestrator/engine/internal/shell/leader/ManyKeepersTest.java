package dev.orchestrator.engine.internal.shell.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.LeaderElection;
import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.engine.Elections;
import dev.orchestrator.engine.fake.InMemoryBackend;
import dev.orchestrator.engine.fake.SettableTime;
import dev.orchestrator.engine.internal.core.leader.LeaseSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Keepers that contend for one lease. */
class ManyKeepersTest {
    private static final Duration TTL = Duration.ofMillis(600);
    private static final Duration RENEW = Duration.ofMillis(150);

    @RepeatedTest(20)
    void neverTwoLeadAtOnceWhateverHappens(RepetitionInfo repetition) {
        long seed = 42 + repetition.getCurrentRepetition();
        Random random = new Random(seed);
        SettableTime time = new SettableTime();
        InMemoryBackend shared = new InMemoryBackend(time);
        List<InMemoryBackend> views =
                IntStream.range(0, 5).mapToObj(i -> shared.anotherNode()).toList();
        List<LeaseKeeper> keepers = IntStream.range(0, 5)
                .mapToObj(i -> new LeaseKeeper(
                        views.get(i).leases(),
                        new LeaseSettings("leader", "n" + i, TTL, RENEW, true),
                        time,
                        IdleCheck.AT_ONCE,
                        CandidacyCheck.FREE))
                .toList();
        List<Long> epochs = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            int who = random.nextInt(5);
            act(keepers.get(who), views.get(who), random, time);
            List<LeaseKeeper> leading = keepers.stream()
                    .filter(k -> k.standing() == Standing.LEADING)
                    .toList();
            assertThat(leading).as("leaders at turn %s of seed %s", i, seed).hasSizeLessThan(2);
            leading.forEach(k -> epochs.add(k.epoch().orElseThrow()));
        }
        assertThat(epochs).as("seed %s", seed).isSorted().isNotEmpty();
        views.forEach(InMemoryBackend::comeBack);
        keepers.forEach(LeaseKeeper::close);
    }

    private static void act(LeaseKeeper keeper, InMemoryBackend view, Random random, SettableTime time) {
        time.advance(Duration.ofMillis(random.nextInt(60)));
        switch (random.nextInt(30)) {
            case 0 -> view.goAway();
            case 1, 2, 3 -> view.comeBack();
            case 4 -> keeper.resign();
            case 5 -> contained(keeper::seize);
            case 6 -> contained(keeper::vacate);
            case 7 -> view.beforeEachCall(() -> time.advance(Duration.ofMillis(random.nextInt(500))));
            case 8, 9 -> view.beforeEachCall(() -> {});
            default -> keeper.turn();
        }
    }

    private static void contained(Runnable order) {
        try {
            order.run();
        } catch (dev.orchestrator.api.OrchestratorException e) {
            assertThat(e).hasMessageContaining("plays dead");
        }
    }

    @Test
    void anElectionOfTheEmbedderPassesFromOneNodeToTheNext() {
        InMemoryBackend shared = InMemoryBackend.onSystemClock();
        List<LeaderElection> elections = new ArrayList<>(IntStream.range(0, 4)
                .mapToObj(i -> Elections.join(shared.anotherNode(), "nightly", "n" + i, TTL, RENEW))
                .toList());
        while (!elections.isEmpty()) {
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> elections.stream().anyMatch(e -> e.standing() == Standing.LEADING));
            LeaderElection leader = elections.stream()
                    .filter(e -> e.standing() == Standing.LEADING)
                    .findFirst()
                    .orElseThrow();
            elections.remove(leader);
            leader.close();
        }
        assertThat(shared.leases().current("nightly")).isEmpty();
    }
}
