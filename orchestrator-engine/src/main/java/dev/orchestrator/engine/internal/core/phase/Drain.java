package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.candidate.Choice;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Memory;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import dev.orchestrator.engine.internal.core.procedure.StepState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Brings the chosen replica to hold and to have executed all that was received: by another server, where only that one
 * received it, and by its own applier. Ends only when a reading taken after its receiver has stopped proves it.
 */
public final class Drain implements Phase {
    /** One wait; all of them are one step of the record. */
    static final Duration SLICE = Duration.ofSeconds(1);

    /** A candidate that makes no progress for this long gives way to another one that has received as much. */
    private static final Duration STALL = Duration.ofSeconds(3);

    @Override
    public String name() {
        return PhaseNames.DRAIN;
    }

    @Override
    public boolean done(State s) {
        Choice choice = s.memory().choice();
        if (Succession.isNamed(s)) {
            return true;
        }
        if (choice == null || choice.chosen() == null) {
            return false;
        }
        return s.servers().isProven(choice.chosen())
                && s.answering(choice.chosen())
                        .filter(i -> target(choice, i).isSubsetOf(i.executedGtids()) && isStopped(s, i))
                        .isPresent();
    }

    private static GtidSet target(Choice choice, Instance chosen) {
        return choice.target().union(chosen.receivedGtids());
    }

    private static boolean isStopped(State s, Instance i) {
        return Channels.moved(s, i.key()).map(Channels::isStopped).orElse(true);
    }

    @Override
    public List<Effect> wanted(State s) {
        Choice choice = Objects.requireNonNull(s.memory().choice());
        InstanceKey key = Objects.requireNonNull(choice.chosen());
        if (!s.servers().isCertain(key) && !s.servers().isBeingTold(key)) {
            return CommandAttempt.read(s, key, TimedCommands.READ);
        }
        Instance chosen = s.answering(key).orElse(null);
        if (chosen == null) {
            return Decisions.reject(key, "does not answer any more", true);
        }
        InstanceKey source = choice.catchUpFrom();
        boolean lacks = source != null
                && !choice.target().isSubsetOf(chosen.receivedGtids())
                && !choice.target().isSubsetOf(chosen.executedGtids());
        if (source != null && lacks) {
            List<Effect> follow = beginCatchUp(s, chosen, source);
            if (!follow.isEmpty() || s.servers().isBeingTold(key) && !isWaiting(s, choice, chosen)) {
                return follow;
            }
        }
        return target(choice, chosen).isSubsetOf(chosen.executedGtids())
                ? verify(s, chosen)
                : execute(s, choice, chosen);
    }

    private static boolean isWaiting(State s, Choice choice, Instance chosen) {
        return s.step(await(choice, chosen, target(choice, chosen)).id())
                .filter(StepState::inFlight)
                .isPresent();
    }

    /** Points the chosen one at who has what it lacks; empty once that is done. */
    private static List<Effect> beginCatchUp(State s, Instance chosen, InstanceKey source) {
        Instance giver = s.answering(source).orElse(null);
        ReplicationChannel channel = Channels.moved(s, chosen.key()).orElse(null);
        if (giver == null || channel == null) {
            return Decisions.reject(chosen.key(), source + ", which it was to catch up from, is gone", false);
        }
        CommandAttempt attempt = null;
        // With a standing applier the relay log would be thrown away by the move.
        Optional<Effect> applier = startApplier(s, PhaseNames.CATCH_UP, chosen);
        if (applier.isPresent()) {
            return List.of(applier.get());
        }
        if (s.servers().isBeingTold(chosen.key())) {
            return List.of();
        }
        if (!Channels.readsFrom(s, channel, giver)) {
            attempt = CommandAttempt.once(
                    s,
                    TimedCommands.run(
                            PhaseNames.CATCH_UP, chosen, new InstanceCommand.Repoint(channel.name(), giver.key())));
        } else if (Channels.isStopped(channel)) {
            attempt = CommandAttempt.once(
                    s,
                    TimedCommands.run(PhaseNames.CATCH_UP, chosen, new InstanceCommand.StartReceiver(channel.name())));
        }
        if (attempt == null) {
            return List.of();
        }
        if (attempt.failed() != null) {
            return Decisions.reject(chosen.key(), "cannot be caught up from " + source + ": " + attempt.failed(), true);
        }
        List<Effect> effects = new ArrayList<>(attempt.effects());
        startApplier(s, PhaseNames.CATCH_UP, giver).ifPresent(effects::add);
        return effects;
    }

    /** Starts the applier of a server that must execute something, if it stands still without an error; once. */
    static Optional<Effect> startApplier(State s, String phase, Instance instance) {
        return Channels.moved(s, instance.key())
                .filter(c -> c.applier() == ReplicationThreadState.STOPPED && c.lastApplierErrno() == 0)
                .map(c -> TimedCommands.run(phase, instance, new InstanceCommand.StartApplier(c.name())))
                .filter(run -> s.step(run.id()).isEmpty())
                .map(run -> run);
    }

