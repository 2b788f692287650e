package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.plan.Phases;
import java.util.Collection;
import java.util.List;

/** Lets replicas replicate as they did before a recovery that came to nothing. */
final class Restoration {
    private final RecoveryRun run;

    Restoration(RecoveryRun run) {
        this.run = run;
    }

    /** Restores the given replicas; what fails is noted in the record. */
    void restore(Collection<InstanceKey> replicas) {
        Fleet fleet = run.read(replicas, RecoveryRun.READ);
        replicas.forEach(key -> pointBack(fleet, key));
        run.executor().perform(run.planner().restore(fleet, replicas)).stream()
                .filter(r -> !r.done())
                .forEach(r -> run.keeper().error("not restored: " + r.step().describe() + ": " + r.inWords()));
    }

    /** Who was to catch up from a sibling reads from the failed primary again. */
    private void pointBack(Fleet fleet, InstanceKey key) {
        InstanceKey failed = fleet.canonical(run.order().failed());
        RecoveryRun.answering(fleet, key)
                .filter(i -> readsElsewhere(fleet, i, failed))
                .ifPresent(i -> {
                    run.executor().perform(run.planner().stopReceivers(fleet, List.of(key)));
                    run.planner().repoint(Phases.RESTORE, i, failed).stream()
                            .limit(1)
                            .forEach(run.executor()::perform);
                });
    }

    private static boolean readsElsewhere(Fleet fleet, Instance instance, InstanceKey failed) {
        return instance.source()
                .map(fleet::canonical)
                .filter(s -> !s.equals(failed))
                .isPresent();
    }
}
