package dev.orchestrator.engine.internal.core.procedure;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that a procedure knows; what comes next depends on nothing else. A value: {@link #fold} yields the next one.
 *
 * @param terms what it has been told to do
 * @param begun when it began
 * @param now when it was last told something
 * @param servers what is known of servers
 * @param steps what became of commands
 * @param ledger the record
 * @param memory what was decided
 * @param told who was told what
 * @param stopAsked why it shall stop, null when nobody asked
 * @param rightLost why nothing may be sent any more, null while it may
 * @param end how it ended, null while it has not
 */
public record State(
        Terms terms,
        Moment begun,
        Moment now,
        Servers servers,
        Map<StepId, StepState> steps,
        Ledger ledger,
        Memory memory,
        Set<Announcement> told,
        @Nullable String stopAsked,
        @Nullable String rightLost,
        Effect.@Nullable End end) {
    /**
     * A procedure at its begin.
     *
     * @param terms what it is to do
     * @param fleet a snapshot of which its servers were just read
     * @param record its record, null for an operation that keeps none; one that names a successor is resumed
     * @param now the present moment
     * @return the state
     */
    public static State begin(Terms terms, Fleet fleet, @Nullable RecoveryRecord record, Moment now) {
        return new State(
                terms,
                now,
                now,
                Servers.readAt(fleet, now.nanos()),
                Map.of(),
                Ledger.registered(record),
                Memory.EMPTY,
                Set.of(),
                null,
                null,
                null);
    }

    /**
     * The procedure of a recovery that somebody else began: the record counts as not yet written, so that it is bound to
     * the present right before anything is done.
     *
     * @param terms what it is to do
     * @param fleet a snapshot of which its servers were just read
     * @param record the record as it was left
     * @param now the present moment
     * @return the state
     */
    public static State resumed(Terms terms, Fleet fleet, RecoveryRecord record, Moment now) {
        State begin = begin(terms, fleet, record, now);
        return begin.with(Ledger.left(record));
    }

    /**
     * The state after something happened.
     *
     * @param event what happened
     * @return the next state
     */
    public State fold(Event event) {
        return event.match(new Folding(at(event.at())));
    }

    /** What each event changes, the time being noted already. */
    private final class Folding implements Event.Cases<State> {
        private final State timed;

        Folding(State timed) {
            this.timed = timed;
        }

        @Override
        public State stepBegun(Event.StepBegun e) {
            StepState before = steps.get(e.run().id());
            StepState next = before == null ? new StepState(e.at().nanos(), 1, true, null, 0) : before.begunAgain();
            return timed.with(servers.commandBegun(e.run().step().instance()))
                    .with(e.run().id(), next);
        }

        @Override
        public State stepEnded(Event.StepEnded e) {
            StepState before = Objects.requireNonNull(steps.get(e.run().id()), "ended without having begun");
            return timed.with(servers.commandEnded(
                            e.run().step().instance(), e.run().step().command(), e.result(), e.at().nanos()))
                    .with(e.run().id(), before.ended(e.result(), e.at().nanos()));
        }

        @Override
        public State readBegun(Event.ReadBegun e) {
            return timed.with(servers.readBegun(e.server()));
        }

        @Override
        public State readEnded(Event.ReadEnded e) {
            return timed.with(servers.readEnded(e.server(), e.member(), e.begunNanos(), e.at().nanos()));
        }

        @Override
        public State saveBegun(Event.SaveBegun e) {
            return timed.with(ledger.saving(e.version()));
        }

        @Override
        public State saveEnded(Event.SaveEnded e) {
            State saved = timed.with(ledger.saved(e.version(), e.outcome(), e.words(), e.at().nanos()));
            return e.outcome() == Event.Saving.REFUSED ? saved.withoutRight(e.words()) : saved;
        }

        @Override
        public State told(Event.Told e) {
            // In the order in which it was told.
            Set<Announcement> all = new LinkedHashSet<>(told);
            all.add(e.what());
            return new State(
                    terms,
                    begun,
                    e.at(),
                    servers,
                    steps,
                    ledger,
                    memory,
                    Collections.unmodifiableSet(all),
                    stopAsked,
                    rightLost,
                    end);
        }

        @Override
        public State decided(Event.Decided e) {
            return timed.decided(e.fact());
        }

        @Override
        public State stopAsked(Event.StopAsked e) {
            String why = stopAsked == null ? e.why() : stopAsked;
            return new State(terms, begun, e.at(), servers, steps, ledger, memory, told, why, rightLost, end);
        }

        @Override
        public State rightLost(Event.RightLost e) {
            return timed.withoutRight(e.why());
        }

        @Override
        public State ended(Event.Ended e) {
            return new State(terms, begun, e.at(), servers, steps, ledger, memory, told, stopAsked, rightLost, e.end());
        }

        @Override
        public State woke(Event.Woke e) {
            return timed;
        }
    }

    private State decided(Fact fact) {
        return fact.match(new Deciding());
    }

    /** What each fact changes. */
    private final class Deciding implements Fact.Cases<State> {
        @Override
        public State chosen(Fact.Chosen f) {
            return with(memory.choose(f.choice()));
        }

        @Override
        public State source(Fact.Source f) {
            return with(memory.from(f.source()));
        }

        @Override
        public State rejected(Fact.Rejected f) {
            return with(memory.reject(f.server(), f.why(), f.banned(), now.nanos()))
                    .with(ledger.unnamed().error(f.server() + " cannot take over: " + f.why()))
                    .forgetSteps(f.server());
        }

        @Override
        public State fallen(Fact.Fallen f) {
            return with(memory.reject(f.server(), f.why(), true, now.nanos()).fell(f.server()))
                    .with(ledger.changed(f.record()).error(f.why()))
                    .forgetSteps(f.server());
        }

        @Override
        public State written(Fact.Written f) {
            return with(memory.written(f.gtids()));
        }

        @Override
        public State passed(Fact.Passed f) {
            return with(memory.pass(f.phase(), now.nanos()).problem(f.problem()))
                    .with(ledger.error(f.problem()));
        }

        @Override
        public State progress(Fact.Progress f) {
            return with(memory.reached(f.server(), f.executed(), now.nanos()));
        }

        @Override
        public State promoted(Fact.Promoted f) {
            return with(memory.promoted(f.primary())).with(ledger.changed(f.record()));
        }

        @Override
        public State settled(Fact.Settled f) {
            return with(memory.settle(f.server(), f.why()).problem(f.problem())).with(ledger.error(f.problem()));
        }

        @Override
        public State recorded(Fact.Recorded f) {
            return with(f.passed().isEmpty() ? memory : memory.pass(f.passed(), now.nanos()))
                    .with(ledger.changed(f.record()));
        }

        @Override
        public State givenUp(Fact.GivenUp f) {
            return with(memory.giveUp(f.why())).with(ledger.unnamed().error(f.why()));
        }

        @Override
        public State overtaken(Fact.Overtaken f) {
            return with(memory.overtaken(f.why())).with(ledger.error(f.why()));
        }
    }

    private State withoutRight(String why) {
        String first = rightLost == null ? why : rightLost;
        return new State(terms, begun, now, servers, steps, ledger, memory, told, stopAsked, first, end);
    }

    /** What was tried to bring a rejected server forward says nothing about the next time. */
    private State forgetSteps(InstanceKey server) {
        Map<StepId, StepState> left = new HashMap<>(steps);
        left.entrySet()
                .removeIf(e -> e.getKey().server().equals(server)
                        && !e.getValue().inFlight()
                        && !e.getKey().phase().equals(PhaseNames.STOP_RECEIVERS));
        return new State(terms, begun, now, servers, Map.copyOf(left), ledger, memory, told, stopAsked, rightLost, end);
    }

    private State at(Moment moment) {
        return new State(terms, begun, moment, servers, steps, ledger, memory, told, stopAsked, rightLost, end);
    }

    private State with(Servers next) {
        return new State(terms, begun, now, next, steps, ledger, memory, told, stopAsked, rightLost, end);
    }

    private State with(Ledger next) {
        return new State(terms, begun, now, servers, steps, next, memory, told, stopAsked, rightLost, end);
    }

    private State with(Memory next) {
        return new State(terms, begun, now, servers, steps, ledger, next, told, stopAsked, rightLost, end);
    }

    private State with(StepId id, StepState step) {
        Map<StepId, StepState> all = new HashMap<>(steps);
        all.put(id, step);
        return new State(
                terms,
                begun,
                now,
                servers,
                Collections.unmodifiableMap(all),
                ledger,
                memory,
                told,
                stopAsked,
                rightLost,
                end);
    }

    /**
     * What became of a step.
     *
     * @param id the step
     * @return empty when it was never sent
     */
    public Optional<StepState> step(StepId id) {
        return Optional.ofNullable(steps.get(id));
    }

    /**
     * Whether anything is under way: a command, a reading, or the writing of the record.
     *
     * @return true while an answer is awaited
     */
    public boolean isAwaiting() {
        return steps.values().stream().anyMatch(StepState::inFlight)
                || ledger.inFlight() != 0
                || servers.isAnyBeingRead();
    }

    /**
     * A server's facts, if its last reading brought any.
     *
     * @param key the server
     * @return as it is believed to be
     */
    public Optional<Instance> answering(InstanceKey key) {
        return servers.answering(key);
    }

    /**
     * The record.
     *
     * @return as it stands
     * @throws NullPointerException for an operation that keeps none
     */
    public RecoveryRecord record() {
        return Objects.requireNonNull(ledger.record(), "this procedure keeps no record");
    }
}
