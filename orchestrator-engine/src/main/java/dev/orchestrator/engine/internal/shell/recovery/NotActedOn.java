package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.engine.internal.core.decision.RecoveryAttempt;
import dev.orchestrator.engine.internal.core.decision.RecoveryGates;
import dev.orchestrator.engine.internal.core.decision.StandingFindings;
import dev.orchestrator.engine.internal.core.fencing.UnderFence;
import dev.orchestrator.engine.internal.shell.execution.RecoveryPorts;
import java.util.List;

/**
 * Writes down why nothing is done about a finding that no recovery is for, once it has stood for two poll intervals, as
 * long as this node leads. Owned by one thread.
 */
final class NotActedOn {
    private final RecoveryPorts ports;
    private final Gatekeeper gates;
    private final DecisionBook book;
    private final StandingFindings standing;

    NotActedOn(RecoveryPorts ports, Gatekeeper gates, DecisionBook book) {
        this.ports = ports;
        this.gates = gates;
        this.book = book;
        this.standing = new StandingFindings(ports.config().pollInterval().multipliedBy(2));
    }

    void tick() {
        if (ports.leadership().held().isEmpty()) {
            standing.clear();
            return;
        }
        StandingFindings.Look look =
                standing.look(ports.reanalysis().findings(), ports.clocks().nanos());
        look.over().forEach(book::problemOver);
        if (look.due().isEmpty()) {
            return;
        }
        List<Fence> fences = ports.fences().standing();
        Fleet fleet = ports.fleet().current();
        for (FailureAnalysis finding : look.due()) {
            if (!UnderFence.explains(finding, fleet, fences)) {
                fleet.cluster(finding.cluster()).ifPresent(cluster -> explain(fleet, finding, cluster));
            }
        }
    }

    private void explain(Fleet fleet, FailureAnalysis finding, Cluster cluster) {
        RecoveryAttempt attempt = RecoveryAttempt.automatic(
                finding, ports.automatic(), ports.clocks().instant());
        List<GateVerdict> verdicts = RecoveryGates.placeTaken(finding, cluster)
                .map(List::of)
                .orElseGet(() -> gates.quickLook(attempt, fleet));
        book.record(finding.instance(), cluster.name(), new Decision(finding, verdicts, null));
    }
}
