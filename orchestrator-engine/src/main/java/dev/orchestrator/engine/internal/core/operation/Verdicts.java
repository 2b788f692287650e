package dev.orchestrator.engine.internal.core.operation;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The answers of the gates before an operation, as they come. */
final class Verdicts {
    private final List<GateVerdict> answers = new ArrayList<>();

    List<GateVerdict> answers() {
        return answers;
    }

    /** Notes an answer; whether it lets through. */
    boolean ask(String gate, RefusalReason reason, Optional<String> refusal, String otherwise) {
        answers.add(new GateVerdict(gate, refusal.isPresent() ? reason : null, refusal.orElse(otherwise)));
        return refusal.isEmpty();
    }

    /** The facts of a server that is known and answers; else notes why not. */
    Optional<Instance> reach(Fleet fleet, InstanceKey key) {
        Optional<FleetMember> member = fleet.member(key);
        boolean known = ask(
                "is " + key + " known",
                RefusalReason.UNKNOWN_INSTANCE,
                member.isPresent()
                        ? Optional.empty()
                        : Optional.of(key + " is not known; discover it first, or check its exact name"),
                "it is");
        if (!known) {
            return Optional.empty();
        }
        Optional<Instance> instance = member.filter(FleetMember::isReachable).flatMap(FleetMember::facts);
        String failure =
                member.map(FleetMember::failure).map(f -> ": " + f.message()).orElse("");
        ask(
                "does " + key + " answer",
                RefusalReason.INSTANCE_UNREACHABLE,
                instance.isPresent() ? Optional.empty() : Optional.of(key + " does not answer" + failure),
                "it does");
        return instance;
    }
}
