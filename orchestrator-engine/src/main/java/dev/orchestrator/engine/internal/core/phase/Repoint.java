package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepId;
import dev.orchestrator.engine.internal.core.procedure.StepState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Lets the others replicate from a server, side by side, each at its own pace. Only the receiver is touched: what was
 * received and is not applied yet survives, and a delayed replica stays delayed. A replica that holds transactions which
 * the new source does not have is left alone and reported: following would hide them.
 */
public final class Repoint implements Phase {
    private static final InstanceCommand STOP = new InstanceCommand.StopReceiver("");
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(6);
    private static final Duration RUNNING_PATIENCE = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

    private final Function<State, Instance> source;
    private final boolean hidesNothing;

    private Repoint(Function<State, Instance> source, boolean hidesNothing) {
        this.source = source;
        this.hidesNothing = hidesNothing;
    }

    /**
     * Below a server that takes another one's place.
     *
     * @param source from whom they are to replicate, once that is decided; with what it has executed
     * @return the phase; who holds what the new source does not have is left alone
     */
    public static Repoint belowSuccessor(Function<State, Instance> source) {
        return new Repoint(source, true);
    }

    /**
     * Below a living server, by an operator's order.
     *
     * @param source from whom they are to replicate
     * @return the phase; a replica that is ahead of its new source waits for it
     */
    public static Repoint below(Function<State, Instance> source) {
        return new Repoint(source, false);
    }

    @Override
    public String name() {
        return PhaseNames.REPOINT;
    }

    @Override
    public boolean done(State s) {
        return others(s).stream().allMatch(k -> s.memory().settled().containsKey(k));
    }

    private List<InstanceKey> others(State s) {
        InstanceKey from = source.apply(s).key();
        return s.terms().followers().stream().filter(k -> !k.equals(from)).toList();
    }

    @Override
    public List<Effect> wanted(State s) {
        Instance from = source.apply(s);
        if (!s.memory().hasPassed(begun())) {
            return List.of(new Effect.Decide(new Fact.Passed(begun())));
        }
        List<Effect> effects = new ArrayList<>(FormerPrimary.watched(s));
        for (InstanceKey key : others(s)) {
            if (!s.memory().settled().containsKey(key)) {
                effects.addAll(one(s, key, from));
            }
        }
        return effects;
    }

    private List<Effect> one(State s, InstanceKey key, Instance from) {
        String leftAlone = s.terms().leftAlone().get(key);
        if (leftAlone != null) {
            return settle(key, from, leftAlone);
        }
        if (s.servers().isBeingTold(key)) {
            return hangs(s, key, from);
        }
        if (mustBeRead(s, key)) {
            return CommandAttempt.read(s, key, s.answering(key).isEmpty() ? TimedCommands.GLANCE : TimedCommands.READ);
        }
        Instance replica = s.answering(key).orElse(null);
        ReplicationChannel channel = Channels.moved(s, key).orElse(null);
        if (replica == null) {
            return settle(key, from, "does not answer");
        }
        if (channel == null) {
            return settle(key, from, "replicates from nobody");
        }
        if (Channels.readsFrom(s, channel, from) && !Channels.isStopped(channel)) {
            return proven(s, replica, channel, from);
        }
        if (!channel.autoPosition()) {
            return settle(key, from, "does not replicate by GTID auto-position");
        }
        GtidSet ahead = new Heritage(s).received(replica).minus(executed(s, from));
        if (hidesNothing && !ahead.isEmpty()) {
            String why = "holds transactions of " + s.terms().primary() + " that " + from.key() + " does not have: ";
            return settle(key, from, why + ahead);
        }
        return follow(s, replica, channel, from);
    }

    private String begun() {
        return name() + " has begun";
    }

