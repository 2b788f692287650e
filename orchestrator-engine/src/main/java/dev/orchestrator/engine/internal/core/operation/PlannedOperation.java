package dev.orchestrator.engine.internal.core.operation;

import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.Plan;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.procedure.Before;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import dev.orchestrator.engine.internal.core.simulation.DryRun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What would be done for a request, or why not.
 *
 * @param verdicts the gates in the order they were asked; the last one refused if nothing is to be done
 * @param work what would be done, null when refused
 */
public record PlannedOperation(
        List<GateVerdict> verdicts, @Nullable Work work) {
    /** Copies the list. */
    public PlannedOperation {
        verdicts = List.copyOf(verdicts);
    }

    /**
     * What is to be done.
     *
     * @param cluster the cluster it changes
     * @param procedure how
     * @param terms what the procedure is told
     * @param exclusive the servers that are changed, or must not change meanwhile
     * @param shared the servers that only serve as a source
     * @param notes what people must know
     */
    public record Work(
            ClusterId cluster,
            Procedure procedure,
            Terms terms,
            List<InstanceKey> exclusive,
            List<InstanceKey> shared,
            List<String> notes) {
        /** Copies the lists. */
        public Work {
            exclusive = List.copyOf(exclusive);
            shared = List.copyOf(shared);
            notes = List.copyOf(notes);
        }

        /**
         * What it locks.
         *
         * @return what is changed exclusively, what serves as a source shared
         */
        public LockRequest locks() {
            return LockRequest.of(exclusive, shared);
        }

        /**
         * A recovery of the cluster goes first.
         *
         * @param decision the decision without it
         * @param active all recoveries that are under way
         * @return the refusal, empty when none is of this cluster
         */
        public Optional<Decision> whileRecovered(Decision decision, Collection<RecoveryRecord> active) {
            return active.stream()
                    .filter(r -> r.cluster().equals(cluster))
                    .findFirst()
                    .map(r -> {
                        List<GateVerdict> all = new ArrayList<>(decision.verdicts());
                        all.add(new GateVerdict(
                                "is no recovery of the cluster active",
                                RefusalReason.RECOVERY_ACTIVE,
                                "recovery " + r.uid() + " of " + r.failed() + " is under way since " + r.startedAt()
                                        + ", by " + r.actor()));
                        return new Decision(decision.analysis(), all, null);
                    });
        }

        /**
         * Why it did not reach its aim, and what became of what was begun.
         *
         * @param end all that the procedure knew at its end
         * @return for people, null when it did
         */
        public @Nullable String failure(State end) {
            if (end.end() == Effect.End.SUCCEEDED) {
                return null;
            }
            if (end.end() == Effect.End.ABANDONED) {
                return "the right to act is gone: " + end.rightLost() + "; what was begun stays as it is";
            }
            String why = Objects.requireNonNullElse(end.memory().givenUp(), "it was given up");
            if (procedure.back().isEmpty()) {
                return why;
            }
            List<String> left = end.memory().problems().stream()
                    .filter(p -> p.startsWith("not restored"))
                    .toList();
            return why + (left.isEmpty() ? "; it was taken back" : "; and it could not be taken back: " + left);
        }
    }

    static PlannedOperation refused(List<GateVerdict> verdicts) {
        return new PlannedOperation(verdicts, null);
    }

    /**
     * What an operation on one server is told.
     *
     * @param fleet a fresh snapshot
     * @param server the server
     * @param source what it replicates from, itself when it replicates from nobody
     * @param config the settings
     * @return the terms
     */
    static Terms terms(Fleet fleet, InstanceKey server, InstanceKey source, OrchestratorConfig config) {
        return new Terms(
                source,
                List.of(server),
                List.of(),
                Map.of(),
                Map.of(),
                null,
                false,
                false,
                Before.of(fleet, List.of(server)),
                config);
    }

    /**
     * The decision: what a dry run of the very procedure would do, or why not.
     *
     * @param fleet the snapshot it was made on
     * @param now the present
     * @return verdicts and plan
     */
    public Decision decide(Fleet fleet, Moment now) {
        if (work == null) {
            return new Decision(null, verdicts, null);
        }
        State begin = State.begin(work.terms(), fleet, null, now);
        DryRun.Result result = DryRun.of(work.procedure(), begin);
        if (!result.succeeded()) {
            List<GateVerdict> all = new ArrayList<>(verdicts);
            all.add(new GateVerdict(
                    "does a dry run come to its end",
                    RefusalReason.ILLEGAL_MOVE,
                    Objects.requireNonNullElse(result.whyNot(), "it was given up")));
            return new Decision(null, all, null);
        }
        return new Decision(
                null, verdicts, new Plan(work.procedure().title(), work.cluster(), result.stages(), work.notes()));
    }
}
