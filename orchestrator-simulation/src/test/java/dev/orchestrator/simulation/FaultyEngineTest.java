package dev.orchestrator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.simulation.faulty.FaultyEngine;
import dev.orchestrator.simulation.node.Engine;
import dev.orchestrator.simulation.plan.SchedulePlan;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The world finds what is wrong: of each engine with a fault, within its first 20,000 seeds. */
class FaultyEngineTest {
    private static final long SEEDS = 20_000;

    /** Each begins where its fault was found; a change of the world makes that another story, and the search goes on. */
    @ParameterizedTest
    @EnumSource
    void aFaultIsFound(FaultyEngine faulty) {
        for (long seed = faulty.seed(); seed < SEEDS; seed++) {
            Violation found = violation(seed, faulty.engine());
            if (found != null) {
                assertThat(found).as("seed " + seed).hasMessageContaining(faulty.seen());
                assertThat(violation(seed, Engine.DELIVERED)).as("seed " + seed).isNull();
                return;
            }
        }
        throw new AssertionError("no seed below " + SEEDS + " finds " + faulty + ": the world is too tame");
    }

    private static @Nullable Violation violation(long seed, Engine engine) {
        try {
            new Schedule(SchedulePlan.ofSeed(seed), new Coverage(), false, engine).run();
            return null;
        } catch (Violation seen) {
            return seen;
        }
    }
}