    /**
     * What a replica holds is compared only by a reading that began after its receiver had stopped; and one that did not
     * answer before is asked once more.
     */
    private boolean mustBeRead(State s, InstanceKey key) {
        boolean moving = s.steps().keySet().stream()
                .anyMatch(id -> id.server().equals(key)
                        && id.phase().equals(name())
                        && !id.what().equals(STOP.describe()));
        boolean old = s.servers().lastReadBegun(key) <= s.begun().nanos();
        boolean silent = s.answering(key).isEmpty()
                && s.servers().lastReadBegun(key) < s.memory().passedAt(begun());
        return !s.servers().isCertain(key)
                || old
                || silent
                || (!moving && !s.servers().isProven(key));
    }

    /** What the source has executed, by its latest reading. */
    private static GtidSet executed(State s, Instance from) {
        return from.executedGtids()
                .union(s.answering(from.key()).map(Instance::executedGtids).orElse(GtidSet.empty()));
    }

    private List<Effect> hangs(State s, InstanceKey key, Instance from) {
        Duration longest = Duration.ZERO;
        for (StepState step : s.steps().entrySet().stream()
                .filter(e -> e.getKey().server().equals(key) && e.getValue().inFlight())
                .map(java.util.Map.Entry::getValue)
                .toList()) {
            Duration since = s.now().since(step.firstBegun());
            longest = since.compareTo(longest) > 0 ? since : longest;
        }
        Duration left = STOP_PATIENCE.multipliedBy(2).minus(longest);
        return left.isNegative() || left.isZero()
                ? settle(key, from, "a command to it does not end")
                : List.of(new Effect.Wake(left));
    }

    private List<Effect> follow(State s, Instance replica, ReplicationChannel channel, Instance from) {
        Effect.Run run;
        if (!Channels.isStopped(channel)) {
            run = TimedCommands.stopReceiver(name(), replica, channel.name());
        } else if (!Channels.readsFrom(s, channel, from)) {
            run = TimedCommands.run(name(), replica, new InstanceCommand.Repoint(channel.name(), from.key()));
        } else {
            run = TimedCommands.run(name(), replica, new InstanceCommand.StartReceiver(channel.name()));
        }
        CommandAttempt attempt = CommandAttempt.upTo(2, s, run);
        return attempt.failed() == null ? attempt.effects() : settle(replica.key(), from, attempt.failed());
    }

    /** Done only when a reading taken after the last command shows that it runs. */
    private List<Effect> proven(State s, Instance replica, ReplicationChannel channel, Instance from) {
        InstanceKey key = replica.key();
        if (channel.receiver() == ReplicationThreadState.RUNNING && s.servers().isProven(key)) {
            return settle(key, from, "");
        }
        StepState started = s.step(
                        new StepId(name(), key, new InstanceCommand.StartReceiver(channel.name()).describe()))
                .orElse(null);
        long since = started == null ? s.begun().nanos() : started.lastEnded();
        Duration waited = s.now().since(since);
        if (waited.compareTo(RUNNING_PATIENCE) > 0 && s.servers().isProven(key)) {
            return settle(
                    key,
                    from,
                    "its receiver is " + channel.receiver() + " from " + channel.source() + " "
                            + channel.lastReceiverError());
        }
        Duration pause = waited.compareTo(FIRST_PAUSE.multipliedBy(5)) < 0
                ? FIRST_PAUSE
                : waited.dividedBy(4).compareTo(LONGEST_PAUSE) < 0 ? waited.dividedBy(4) : LONGEST_PAUSE;
        Duration rest = s.servers().isProven(key)
                ? pause.minus(s.now().since(s.servers().lastReadEnded(key)))
                : Duration.ZERO;
        return rest.isNegative() || rest.isZero()
                ? CommandAttempt.read(s, key, TimedCommands.READ)
                : List.of(new Effect.Wake(rest));
    }

    private List<Effect> settle(InstanceKey key, Instance from, String why) {
        if (why.isEmpty()) {
            return List.of(new Effect.Decide(
                    new Fact.Settled(key, "", ""),
                    PhaseNames.VERIFY,
                    key,
                    "read back: it replicates from " + from.key()));
        }
        String text = "does not replicate from " + from.key() + ": " + why;
        return List.of(new Effect.Decide(new Fact.Settled(key, why, key + " " + text), name(), key, text));
    }
}
