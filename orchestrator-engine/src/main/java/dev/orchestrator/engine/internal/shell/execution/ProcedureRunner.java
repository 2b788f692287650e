package dev.orchestrator.engine.internal.shell.execution;

import dev.orchestrator.api.CancelOutcome;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Event;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import dev.orchestrator.engine.internal.core.procedure.StepRows;
import dev.orchestrator.engine.internal.shell.schedule.Clocks;
import dev.orchestrator.spi.Guard;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one procedure: carries out what it wants and tells it what came of it. One thread owns the state; commands,
 * readings and writes go over other threads and post their ends. What is in flight at the end is awaited, so that no lock
 * is released before.
 */
public final class ProcedureRunner implements RunControl {
    private static final Logger log = LoggerFactory.getLogger(ProcedureRunner.class);

    /** What is written later is refused, as the right that it is written under is over by then. */
    private static final Duration RECORD = Duration.ofSeconds(8);

    /** How often the right to act is looked at while nothing happens. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Links links;
    private final Commander commander;
    private final FreshReader reader;
    private final BlockingQueue<Function<Moment, Event>> mailbox = new LinkedBlockingQueue<>();
    private final InFlight inFlight;
    private final Queue<Consumer<CancelOutcome>> asking = new ConcurrentLinkedQueue<>();
    private volatile boolean interrupted;

    /**
     * What a runner reaches out to.
     *
     * @param commands the way of commands to the servers
     * @param readings reads them
     * @param right the right to act
     * @param record where the record goes
     * @param rows numbers what people are told of steps
     * @param steps takes each state of a row
     * @param announcer tells others
     * @param phases told of the phase that is entered
     * @param threads for what goes on side by side
     * @param clocks what time it is
     */
    public record Links(
            Commands commands,
            Readings readings,
            Authority right,
            RecordPort record,
            StepRows rows,
            Consumer<RecoveryStepRecord> steps,
            Announcer announcer,
            Consumer<String> phases,
            Executor threads,
            Clocks clocks) {}

    /** How a command reaches a server: as {@link dev.orchestrator.spi.InstanceGateway#command}. */
    @FunctionalInterface
    public interface Commands {
        /**
         * Tells a server something and waits for its end.
         *
         * @param key the server
         * @param guard what the server checks first
         * @param command what it is told
         * @param timeout how long to wait
         * @return false when a wait has not seen what it waited for
         */
        boolean command(InstanceKey key, Guard guard, InstanceCommand command, Duration timeout);
    }

    /** How servers are read: as {@link dev.orchestrator.engine.internal.shell.discovery.FleetView#refresh}. */
    @FunctionalInterface
    public interface Readings {
        /**
         * Polls some servers now and waits for the answers.
         *
         * @param keys the servers
         * @param deadline how long to wait for all
         * @return a snapshot that contains the answers
         */
        Fleet refresh(Collection<InstanceKey> keys, Duration deadline);
    }

    /**
     * A runner for one procedure.
     *
     * @param links what it reaches out to
     */
    public ProcedureRunner(Links links) {
        this.links = links;
        this.inFlight = new InFlight(links.clocks().ticker());
        this.commander = new Commander(links.commands(), links.clocks().ticker(), links.right(), this::rightLost);
        this.reader = new FreshReader(
                links.readings(), links.clocks().readings(), links.clocks().ticker());
    }

    /**
     * {@inheritDoc}
     *
     * @param answer told at once, by the thread of the run; never, when the run is over or has lost its right
     */
    @Override
    public void stop(String why, Consumer<CancelOutcome> answer) {
        asking.add(answer);
        mailbox.add(at -> new Event.StopAsked(why, at));
    }

    @Override
    public void abandon(String why) {
        rightLost(why);
    }

    private void rightLost(String why) {
        mailbox.add(at -> new Event.RightLost(why, at));
    }

