package dev.orchestrator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.simulation.faulty.FaultyEngine;
import dev.orchestrator.simulation.node.Engine;
import dev.orchestrator.simulation.plan.SchedulePlan;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a faulty engine violates is violated in a smaller world, too, and that one says what matters. */
class ShrinkerTest {
    private static final long SEEDS = 20_000;
    private static final int WORLDS = 400;
    private static final int MANY = 4;

    @ParameterizedTest
    @EnumSource(names = {"PROMOTED_BEFORE_NAMED", "NOT_FENCED", "LEFT_READ_ONLY", "STARTED_THOUGH_IT_STOOD"})
    void whatIsViolatedIsStillViolatedWhenLessGoesWrong(FaultyEngine faulty) {
        Outcome found = found(faulty, MANY);
        Outcome small = new Shrinker(faulty::engine, WORLDS).shrink(found.plan());
        String text = String.join("\n", small.text());
        assertThat(small.kinds()).as(text).isNotEmpty().isSubsetOf(found.kinds());
        assertThat(small.plan().parts())
                .as(text)
                .hasSizeLessThan(found.plan().parts().size());
        assertThat(small.plan().world())
                .as(text)
                .hasSizeLessThanOrEqualTo(found.plan().world().size());
        assertThat(Outcome.of(small.plan(), Engine.DELIVERED).end())
                .as("the delivered engine:\n" + text)
                .startsWith("no violation");
    }

    @Test
    void theShrunkWorldIsTheSameWhenItIsSaid() {
        FaultyEngine faulty = FaultyEngine.LEFT_READ_ONLY;
        Outcome small =
                new Shrinker(faulty::engine, WORLDS).shrink(found(faulty, 1).plan());
        assertThat(small.isGood()).isFalse();
        Outcome again = Outcome.of(SchedulePlan.parse(small.text()), faulty.engine());
        assertThat(again.text()).isEqualTo(small.text());
    }

    @Test
    void whereNothingIsViolatedNothingIsShrunk() {
        Shrinker shrinker = new Shrinker(() -> Engine.DELIVERED, WORLDS);
        Outcome calm = shrinker.shrink(SchedulePlan.ofSeed(4));
        assertThat(calm.end()).startsWith("no violation");
        assertThat(shrinker.runs()).isEqualTo(1);
    }

    /** A violation in which so much went wrong. */
    private static Outcome found(FaultyEngine faulty, int parts) {
        return LongStream.range(faulty.seed(), SEEDS)
                .mapToObj(seed -> Outcome.of(SchedulePlan.ofSeed(seed), faulty.engine()))
                .filter(o -> !o.isGood() && o.plan().parts().size() >= parts)
                .findFirst()
                .orElseThrow();
    }
}
