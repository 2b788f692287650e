package dev.orchestrator.simulation.node;

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
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** Runs one procedure as the engine's runner does, in virtual time. Not thread-safe. */
public final class ProcedureRun {
    /** How often the right to act is looked at while nothing happens. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private final NodeProcess process;
    private final Links links;
    private final Procedure procedure;
    private final Consumer<State> ended;
    private State state;
    private boolean over;
    private int turn;

    /**
     * What a run reaches out to.
     *
     * @param gateway the way commands go
     * @param reader reads a server; the node's own snapshot hears of it, too
     * @param right until when commands may be given, by this node's monotonic clock; empty when there is no right
     * @param save writes the record
     * @param tell tells others
     * @param watched hears of everything that is done, before and after
     */
    public record Links(
            Gateway gateway,
            Reader reader,
            Right right,
            Save save,
            Consumer<Announcement> tell,
            BiConsumer<String, Boolean> watched) {}

    /** The right to act. */
    @FunctionalInterface
    public interface Right {
        /**
         * Until when commands may be given.
         *
         * @return a reading of the monotonic clock, empty when there is no right
         */
        OptionalLong until();
    }

    /** Reads servers. */
    @FunctionalInterface
    public interface Reader {
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
    public interface Save {
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
    public ProcedureRun(NodeProcess process, Links links, Procedure procedure, State begin, Consumer<State> ended) {
        this.process = process;
        this.links = links;
        this.procedure = procedure;
        this.state = begin;
        this.ended = ended;
    }

    /** Begins. */
    public void begin() {
        process.happen(this::turn);
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
            List<Effect> wanted = Effect.decisionFirst(procedure.next(state));
            if (wanted.isEmpty() && !state.isAwaiting()) {
                throw new IllegalStateException(
                        "stuck in phase '" + procedure.phase(state) + "': nothing is wanted, in flight or due");
            }
            CarryingOut carrying = new CarryingOut();
            for (Effect effect : wanted) {
                links.watched().accept(name(effect), true);
                effect.match(carrying);
                links.watched().accept(name(effect), false);
                if (!process.isAlive()) {
                    over = true;
                    return;
                }
            }
            if (!carrying.folded) {
                rest(carrying.wake);
                return;
            }
        }
    }

    private void rest(Duration wake) {
        int mine = ++turn;
        process.in(wake, () -> {
            if (mine == turn) {
                happened(Event.Woke::new);
            }
        });
    }

    private static String name(Effect effect) {
        if (effect instanceof Effect.Run run) {
            return run.id().phase() + ": " + run.step().command().getClass().getSimpleName();
        }
        return effect.getClass().getSimpleName();
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
            OptionalLong until = links.right().until();
            if (until.isEmpty()) {
                ended(e, StepResult.failed("not sent: the right is gone"));
                return state;
            }
            links.gateway().command(e.step(), until.getAsLong() - process.nanos(), result -> ended(e, result));
            return state;
        }

        private void ended(Effect.Run e, StepResult result) {
            process.in(Duration.ZERO, () -> happened(at -> new Event.StepEnded(e, result, at)));
        }

        @Override
        public State read(Effect.Read e) {
            InstanceKey key = e.server();
            long begun = process.nanos();
            fold(new Event.ReadBegun(key, process.now()));
            links.reader().read(key, e.patience(), observation -> {
                FleetMember known = state.servers().fleet().member(key).orElseThrow();
                FleetMember member = known.observed(observation);
                happened(at -> new Event.ReadEnded(key, member, begun, at));
            });
            return state;
        }

        @Override
        public State save(Effect.Save e) {
            fold(new Event.SaveBegun(e.version(), process.now()));
            links.save().save(e, outcome -> happened(at -> new Event.SaveEnded(e.version(), outcome, "", at)));
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
            ended.accept(state);
            return state;
        }
    }
}
