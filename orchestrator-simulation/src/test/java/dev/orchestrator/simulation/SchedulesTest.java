package dev.orchestrator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.simulation.node.Engine;
import dev.orchestrator.simulation.plan.SchedulePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulesTest {
    private static final long SCHEDULES = Long.getLong("orchestrator.simulation.schedules", 10_000);
    private static final long FRESH = Long.getLong("orchestrator.simulation.fresh", 0);

    @Test
    void noScheduleViolatesAnything() throws Exception {
        noneViolatesAnything(0, SCHEDULES);
    }

    /** Where no build has looked before, when asked for; a failure names the seed. */
    @Test
    void noFreshScheduleViolatesAnything() throws Exception {
        long first = new SplittableRandom().nextLong(1_000_000, 1_000_000_000_000L);
        noneViolatesAnything(first, FRESH);
    }

    private static void noneViolatesAnything(long from, long count) throws InterruptedException {
        Simulate.Seen seen = Simulate.run(from, count);
        assertThat(seen.violations())
                .as(() -> shrunk(seen.violations().firstKey()))
                .isEmpty();
    }

    /** Seeds that once found something, and others like them; a change of the world makes them other stories. */
    @ParameterizedTest
    @ValueSource(
            longs = {
                62,
                182,
                637,
                639,
                2889,
                18140,
                20269,
                21932,
                109580,
                115381,
                141358,
                142303,
                // Of a world with switchovers.
                595,
                610,
                1293,
                2234,
                2281,
                3178,
                20114,
                20591,
                20679,
                20711,
                20810,
                21039,
                21447,
                5629,
                29637,
                // Of a world that aims, and is watched to its end where nobody takes writes.
                923,
                3855,
                2200506,
                // Of worlds whose servers differ: the only fit one stops its receiver late.
                901,
                1948,
                // Of a world with leftover channels, and a topology that people rebuild.
                403172,
                502606,
                502847,
                503656,
                4295,
                // Of worlds in which people order, lock and cancel.
                645,
                20758,
                41306,
                42917,
                // Of worlds whose servers have ailments.
                1794,
                1798
            })
    void whatASeedOnceFoundIsMended(long seed) {
        Outcome outcome = Outcome.of(SchedulePlan.ofSeed(seed), Engine.DELIVERED);
        assertThat(outcome.kinds()).as(() -> shrunk(seed)).isEmpty();
    }

    /** What somebody wants to read who is told that a seed violates something. */
    private static String shrunk(long seed) {
        return "seed " + seed + " (bench/simulate --story " + seed + " tells all), shrunk:\n"
                + String.join("\n", Simulate.shrunk(SchedulePlan.ofSeed(seed))) + "\n";
    }

    @Test
    void theSameSeedIsTheSameStory() {
        assertThat(story(7)).isEqualTo(story(7)).isNotEqualTo(story(8));
    }

    private static List<String> story(long seed) {
        Schedule schedule = new Schedule(seed, new Coverage(), true);
        schedule.run();
        return new ArrayList<>(schedule.story().lines());
    }

    @Test
    void everyFaultMeetsARecoveryAndASwitchoverInItsMiddle() throws Exception {
        SortedMap<String, Long> cells = Simulate.run(0, 1500).coverage().cells();
        for (Fault fault : Fault.ALL) {
            for (String procedure : List.of("DEAD_PRIMARY", "SWITCHOVER")) {
                String met = fault + " | " + procedure + " | ";
                assertThat(cells.keySet()).as(met).anyMatch(c -> c.startsWith(met + "before"));
                assertThat(cells.keySet()).as(met).anyMatch(c -> c.startsWith(met + "after"));
            }
        }
    }
}
