package dev.orchestrator.engine.internal.core.simulation;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.plan.Plan.Stage;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.engine.internal.core.procedure.Announcement;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Event;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs a procedure on servers that exist nowhere: what is shown before it is done is what would be done. */
public final class DryRun {
    /** A procedure that wants something so often is wrong. */
    private static final int MOST_TURNS = 100_000;

    private static final Duration STEP = Duration.ofMillis(1);
    private static final Duration FENCING = Duration.ofSeconds(5);

    private final Procedure procedure;
    private final SimulatedFleet servers;
    private final List<Stage> stages = new ArrayList<>();
    private final List<Effect.Note> notes = new ArrayList<>();
    private State state;

    /**
     * What came of it.
     *
     * @param stages the commands, in the order in which they would be sent; those of a stage go side by side
     * @param notes what was decided
     * @param after the servers afterwards
     * @param state the last state; its end says whether the aim was reached
     */
    public record Result(List<Stage> stages, List<Effect.Note> notes, Fleet after, State state) {
        /** Copies the lists. */
        public Result {
            stages = List.copyOf(stages);
            notes = List.copyOf(notes);
        }

        /**
         * Whether the aim was reached.
         *
         * @return false when it was given up
         */
        public boolean succeeded() {
            return state.end() == Effect.End.SUCCEEDED;
        }

        /**
         * Why the aim was given up.
         *
         * @return null when it was reached
         */
        public @Nullable String whyNot() {
            return state.memory().givenUp();
        }
    }

    private DryRun(Procedure procedure, State begin) {
        this.procedure = procedure;
        this.state = begin;
        this.servers = new SimulatedFleet(begin.servers().fleet());
    }

    /**
     * Runs a procedure to its end.
     *
     * @param procedure the procedure
     * @param begin its first state
     * @return what it would do
     * @throws IllegalStateException when the procedure does not come to an end
     */
    public static Result of(Procedure procedure, State begin) {
        return new DryRun(procedure, begin).run();
    }

    private Result run() {
        for (int turn = 0; turn < MOST_TURNS && state.end() == null; turn++) {
            List<Effect> wanted = procedure.next(state);
            if (wanted.isEmpty()) {
                throw new IllegalStateException("stuck in phase '" + procedure.phase(state) + "': nothing is wanted");
            }
            Map<String, List<PlanStep>> sent = new LinkedHashMap<>();
            for (Effect effect : Effect.decisionFirst(wanted)) {
                effect.match(new CarryingOut(sent));
            }
            sent.forEach((phase, steps) -> stages.add(new Stage(phase, steps)));
        }
        if (state.end() == null) {
            throw new IllegalStateException("no end in phase '" + procedure.phase(state) + "'");
        }
        return new Result(stages, notes, servers.fleet(), state);
    }

    /** Carries out what is wanted, at once. */
    private final class CarryingOut implements Effect.Cases<State> {
        private final Map<String, List<PlanStep>> sent;

        CarryingOut(Map<String, List<PlanStep>> sent) {
            this.sent = sent;
        }

        @Override
        public State decide(Effect.Decide e) {
            notes.addAll(e.notes());
            fold(new Event.Decided(e.fact(), later(STEP)));
            return state;
        }

        @Override
        public State run(Effect.Run e) {
            sent.computeIfAbsent(e.id().phase(), p -> new ArrayList<>()).add(e.step());
            fold(new Event.StepBegun(e, later(STEP)));
            StepResult result = servers.tell(e.step().instance(), e.step().command());
            boolean waits = result.kind() == StepResult.Kind.NOT_YET;
            fold(new Event.StepEnded(e, result, later(waits ? e.step().timeout() : STEP)));
            return state;
        }

        @Override
        public State read(Effect.Read e) {
            DryRun.this.read(e.server());
            return state;
        }

        @Override
        public State save(Effect.Save e) {
            fold(new Event.SaveBegun(e.version(), later(STEP)));
            fold(new Event.SaveEnded(e.version(), Event.Saving.WRITTEN, "", later(STEP)));
            return state;
        }

        @Override
        public State tell(Effect.Tell e) {
            if (e.what() instanceof Announcement.Fenced fenced) {
                sent.computeIfAbsent(PhaseNames.FENCE, p -> new ArrayList<>()).add(fence(fenced.fence()));
            }
            fold(new Event.Told(e.what(), later(STEP)));
            return state;
        }

        @Override
        public State wake(Effect.Wake e) {
            fold(new Event.Woke(later(e.in())));
            return state;
        }

        @Override
        public State finish(Effect.Finish e) {
            fold(new Event.Ended(e.end(), later(STEP)));
            return state;
        }
    }

    /** Carried out when the server comes back. */
    private static PlanStep fence(Fence fence) {
        InstanceCommand readOnly = new InstanceCommand.SetReadOnly(true);
        return new PlanStep(fence.instance(), fence.serverUuid(), readOnly, FENCING, false, false);
    }

    private void read(InstanceKey key) {
        fold(new Event.ReadBegun(key, later(STEP)));
        long begun = state.now().nanos();
        FleetMember member = servers.fleet().member(key).orElseThrow();
        fold(new Event.ReadEnded(key, member, begun, later(STEP)));
    }

    private void fold(Event event) {
        state = state.fold(event);
    }

    private Moment later(Duration by) {
        return new Moment(state.now().at().plus(by), state.now().nanos() + by.toNanos());
    }
}
