package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.engine.internal.core.decision.Attempt;
import dev.orchestrator.engine.internal.core.decision.RecoveryGates;
import dev.orchestrator.engine.internal.core.decision.StandingFindings;
import dev.orchestrator.engine.internal.shell.execution.RecoveryPorts;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

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
        Set<String> fenced =
                ports.fences().standing().stream().map(Fence::serverUuid).collect(Collectors.toSet());
        Fleet fleet = ports.fleet().current();
        for (FailureAnalysis finding : look.due()) {
            if (!isExplainedByFence(fleet, finding, fenced)) {
                fleet.cluster(finding.cluster()).ifPresent(cluster -> explain(fleet, finding, cluster));
            }
        }
    }

    /** A former primary with replicas is explained by its fence, which knows more. */
    private static boolean isExplainedByFence(Fleet fleet, FailureAnalysis finding, Set<String> fenced) {
        return !finding.replicas().isEmpty()
                && !finding.reachable()
                && fleet.instance(finding.instance())
                        .filter(i -> fenced.contains(i.serverUuid()))
                        .isPresent();
    }

    private void explain(Fleet fleet, FailureAnalysis finding, Cluster cluster) {
        Attempt attempt =
                Attempt.automatic(finding, ports.automatic(), ports.clocks().instant());
        List<GateVerdict> verdicts = RecoveryGates.placeTaken(finding, cluster)
                .map(List::of)
                .orElseGet(() -> gates.quickLook(attempt, fleet));
        book.record(finding.instance(), cluster.name(), new Decision(finding, verdicts, null));
    }
}