    private List<Effect> execute(State s, Choice choice, Instance chosen) {
        List<Effect> effects = new ArrayList<>();
        startApplier(s, PhaseNames.DRAIN, chosen).ifPresent(effects::add);
        Effect.Run await = await(choice, chosen, target(choice, chosen));
        StepState waited = s.step(await.id()).orElse(null);
        if (waited == null) {
            effects.add(await);
            return effects;
        }
        if (waited.inFlight()) {
            return effects;
        }
        List<InstanceKey> looked = new ArrayList<>(List.of(chosen.key()));
        if (choice.catchUpFrom() != null) {
            looked.add(choice.catchUpFrom());
        }
        List<Effect> look = look(s, looked, waited.lastEnded());
        if (!look.isEmpty()) {
            return look;
        }
        List<Effect> futile = futile(s, choice, chosen, waited);
        return futile.isEmpty() ? List.of(await) : futile;
    }

    private static Effect.Run await(Choice choice, Instance chosen, GtidSet target) {
        String phase = choice.catchUpFrom() == null ? PhaseNames.DRAIN : PhaseNames.CATCH_UP;
        String words = "wait until it has executed all that was received, "
                + target.minus(chosen.executedGtids()).count() + " transactions"
                + (choice.catchUpFrom() == null ? "" : ", with the help of " + choice.catchUpFrom());
        return TimedCommands.named(
                TimedCommands.run(phase, chosen, new InstanceCommand.AwaitExecuted(target), SLICE, false), words);
    }

    /** After each wait, the servers it depends on are read, and the failed primary gets a glance. */
    private static List<Effect> look(State s, List<InstanceKey> servers, long since) {
        List<Effect> effects = new ArrayList<>();
        for (InstanceKey key : servers) {
            if (s.servers().lastReadBegun(key) < since) {
                effects.addAll(CommandAttempt.read(s, key, TimedCommands.READ));
            }
        }
        InstanceKey primary = s.terms().primary();
        if (s.servers().lastReadBegun(primary) < since) {
            effects.addAll(CommandAttempt.read(s, primary, TimedCommands.GLANCE));
        }
        boolean underWay = servers.stream().anyMatch(k -> s.servers().isBeingRead(k))
                || s.servers().isBeingRead(primary);
        return effects.isEmpty() && underWay ? List.of(new Effect.Wake(SLICE)) : effects;
    }

    /** Why waiting makes no sense any more; empty when it does. */
    private List<Effect> futile(State s, Choice choice, Instance chosen, StepState waited) {
        InstanceKey key = chosen.key();
        if (ChooseSuccessor.isBack(s)) {
            return Decisions.giveUp(s.terms().primary() + " answers again");
        }
        InstanceKey source = choice.catchUpFrom();
        if (source != null && s.answering(source).isEmpty()) {
            return Decisions.reject(key, source + ", which it was to catch up from, is gone", false);
        }
        String givers = source == null ? "" : brokenApplier(s, source);
        if (!givers.isEmpty()) {
            return Decisions.reject(
                    key, "the applier of " + source + ", which it was to catch up from, broke: " + givers, false);
        }
        if (waited.endedWith(StepResult.Kind.FAILED)) {
            return Decisions.reject(key, waited.words(), true);
        }
        String own = brokenApplier(s, key);
        if (!own.isEmpty()) {
            return Decisions.reject(key, "its applier broke: " + own, true);
        }
        Memory.Reached before = s.memory().reached(key);
        if (before == null || !before.executed().equals(chosen.executedGtids())) {
            return List.of(new Effect.Decide(new Fact.Progress(key, chosen.executedGtids())));
        }
        Duration timeout = s.terms().config().drainTimeout();
        if (s.now().since(waited.firstBegun()).compareTo(timeout) > 0) {
            return Decisions.giveUp(key + " has not executed all it received within " + timeout.toSeconds() + " s");
        }
        boolean stalls = s.now().since(before.since()).compareTo(STALL) > 0;
        if (stalls && ChooseSuccessor.hasAlternative(s, choice)) {
            return Decisions.reject(
                    key,
                    "its applier stands still, "
                            + target(choice, chosen)
                                    .minus(chosen.executedGtids())
                                    .count()
                            + " transactions before the end, and another replica has received as much",
                    true);
        }
        return List.of();
    }

    /** With what the applier of a server has ended; empty when it has not. */
    private static String brokenApplier(State s, InstanceKey key) {
        return Channels.moved(s, key)
                .filter(c -> c.lastApplierErrno() != 0 && c.applier() != ReplicationThreadState.RUNNING)
                .map(c -> c.lastApplierErrno() + " " + c.lastApplierError())
                .orElse("");
    }

    private static List<Effect> verify(State s, Instance chosen) {
        ReplicationChannel channel = Channels.moved(s, chosen.key()).orElse(null);
        if (channel != null && !Channels.isStopped(channel)) {
            CommandAttempt stop =
                    CommandAttempt.upTo(2, s, TimedCommands.stopReceiver(PhaseNames.CATCH_UP, chosen, channel.name()));
            return stop.failed() == null
                    ? stop.effects()
                    : Decisions.reject(
                            chosen.key(), "its receiver cannot be stopped after catching up: " + stop.failed(), true);
        }
        return CommandAttempt.read(s, chosen.key(), TimedCommands.READ);
    }
}
