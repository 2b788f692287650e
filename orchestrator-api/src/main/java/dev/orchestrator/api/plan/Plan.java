package dev.orchestrator.api.plan;

import dev.orchestrator.api.model.ClusterId;
import java.util.List;

/**
 * What will be done, as it can be shown before it is done. A recovery is a sequence of phases; where a choice needs
 * facts that only a former phase brings, the notes say so and the phase is planned again from fresh facts.
 *
 * @param title what it achieves, in one sentence
 * @param cluster the cluster it changes
 * @param stages what is done one after the other; the steps of a stage go side by side
 * @param notes what a reader must know: choices, rejected candidates with reasons, what may change when it is run
 */
public record Plan(String title, ClusterId cluster, List<Stage> stages, List<String> notes) {
    /** Copies the lists. */
    public Plan {
        stages = List.copyOf(stages);
        notes = List.copyOf(notes);
    }

    /**
     * Steps that go side by side.
     *
     * @param name the phase's name
     */
    public record Stage(String name, List<PlanStep> steps) {
        /** Copies the steps. */
        public Stage {
            steps = List.copyOf(steps);
        }
    }
}
