package dev.orchestrator.engine.internal.core.leader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.spi.Lease;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nodes that stand for one lease while everything goes wrong: answers that come late or never, statements that the
 * backend carries out long after they were given up, sleeper between any two lines, clocks of different speed, orders at
 * any moment. A seed is a test.
 */
class RandomLeasesTest {
    private static final int SEEDS = 1000;

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void neverTwoHoldItAtTheSameTimeAndWhoIsLeftAloneLeadsSoon(int nodes) {
        int tenures = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            LeaseWorld world = new LeaseWorld(nodes, seed);
            try {
                world.runWithFaults();
                world.leaveOneAlone();
                tenures += world.tenures();
            } catch (AssertionError | RuntimeException e) {
                String story = world.story().stream().collect(Collectors.joining("\n"));
                throw new AssertionError("seed " + seed + ": " + e.getMessage() + "\n" + story, e);
            }
        }
        assertThat(tenures).as("it is not safe because nobody ever leads").isGreaterThan(3 * SEEDS);
    }

    @Test
    void whoIsClosedWhileItSeizesLetsTheLeaseRunOut() {
        LeaseSettings terms = new LeaseSettings("leader", "n0", LeaseWorld.TTL, Duration.ofMillis(750), true);
        Lease lease = new Lease("leader", "n0", "token", 2, LeaseWorld.TTL);
        LeaseState seizing = LeaseState.begin(terms, false)
                .fold(new LeaseEvent.SeizeAsked(1))
                .fold(new LeaseEvent.Acquired(Optional.empty(), 1, 2));
        assertThat(seizing.asks()).contains(new LeaseEffect.Seize());
        LeaseState closed = seizing.fold(new LeaseEvent.CloseAsked(3)).fold(new LeaseEvent.Seized(lease, 2, 4));
        assertThat(closed.asks())
                .as("the former leader may act until its own lease is over")
                .isEmpty();
        assertThat(closed.leaves(4)).isEmpty();
        assertThat(closed.heldAt(4 + LeaseWorld.TTL.toNanos())).isEmpty();
    }

    @Test
    void withoutFaultsOneLeadsAllTheTime() {
        for (long seed = 0; seed < 100; seed++) {
            LeaseWorld world = new LeaseWorld(3, seed);
            world.runWithoutFaults();
            assertThat(world.tenures()).as("seed %s", seed).isEqualTo(1);
            assertThat(world.leaderless()).as("seed %s", seed).isLessThan(LeaseWorld.TTL.toNanos() / 2);
        }
    }
}
