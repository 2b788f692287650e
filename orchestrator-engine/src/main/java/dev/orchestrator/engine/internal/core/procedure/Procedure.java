package dev.orchestrator.engine.internal.core.procedure;

import dev.orchestrator.api.CancelOutcome;
import java.util.ArrayList;
import java.util.List;

/**
 * A change to servers as a value: phases that lead to its aim, and phases that lead back when it is given up.
 *
 * @param title what it achieves, in one sentence, for people
 * @param forward the phases to the aim, in order
 * @param back the phases that put things back, in order
 */
public record Procedure(String title, List<Phase> forward, List<Phase> back) {
    /** Copies the phases. */
    public Procedure {
        forward = List.copyOf(forward);
        back = List.copyOf(back);
    }

    /**
     * What is to be done now.
     *
     * @param state what is known
     * @return effects to be carried out side by side; empty when it has ended or waits for what is in flight
     */
    public List<Effect> next(State state) {
        if (state.end() != null) {
            return List.of();
        }
        if (state.rightLost() != null) {
            return finish(state, Effect.End.ABANDONED);
        }
        String stop = state.stopAsked();
        if (stop != null && state.memory().givenUp() == null && !isPastReturn(state)) {
            return List.of(new Effect.Decide(new Fact.GivenUp(stop), PhaseNames.RESTORE, null, "given up: " + stop));
        }
        boolean givenUp = state.memory().givenUp() != null;
        for (Phase phase : phases(state)) {
            if (!phase.done(state)) {
                return withoutWhatIsUnderWay(state, phase.wanted(state));
            }
        }
        return finish(state, givenUp ? Effect.End.GIVEN_UP : Effect.End.SUCCEEDED);
    }

    /** What is in flight may still be done: how it ends belongs to the end. */
    private static List<Effect> finish(State state, Effect.End end) {
        return state.isAwaiting() ? List.of() : List.of(new Effect.Finish(end));
    }

    /**
     * The phase that has the word.
     *
     * @param state what is known
     * @return its name, empty when all are done
     */
    public String phase(State state) {
        return phases(state).stream()
                .filter(p -> !p.done(state))
                .findFirst()
                .map(Phase::name)
                .orElse("");
    }

    private List<Phase> phases(State state) {
        if (state.memory().isOvertaken()) {
            return List.of();
        }
        return state.memory().givenUp() != null ? back : forward;
    }

    /**
     * What it does once it was asked to stop.
     *
     * @param state what is known
     * @return for whoever asked
     */
    public CancelOutcome whenStopped(State state) {
        if (state.memory().givenUp() == null && isPastReturn(state)) {
            return CancelOutcome.FINISHES;
        }
        return back.isEmpty() ? CancelOutcome.STOPS : CancelOutcome.ROLLS_BACK;
    }

    /** Once somebody may have been made writable, stopping means to finish; a name that nobody else can read is none. */
    private static boolean isPastReturn(State state) {
        return state.ledger().isNamed();
    }

    private static List<Effect> withoutWhatIsUnderWay(State state, List<Effect> wanted) {
        UnderWay underWay = new UnderWay(state);
        List<Effect> left = new ArrayList<>(wanted.size());
        for (Effect effect : wanted) {
            if (!effect.match(underWay)) {
                left.add(effect);
            }
        }
        return left;
    }

    /** Whether what is wanted is being done, or was told, already. */
    private record UnderWay(State state) implements Effect.Cases<Boolean> {
        @Override
        public Boolean run(Effect.Run it) {
            return state.step(it.id()).filter(StepState::inFlight).isPresent();
        }

        @Override
        public Boolean read(Effect.Read it) {
            return state.servers().isBeingRead(it.server());
        }

        @Override
        public Boolean save(Effect.Save it) {
            return state.ledger().inFlight() != 0;
        }

        @Override
        public Boolean tell(Effect.Tell it) {
            return state.told().contains(it.what());
        }

        @Override
        public Boolean decide(Effect.Decide it) {
            return false;
        }

        @Override
        public Boolean wake(Effect.Wake it) {
            return false;
        }

        @Override
        public Boolean finish(Effect.Finish it) {
            return false;
        }
    }
}
