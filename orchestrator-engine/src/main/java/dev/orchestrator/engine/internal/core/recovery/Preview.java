package dev.orchestrator.engine.internal.core.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.Plan;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import dev.orchestrator.engine.internal.core.simulation.DryRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A recovery or switchover as it would go now: the same procedure, on servers that exist nowhere. */
public final class Preview {
    private static final String DRY_RUN = "dry-run";

    private final String title;
    private final ClusterId cluster;
    private final Terms terms;
    private final State begin;
    private final DryRun.Result result;

    private Preview(String title, ClusterId cluster, Terms terms, State begin, DryRun.Result result) {
        this.begin = begin;
        this.title = title;
        this.cluster = cluster;
        this.terms = terms;
        this.result = result;
    }

    /**
     * Runs a procedure dry.
     *
     * @param title what it achieves, for people
     * @param procedure the procedure
     * @param terms what it is told
     * @param fleet the snapshot it begins with
     * @param now the present
     * @return how it would go
     */
    public static Preview of(String title, Procedure procedure, Terms terms, Fleet fleet, Instant now) {
        ClusterId cluster = fleet.member(terms.primary()).orElseThrow().cluster();
        RecoveryRecord record = RecoveryRecord.builder(
                        DRY_RUN,
                        cluster,
                        AnalysisCode.NO_PROBLEM,
                        terms.primary(),
                        new Actor(DRY_RUN, Origin.AUTOMATIC, DRY_RUN),
                        now)
                .failedUuid(fleet.instance(terms.primary())
                        .map(Instance::serverUuid)
                        .orElse(""))
                .replicas(terms.replicas())
                .build();
        State begin = State.begin(terms, fleet, record, new Moment(now, 0));
        return new Preview(title, cluster, terms, begin, DryRun.of(procedure, begin));
    }

    /**
     * Where it began.
     *
     * @return the first state
     */
    public State begin() {
        return begin;
    }

    /**
     * What came of it.
     *
     * @return the dry run
     */
    public DryRun.Result result() {
        return result;
    }

    /**
     * Who would take over, or feed the others.
     *
     * @return null when nobody would
     */
    public @org.jspecify.annotations.Nullable InstanceKey successor() {
        return result.succeeded() ? result.state().record().successor() : null;
    }

    /**
     * The plan.
     *
     * @param whole what it achieves, now that the dry run has told
     * @param notes what people must know beside what was decided on the way
     * @return steps and notes
     */
    public Plan plan(String whole, List<String> notes) {
        List<String> all = new ArrayList<>(notes);
        for (Effect.Note note : result.notes()) {
            all.add((note.server() == null ? "" : note.server() + ": ") + note.text());
        }
        terms.leftAlone().forEach((key, why) -> all.add(key + " would be left alone: " + why));
        return new Plan(whole, cluster, result.stages(), all);
    }

    /**
     * The decision.
     *
     * @param verdicts the gates before
     * @param note what people must know of the plan
     * @return go with the plan, or refused by what the dry run ran into
     */
    public Decision decide(List<GateVerdict> verdicts, String note) {
        List<GateVerdict> all = new ArrayList<>(verdicts);
        if (result.succeeded()) {
            return new Decision(null, all, plan(title, List.of(note)));
        }
        all.add(new GateVerdict(
                "does a dry run come to its end",
                RefusalReason.NO_CANDIDATE,
                Objects.requireNonNullElse(result.whyNot(), "it was given up")));
        return new Decision(null, all, null);
    }
}