    /**
     * Runs a procedure to its end, on the calling thread.
     *
     * @param procedure the procedure
     * @param begin its first state
     * @return its last state
     */
    public State run(Procedure procedure, State begin) {
        State state = begin;
        String phase = "";
        try {
            while (state.end() == null) {
                inFlight.giveUpLate();
                state = look(state);
                String now = procedure.phase(state);
                if (!now.equals(phase)) {
                    phase = now;
                    links.phases().accept(phase);
                }
                answerWhoAsked(procedure, state);
                List<Effect> wanted = Effect.decisionFirst(procedure.next(state));
                CarryingOut turn = new CarryingOut(state);
                for (Effect effect : wanted) {
                    state = effect.match(turn);
                }
                if (wanted.isEmpty() && !state.isAwaiting()) {
                    throw new IllegalStateException(
                            "stuck in phase '" + phase + "': nothing is wanted, in flight or due");
                }
                if (!turn.folded) {
                    state = await(state, turn.wake);
                }
            }
            return state;
        } finally {
            if (inFlight.await() || interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whoever lost the right sends nothing more, whether or not something was to be sent. */
    private State look(State state) {
        if (state.rightLost() != null) {
            return state;
        }
        try {
            links.right().check();
            return state;
        } catch (OrchestratorException e) {
            String why = Objects.requireNonNullElse(e.getMessage(), e.code().name());
            return state.fold(new Event.RightLost(why, now()));
        }
    }

    private void answerWhoAsked(Procedure procedure, State state) {
        while (state.stopAsked() != null && state.rightLost() == null && !asking.isEmpty()) {
            asking.remove().accept(procedure.whenStopped(state));
        }
    }

    /** Waits for something to happen, then takes all that has happened. */
    private State await(State before, Duration atMost) {
        State state = before;
        try {
            Function<Moment, Event> next = mailbox.poll(Math.max(1, atMost.toNanos()), TimeUnit.NANOSECONDS);
            if (next == null) {
                return state.fold(new Event.Woke(now()));
            }
            while (next != null) {
                Event event = next.apply(now());
                if (event instanceof Event.StepEnded ended) {
                    links.rows().ended(ended.run(), ended.result(), now()).ifPresent(links.steps());
                }
                state = state.fold(event);
                next = mailbox.poll();
            }
            return state;
        } catch (InterruptedException e) {
            interrupted = true;
            return state.fold(new Event.StopAsked("interrupted", now()));
        }
    }

    /** Carries out what is wanted in one turn; the end of what takes time is posted. */
    private final class CarryingOut implements Effect.Cases<State> {
        private State state;
        private Duration wake = LOOK;
        /** Whether something is to be asked for at once, as the state is another one without anything having happened. */
        private boolean folded;

        CarryingOut(State state) {
            this.state = state;
        }

        private State fold(Event event) {
            state = state.fold(event);
            return state;
        }

        @Override
        public State decide(Effect.Decide e) {
            folded = true;
            e.notes().forEach(n -> links.steps().accept(links.rows().note(n, now())));
            return fold(new Event.Decided(e.fact(), now()));
        }

        @Override
        public State run(Effect.Run e) {
            links.rows().begun(e, now()).ifPresent(links.steps());
            begin(
                    e.step().describe(),
                    e.step().timeout(),
                    () -> {
                        StepResult result = commander.send(e.step());
                        return at -> new Event.StepEnded(e, result, at);
                    },
                    at -> new Event.StepEnded(e, StepResult.unknown("nobody knows whether it was carried out"), at));
            return fold(new Event.StepBegun(e, now()));
        }

        @Override
        public State read(Effect.Read e) {
            state = ProcedureRunner.this.read(e.server(), e.patience(), state);
            return state;
        }

        @Override
        public State save(Effect.Save e) {
            begin(
                    "write the record",
                    RECORD,
                    () -> {
                        RecordPort.Saved saved = links.record().save(e);
                        return at -> new Event.SaveEnded(e.version(), saved.outcome(), saved.words(), at);
                    },
                    at -> new Event.SaveEnded(e.version(), Event.Saving.UNKNOWN, "no answer", at));
            return fold(new Event.SaveBegun(e.version(), now()));
        }

        @Override
        public State tell(Effect.Tell e) {
            links.announcer().tell(e.what(), state);
            return fold(new Event.Told(e.what(), now()));
        }

        @Override
        public State finish(Effect.Finish e) {
            folded = true;
            return fold(new Event.Ended(e.end(), now()));
        }

        @Override
        public State wake(Effect.Wake e) {
            wake = e.in().compareTo(wake) < 0 ? e.in() : wake;
            return state;
        }
    }

    private State read(InstanceKey key, Duration patience, State state) {
        long asked = links.clocks().nanos();
        FleetMember known = state.servers().fleet().member(key).orElseThrow();
        begin(
                "read " + key,
                patience,
                () -> {
                    FreshReader.Reading reading = reader.read(key, patience);
                    return at -> new Event.ReadEnded(key, reading.member(), reading.begunNanos(), at);
                },
                // What was seen before is no answer: a reading that was not made finds the server silent.
                at -> new Event.ReadEnded(key, FreshReader.unread(known, at.at(), "it could not be read"), asked, at));
        return state.fold(new Event.ReadBegun(key, now()));
    }

    /** Begins something on another thread; whatever happens, its end is posted, once. */
    private void begin(
            String what, Duration longest, Supplier<Function<Moment, Event>> work, Function<Moment, Event> failed) {
        InFlight.Part part = inFlight.add(what, longest, () -> mailbox.add(failed));
        try {
            links.threads().execute(() -> {
                try {
                    part.begins();
                    Function<Moment, Event> end = work.get();
                    part.answer(() -> mailbox.add(end));
                } catch (RuntimeException e) {
                    log.atError().setCause(e).log("a part of a procedure failed unexpectedly");
                    part.answer(() -> mailbox.add(failed));
                } finally {
                    part.ends();
                }
            });
        } catch (RejectedExecutionException e) {
            part.ends();
            // Who cannot send anything any more cannot judge by what was not sent, and must not put anything back.
            rightLost("the engine is closed");
            mailbox.add(failed);
        }
    }

    private Moment now() {
        return links.clocks().now();
    }
}
