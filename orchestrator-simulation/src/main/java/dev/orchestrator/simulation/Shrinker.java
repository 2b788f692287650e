package dev.orchestrator.simulation;

import dev.orchestrator.simulation.node.Engine;
import dev.orchestrator.simulation.plan.Cuts;
import dev.orchestrator.simulation.plan.SchedulePlan;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Makes a world in which something is violated smaller, as long as the same is violated: less goes wrong and is ordered,
 * there are fewer servers and services, times are shorter and rounder. Not thread-safe.
 */
public final class Shrinker {
    /** What is left out changes how long everything else takes: by other seeds it may still meet. */
    private static final List<Long> OTHERS = List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);

    private final Supplier<Engine> engine;
    private final int most;
    private int runs;

    /**
     * One that has not begun.
     *
     * @param engine what each world runs
     * @param most how many worlds are tried
     */
    public Shrinker(Supplier<Engine> engine, int most) {
        this.engine = engine;
        this.most = most;
    }

    /**
     * Shrinks.
     *
     * @param plan a world
     * @return the smallest found that violates the same; what came of the world itself when it violates nothing
     */
    public Outcome shrink(SchedulePlan plan) {
        Outcome first = run(plan);
        Outcome best = first;
        boolean smaller = !first.isGood();
        while (smaller) {
            Outcome before = best;
            best = cut(best, first.kinds());
            smaller = best != before;
        }
        return best;
    }

    /**
     * How many worlds were tried.
     *
     * @return so far
     */
    public int runs() {
        return runs;
    }

    private Outcome run(SchedulePlan plan) {
        runs++;
        return Outcome.of(plan, engine.get());
    }

    /** Tries each cut once, and again where it has helped. */
    private Outcome cut(Outcome whole, Set<String> kinds) {
        Outcome best = whole;
        List<Cuts.Cut> cuts = Cuts.of(best.plan());
        int at = 0;
        while (at < cuts.size() && runs < most) {
            Optional<Outcome> less = attempt(cuts.get(at), best.plan(), kinds);
            if (less.isPresent()) {
                best = less.get();
                cuts = Cuts.of(best.plan());
            } else {
                at++;
            }
        }
        return best;
    }

    private Optional<Outcome> attempt(Cuts.Cut cut, SchedulePlan from, Set<String> kinds) {
        Optional<Outcome> same = smaller(cut.plan(), from, kinds);
        if (same.isPresent() || !cut.deep()) {
            return same;
        }
        return OTHERS.stream()
                .filter(seed -> runs < most)
                .flatMap(seed -> smaller(cut.plan().withSeed(seed), from, kinds).stream())
                .findFirst();
    }

    private Optional<Outcome> smaller(SchedulePlan plan, SchedulePlan from, Set<String> kinds) {
        Outcome outcome = run(plan);
        boolean same = !outcome.isGood() && kinds.containsAll(outcome.kinds());
        return same && Cuts.isSmaller(outcome.plan(), from) ? Optional.of(outcome) : Optional.empty();
    }
}
