package dev.orchestrator.simulation.node;

import dev.orchestrator.api.CancelOutcome;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.engine.internal.core.procedure.Announcement;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Event;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** Runs one procedure as the engine's runner does, in virtual time. Not thread-safe. */
final class ProcedureRun {
    /** How often the right to act is looked at while nothing happens. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private final NodeProcess process;
    private final Links links;
    private final Procedure procedure;
    private final Consumer<State> ended;
    private State state;
    private boolean over;
    private boolean left;
    private final List<Consumer<CancelOutcome>> asking = new ArrayList<>();
    private int inFlight;
    private int turn;

    /**
     * What a run reaches out to.
     *
     * @param gateway the way commands go
     * @param reader reads a server; the node's own snapshot hears of it, too
     * @param right by what right commands are given
     * @param save writes the record
     * @param tell tells others
     * @param watched hears of everything that is done, before and after
     */
    record Links(
            Gateway gateway,
            Reader reader,
            SimulatedAuthority right,
            Save save,
            Consumer<Announcement> tell,
            BiConsumer<Effect, Boolean> watched) {}

    /** Reads servers. */
    @FunctionalInterface
    interface Reader {
        /**
         * Reads one.
         *
         * @param key the server
         * @param patience after which it is taken for silent
         * @param told what was read
         */
        void read(InstanceKey key, Duration patience, Consumer<Observation> told);
    }

    /** Writes the record and its fences. */
    @FunctionalInterface
    interface Save {
        /**
         * Writes.
         *
         * @param what what
         * @param outcome told what came of it
         */
        void save(Effect.Save what, Consumer<Event.Saving> outcome);
    }

    /**
     * A run that has not begun.
     *
     * @param process the node it runs in
     * @param links what it reaches out to
     * @param procedure what is done
     * @param begin its first state
     * @param ended told the last state
     */
    ProcedureRun(NodeProcess process, Links links, Procedure procedure, State begin, Consumer<State> ended) {
        this.process = process;
        this.links = links;
        this.procedure = procedure;
        this.state = begin;
        this.ended = ended;
    }

    /** Begins. */
    void begin() {
        process.happen(this::turn);
    }

    /** Whether it does nothing any more, but for what is in flight. */
    boolean isOver() {
        return over;
    }

    /** Where it is. */
    String phase() {
        return procedure.phase(state);
    }

    /**
     * Somebody wants it stopped.
     *
     * @param why for people
     * @param answer told what it makes of that; never, when it is over or has lost its right
     */
    void stop(String why, Consumer<CancelOutcome> answer) {
        // As in a mailbox: also when it is asked in the middle of what it does.
        process.in(Duration.ZERO, () -> {
            asking.add(answer);
            happened(at -> new Event.StopAsked(why, at));
        });
    }

    private void answerWhoAsked() {
        if (state.stopAsked() != null && state.rightLost() == null) {
            List<Consumer<CancelOutcome>> all = List.copyOf(asking);
            asking.clear();
            all.forEach(a -> a.accept(procedure.whenStopped(state)));
        }
    }

    /** What was begun has ended. */
    private void ended(Function<Moment, Event> event) {
        inFlight--;
        happened(event);
        leave();
    }

    /** What is in flight at the end is awaited, so that no lock is released before. */
    private void leave() {
        if (state.end() != null && inFlight == 0 && !left) {
            left = true;
            ended.accept(state);
        }
    }

    private void happened(Function<Moment, Event> event) {
        if (!over) {
            state = state.fold(event.apply(process.now()));
            turn();
        }
    }

    private void turn() {
        while (!over) {
            look();
            answerWhoAsked();
            List<Effect> wanted = Effect.decisionFirst(procedure.next(state));
            if (wanted.isEmpty() && !state.isAwaiting()) {
                throw new IllegalStateException(
                        "stuck in phase '" + procedure.phase(state) + "': nothing is wanted, in flight or due");
            }
            if (!carryOut(new ArrayDeque<>(wanted), new CarryingOut())) {
                return;
            }
        }
    }

    /** Whether the next turn is due at once. A process that is stopped before an effect carries it out when it goes on. */
    private boolean carryOut(Deque<Effect> left, CarryingOut carrying) {
        while (!left.isEmpty()) {
            Effect effect = left.remove();
            links.watched().accept(effect, true);
            if (!process.runs()) {
                process.happen(() -> {
                    carry(effect, carrying);
                    if (carryOut(left, carrying)) {
                        turn();
                    }
                });
                return false;
            }
            carry(effect, carrying);
            if (!process.isAlive()) {
                over = true;
                return false;
            }
        }
        if (!carrying.folded) {
            rest(carrying.wake);
        }
        return carrying.folded;
    }

    private void carry(Effect effect, CarryingOut carrying) {
        effect.match(carrying);
        links.watched().accept(effect, false);
    }

    private void rest(Duration wake) {
        int mine = ++turn;
        process.in(wake, () -> {
            if (mine == turn) {
                happened(Event.Woke::new);
            }
        });
    }

    private void look() {
        if (state.rightLost() == null && links.right().until().isEmpty()) {
            state = state.fold(new Event.RightLost("the right to act is over", process.now()));
        }
    }

    /** Carries out what is wanted; the end of what takes time comes as an event. */
    private final class CarryingOut implements Effect.Cases<State> {
        private Duration wake = LOOK;
        /** Whether something is to be asked for at once, as the state is another one without anything having happened. */
        private boolean folded;

        private State fold(Event event) {
            state = state.fold(event);
            return state;
        }

        @Override
        public State decide(Effect.Decide e) {
            folded = true;
            return fold(new Event.Decided(e.fact(), process.now()));
        }

        @Override
        public State run(Effect.Run e) {
            fold(new Event.StepBegun(e, process.now()));
            inFlight++;
            OptionalLong until = links.right().until();
            if (until.isEmpty()) {
                ended(e, StepResult.failed("not sent: the right is gone"));
                return state;
            }
            links.gateway()
                    .command(
                            e.step(),
                            links.right().right(),
                            until.getAsLong() - process.nanos(),
                            result -> ended(e, result));
            return state;
        }

        private void ended(Effect.Run e, StepResult result) {
            process.in(Duration.ZERO, () -> ProcedureRun.this.ended(at -> new Event.StepEnded(e, result, at)));
        }

        @Override
        public State read(Effect.Read e) {
            InstanceKey key = e.server();
            long begun = process.nanos();
            fold(new Event.ReadBegun(key, process.now()));
            inFlight++;
            links.reader().read(key, e.patience(), observation -> {
                FleetMember known = state.servers().fleet().member(key).orElseThrow();
                FleetMember member = known.observed(observation);
                ProcedureRun.this.ended(at -> new Event.ReadEnded(key, member, begun, at));
            });
            return state;
        }

        @Override
        public State save(Effect.Save e) {
            fold(new Event.SaveBegun(e.version(), process.now()));
            inFlight++;
            links.save()
                    .save(
                            e,
                            outcome ->
                                    ProcedureRun.this.ended(at -> new Event.SaveEnded(e.version(), outcome, "", at)));
            return state;
        }

        @Override
        public State tell(Effect.Tell e) {
            links.tell().accept(e.what());
            return fold(new Event.Told(e.what(), process.now()));
        }

        @Override
        public State wake(Effect.Wake e) {
            wake = e.in().compareTo(wake) < 0 ? e.in() : wake;
            return state;
        }

        @Override
        public State finish(Effect.Finish e) {
            over = true;
            folded = true;
            fold(new Event.Ended(e.end(), process.now()));
            leave();
            return state;
        }
    }
}
