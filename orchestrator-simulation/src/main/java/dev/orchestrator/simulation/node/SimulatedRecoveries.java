package dev.orchestrator.simulation.node;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.engine.internal.core.decision.GateFacts;
import dev.orchestrator.engine.internal.core.decision.RecoveryAttempt;
import dev.orchestrator.engine.internal.core.decision.RecoveryGates;
import dev.orchestrator.engine.internal.core.decision.Said;
import dev.orchestrator.engine.internal.core.decision.StandingFindings;
import dev.orchestrator.engine.internal.core.decision.Turns;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whose turn it is among the findings of one service, and what is said of those that nothing is done about. Not thread-safe. */
final class SimulatedRecoveries {
    private final SimulatedService node;
    private final NodeProcess process;
    private final Actor actor;
    private final Turns turns = new Turns();
    private final StandingFindings standing;
    private final Set<InstanceKey> refused = new HashSet<>();
    private int begun;

    SimulatedRecoveries(SimulatedService node) {
        this.node = node;
        this.process = node.process();
        this.standing = new StandingFindings(node.config().pollInterval().multipliedBy(2));
        this.actor = new Actor("orchestrator", Origin.AUTOMATIC, process.name());
    }

    /** Who acts when nobody ordered it. */
    Actor automatic() {
        return actor;
    }

    void handle(List<FailureAnalysis> actionable) {
        List<FailureAnalysis> due = node.world().engine().due().apply(actionable);
        for (FailureAnalysis finding : turns.take(due, process.nanos())) {
            String uid = process.name() + "-" + ++begun;
            new ChangeRun<>(node, new SimulatedRecovery(node, this, attempt(finding), uid)).begin();
        }
    }

    private RecoveryAttempt attempt(FailureAnalysis finding) {
        return RecoveryAttempt.automatic(finding, actor, process.now().at());
    }

    private void over(FailureAnalysis finding, Duration pause) {
        turns.giveBack(finding, process.nanos() + pause.toNanos());
        // What was found meanwhile is looked at again when the pause is over.
        process.in(pause, () -> node.detecting().changed(Set.of(finding.cluster())));
    }

    /** Whether the last decision about a server was to do nothing. */
    boolean wasRefused(InstanceKey server) {
        return refused.contains(server);
    }

    /** Something was done, or could not be for now. */
    void acted(FailureAnalysis finding) {
        refused.remove(finding.instance());
        over(finding, Turns.AFTER_REFUSAL);
    }

    void refused(FailureAnalysis finding, Decision decision) {
        node.world().watcher().refused(node, decision);
        refused.add(finding.instance());
        over(finding, Turns.pauseAfter(decision.refusal()));
    }

    void forgetPauses() {
        turns.forgetPauses();
    }

    /** All gates; without what the backend said, those that do not need it. */
    List<GateVerdict> gates(RecoveryAttempt attempt, @Nullable Said said) {
        return RecoveryGates.ask(new GateFacts(
                attempt.failed(),
                attempt.finding(),
                node.fleet(),
                node.config(),
                attempt.automatic(),
                node.leads(),
                process.now().at(),
                said == null ? null : said.facts()));
    }

    /** Says why nothing is done about what has stood for a while and no recovery is for. */
    void explain() {
        List<FailureAnalysis> found = node.detecting().findings();
        found.stream()
                .filter(f -> !f.warnings().isEmpty())
                .forEach(f -> node.world().watcher().warned(node, f));
        List<FailureAnalysis> due = standing.look(found, process.nanos()).due();
        for (FailureAnalysis finding : due) {
            node.fleet().cluster(finding.cluster()).ifPresent(cluster -> {
                RecoveryAttempt attempt = attempt(finding);
                List<GateVerdict> verdicts =
                        RecoveryGates.placeTaken(finding, cluster).map(List::of).orElseGet(() -> gates(attempt, null));
                node.world().watcher().refused(node, new Decision(finding, verdicts, null));
            });
        }
    }
}
