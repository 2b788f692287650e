package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.engine.internal.core.plan.Phases;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What follows a promotion: listeners are told, the others replicate from the new primary, the rest is put in order. */
final class AfterPromotion {
    private final RecoveryRun run;
    private final ReceiverStop stops;

    AfterPromotion(RecoveryRun run, ReceiverStop stops) {
        this.run = run;
        this.stops = stops;
    }

    /** For a recovery that somebody else began: stops the receivers that still read from elsewhere, then goes on. */
    void complete(Fleet fleet, Instance primary) {
        publish(primary);
        stops.stop(fleet);
        repointOthers(primary);
        tidy(primary);
    }

    /** Goes on after our own promotion. */
    void follow(Instance primary) {
        publish(primary);
        repointOthers(primary);
        tidy(primary);
    }

    /** Writers need not wait for replicas: the receiver of one may hang in its stop for seconds. */
    private void publish(Instance primary) {
        run.ports()
                .events()
                .publish(new OrchestratorEvent.PrimaryPromoted(
                        run.ports().clock().instant(), run.keeper().current()));
        run.log().note(Phases.PUBLISH, primary.key(), "listeners are told");
    }

    /** Has the replicas replicate from a server, and writes down who does and who does not. */
    void repointOthers(Instance primary) {
        List<Repointing.Outcome> outcomes = new Repointing(run, stops, primary).all();
        List<InstanceKey> participants = new ArrayList<>(List.of(primary.key()));
        List<InstanceKey> lost = new ArrayList<>();
        for (Repointing.Outcome outcome : outcomes) {
            (outcome.follows() ? participants : lost).add(outcome.replica());
            if (!outcome.follows()) {
                run.keeper()
                        .error(outcome.replica() + " does not replicate from " + primary.key() + ": " + outcome.why());
            }
        }
        run.keeper()
                .edit(r -> r.participants(participants)
                        .lostReplicas(lost)
                        .repointedAt(run.ports().clock().instant()));
    }

    /** The picture is made current; a source that could not be forgotten is forgotten now. */
    private void tidy(Instance primary) {
        Collection<InstanceKey> all = new TreeSet<>(run.order().replicas());
        all.add(primary.key());
        Fleet fleet = run.read(all, RecoveryRun.READ);
        Optional<Instance> now = RecoveryRun.answering(fleet, primary.key());
        List<PlanStep> left = now.filter(i -> !i.channels().isEmpty())
                .map(i -> run.planner().promote(i, null).stream()
                        .flatMap(s -> s.steps().stream())
                        .filter(PlanStep::irreversible)
                        .toList())
                .orElse(List.of());
        left.forEach(s -> run.executor().perform(Phases.TIDY, s));
    }
}
