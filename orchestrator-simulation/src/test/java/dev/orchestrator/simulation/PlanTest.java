package dev.orchestrator.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.simulation.node.Engine;
import dev.orchestrator.simulation.plan.SchedulePlan;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a seed chose can be said in words, and said it is the same world. */
class PlanTest {
    private static final int SEEDS = 120;

    @Test
    void whatASeedChoseIsTheSameStoryWhenItIsSaid() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Schedule chosen = ran(SchedulePlan.ofSeed(seed));
            List<String> words = chosen.plan().lines();
            Schedule said = ran(SchedulePlan.parse(words));
            assertThat(said.plan().lines()).as("seed " + seed).isEqualTo(words);
            assertThat(said.story().lines())
                    .as("seed " + seed)
                    .isEqualTo(chosen.story().lines());
        }
    }

    @Test
    void whatIsNotSaidDoesNotGoWrong() {
        Schedule calm = ran(SchedulePlan.parse(List.of("seed 4", "world (servers 3, services 1)")));
        assertThat(calm.plan().parts()).isEmpty();
        assertThat(calm.plan().world()).containsExactly("servers 3", "services 1");
    }

    @Test
    void whatIsSaidComesWhenItIsSaid() {
        Schedule world = ran(SchedulePlan.parse(List.of(
                "seed 4",
                "world (servers 3, services 2)",
                "first at 3100 ms: server frozen (frozen for 6000 ms)",
                "after DEAD_PRIMARY | promote: SetReadOnly: node killed")));
        String story = world.story().lines().stream().collect(Collectors.joining("\n"));
        assertThat(story)
                .contains("3100.0 ms  db1:3306 freezes", "9100.0 ms  db1:3306 is thawed")
                .containsPattern("(?s)promote: SetReadOnly\\n[^\\n]*node[12] is killed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"at noon: node killed", "at 3100 ms: meteor", "node killed"})
    void whatCannotBeMeantIsRefused(String line) {
        assertThatThrownBy(() -> ran(SchedulePlan.parse(List.of("seed 1", line))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
    }

    private static Schedule ran(SchedulePlan plan) {
        Schedule world = new Schedule(plan, new Coverage(), true, Engine.DELIVERED);
        world.run();
        return world;
    }
}
