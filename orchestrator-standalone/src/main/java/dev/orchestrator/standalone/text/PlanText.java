package dev.orchestrator.standalone.text;

import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.Plan;
import dev.orchestrator.api.plan.PlanStep;

/** A decision and its plan as text: what was asked, what was found, what would be done. */
public final class PlanText {
    private PlanText() {}

    /**
     * Writes a decision.
     *
     * @param decision the decision
     * @return several lines, without a newline at the end
     */
    public static String of(Decision decision) {
        StringBuilder text = new StringBuilder();
        if (decision.analysis() != null) {
            text.append(decision.analysis().instance())
                    .append(": ")
                    .append(decision.analysis().code().compatibleName())
                    .append('\n');
            decision.analysis()
                    .evidence()
                    .forEach(sentence -> text.append("  ").append(sentence).append('\n'));
        }
        text.append("gates:\n");
        for (GateVerdict verdict : decision.verdicts()) {
            text.append(verdict.passed() ? "  yes  " : "  NO   ").append(verdict.gate());
            if (!verdict.facts().isEmpty()) {
                text.append(": ").append(verdict.facts());
            }
            text.append('\n');
        }
        Plan plan = decision.plan();
        if (plan == null) {
            text.append("nothing would be done");
        } else {
            append(text, plan);
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Plan plan) {
        text.append("plan: ").append(plan.title());
        int number = 1;
        for (Plan.Stage stage : plan.stages()) {
            text.append("\n  ").append(number++).append(". ").append(stage.name());
            for (PlanStep step : stage.steps()) {
                text.append("\n     - ").append(step.describe());
                if (step.irreversible()) {
                    text.append(" (no way back)");
                }
            }
        }
        plan.notes().forEach(note -> text.append("\n  note: ").append(note));
    }
}
