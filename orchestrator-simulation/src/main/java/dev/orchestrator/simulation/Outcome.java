package dev.orchestrator.simulation;

import dev.orchestrator.simulation.node.Engine;
import dev.orchestrator.simulation.plan.SchedulePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What came of a world.
 *
 * @param plan what it was made of and what went wrong, so that it can be said again
 * @param story what happened
 * @param kinds what was violated, without names and numbers; empty when nothing was
 * @param end the last line
 */
public record Outcome(SchedulePlan plan, Story story, Set<String> kinds, String end) {
    /** Copies the kinds. */
    public Outcome {
        kinds = Set.copyOf(kinds);
    }

    /**
     * Runs a world from its beginning to its end.
     *
     * @param plan what it is made of and what goes wrong
     * @param engine what its services run
     * @return what came of it
     */
    public static Outcome of(SchedulePlan plan, Engine engine) {
        Schedule world = new Schedule(plan, new Coverage(), true, engine);
        try {
            Set<String> refusals = new TreeSet<>(world.run());
            return new Outcome(world.plan(), world.story(), Set.of(), "no violation; refused: " + refusals);
        } catch (Violation e) {
            return new Outcome(world.plan(), world.story(), e.kinds(), "VIOLATION " + e.getMessage());
        } catch (RuntimeException e) {
            return new Outcome(world.plan(), world.story(), Set.of(Violation.kind(e.toString())), "FAILED " + e);
        }
    }

    /**
     * Whether nothing was violated.
     *
     * @return false also when the engine failed
     */
    public boolean isGood() {
        return kinds.isEmpty();
    }

    /**
     * The plan and the story without what was only read, decided and awaited, as stories are kept.
     *
     * @return lines
     */
    public List<String> text() {
        List<String> text = new ArrayList<>(plan.lines());
        text.add("");
        text.addAll(story.brief());
        text.add(end);
        return text;
    }

    /**
     * The plan and the whole story.
     *
     * @return lines
     */
    public List<String> everything() {
        List<String> text = new ArrayList<>(plan.lines());
        text.add("");
        text.addAll(story.lines());
        text.add(end);
        return text;
    }
}
