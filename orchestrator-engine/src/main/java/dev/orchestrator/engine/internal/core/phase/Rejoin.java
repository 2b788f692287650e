package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.api.model.channel.ChannelSettings;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.procedure.Announcement;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import dev.orchestrator.engine.internal.core.procedure.StepState;
import dev.orchestrator.engine.internal.core.record.DataLoss;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the former primary a replica of the new one. It follows, unless it holds something alone: then it stays parked
 * read-only, and what it holds is named. Its semi-sync sides change only here: by now everything it committed is held by
 * its successor.
 */
public final class Rejoin implements Phase {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final @Nullable ChannelSettings settings;
    private final boolean start;

    /**
     * The phase.
     *
     * @param settings how the successor's own channel connected, with the account; null when that cannot be had
     * @param start whether it replicates at once
     */
    public Rejoin(@Nullable ChannelSettings settings, boolean start) {
        this.settings = settings;
        this.start = start;
    }

    @Override
    public String name() {
        return PhaseNames.REJOIN;
    }

    @Override
    public boolean done(State s) {
        return s.memory().settled().containsKey(s.terms().primary());
    }

    @Override
    public List<Effect> wanted(State s) {
        InstanceKey key = s.terms().primary();
        Instance promoted = Objects.requireNonNull(s.memory().promoted());
        String leftAlone = s.terms().leftAlone().get(key);
        if (leftAlone != null) {
            return settle(s, leftAlone);
        }
        if (s.servers().isBeingTold(key)) {
            return List.of();
        }
        if (!s.servers().isCertain(key) || !hasPassed(s, "read")) {
            return readBoth(s, key, promoted.key());
        }
        Instance former = s.answering(key).orElse(null);
        if (former == null) {
            return settle(s, "it does not answer any more");
        }
        Optional<List<Effect>> again = demoteAgain(s, former, promoted.key());
        if (again.isPresent()) {
            return again.get();
        }
        if (!isAttached(s, former, promoted) || wasDemotedAgain(s, former)) {
            Optional<List<Effect>> alone = alone(s, former, promoted);
            if (alone.isPresent()) {
                return alone.get();
            }
        }
        return attach(s, former, promoted);
    }

    /**
     * One that was started again since it was demoted takes writes again, by its own settings: what it holds alone is
     * known only once it takes no more.
     */
    private Optional<List<Effect>> demoteAgain(State s, Instance former, InstanceKey promoted) {
        if (former.isWritable()) {
            CommandAttempt attempt = CommandAttempt.upTo(FormerPrimary.ATTEMPTS, s, FormerPrimary.demotedAgain(former));
            return Optional.of(attempt.failed() == null ? attempt.effects() : settle(s, attempt.failed()));
        }
        if (!wasDemotedAgain(s, former)) {
            return Optional.empty();
        }
        Effect.Run kill = TimedCommands.run(name(), former, new InstanceCommand.KillClients());
        if (s.step(kill.id()).isEmpty()) {
            return Optional.of(List.of(kill));
        }
        if (!s.servers().isProven(former.key())) {
            return Optional.of(CommandAttempt.read(s, former.key(), TimedCommands.READ));
        }
        return s.servers().lastReadBegun(promoted) < s.servers().lastReadEnded(former.key())
                ? Optional.of(CommandAttempt.read(s, promoted, TimedCommands.READ))
                : Optional.empty();
    }

    private boolean wasDemotedAgain(State s, Instance former) {
        return s.step(FormerPrimary.demotedAgain(former).id()).isPresent();
    }

    private static boolean hasPassed(State s, String what) {
        return s.memory().hasPassed(PhaseNames.REJOIN + " " + what);
    }

    /**
     * First the former primary, then the new one: what the one held at its reading, the other can only hold as well. The
     * new one may take long to answer, and the former one may have begun to take writes again.
     */
    private static List<Effect> readBoth(State s, InstanceKey former, InstanceKey promoted) {
        String begun = PhaseNames.REJOIN + " has begun";
        String formerRead = PhaseNames.REJOIN + " former read";
        if (!s.memory().hasPassed(begun)) {
            return List.of(new Effect.Decide(new Fact.Passed(begun)));
        }
        if (!s.servers().isCertain(former)
                || s.servers().lastReadBegun(former) < s.memory().passedAt(begun)) {
            return CommandAttempt.read(s, former, TimedCommands.READ);
        }
        if (!s.memory().hasPassed(formerRead)) {
            return List.of(new Effect.Decide(new Fact.Passed(formerRead)));
        }
        if (s.servers().isBeingRead(promoted)) {
            return FormerPrimary.watched(s);
        }
        if (s.servers().lastReadBegun(promoted) < s.memory().passedAt(formerRead)) {
            return CommandAttempt.read(s, promoted, TimedCommands.READ);
        }
        return List.of(new Effect.Decide(new Fact.Passed(PhaseNames.REJOIN + " read")));
    }

    private Optional<List<Effect>> alone(State s, Instance former, Instance promoted) {
        GtidSet held = s.answering(promoted.key()).map(Instance::executedGtids).orElse(promoted.executedGtids());
        GtidSet alone = former.executedGtids().minus(held);
        if (alone.isEmpty()) {
            return Optional.empty();
        }
        if (hasPassed(s, "compared")) {
            return Optional.of(settle(s, "it alone holds " + alone + "; it is parked read-only"));
        }
        Announcement ahead = new Announcement.Compared(fence(s), false, "it alone holds " + alone);
        if (!s.told().contains(ahead)) {
            return Optional.of(List.of(new Effect.Tell(ahead)));
        }
        DataLoss losses = new DataLoss(alone, "Only in the former primary: " + alone);
        RecoveryRecord record = s.record().toBuilder()
                .lostGtids(losses.beside(s.record().lostGtids(), held))
                .lossNote(losses.note())
                .build();
        return Optional.of(List.of(new Effect.Decide(new Fact.Recorded(record, PhaseNames.REJOIN + " compared"))));
    }

    private static Fence fence(State s) {
        return FencesOf.recovery(s).get(0);
    }

    private List<Effect> attach(State s, Instance former, Instance promoted) {
        if (!isAttached(s, former, promoted)) {
            Optional<ReplicationChannel> leftover = former.channels().stream().findFirst();
            if (leftover.isPresent()) {
                return forget(s, former, leftover.get());
            }
            if (settings == null || settings.credentials().isEmpty()) {
                return settle(s, "the account it would replicate by cannot be had");
            }
            InstanceCommand attachTo = new InstanceCommand.AttachTo(
                    promoted.key(), settings.credentials().get(), settings.options());
            CommandAttempt attach = CommandAttempt.upTo(2, s, TimedCommands.run(name(), former, attachTo));
            return attach.failed() == null ? attach.effects() : settle(s, attach.failed());
        }
        Announcement clean = new Announcement.Compared(fence(s), true, "it handed over to " + promoted.key());
        if (!s.told().contains(clean)) {
            return List.of(new Effect.Tell(clean));
        }
        Optional<Effect.Run> semiSync = semiSync(s, former, promoted);
        if (semiSync.isPresent()) {
            return List.of(semiSync.get());
        }
        ReplicationChannel channel = former.channels().get(0);
        if (!start) {
            return settle(s, "");
        }
        if (Channels.isStopped(channel) || channel.applier() == ReplicationThreadState.STOPPED) {
            CommandAttempt go = CommandAttempt.upTo(
                    2, s, TimedCommands.run(name(), former, new InstanceCommand.StartReplication(channel.name())));
            return go.failed() == null ? go.effects() : settle(s, go.failed());
        }
        return proven(s, former, channel);
    }

    private static boolean isAttached(State s, Instance former, Instance promoted) {
        return former.channels().stream().anyMatch(c -> Channels.readsFrom(s, c, promoted));
    }

    /** A channel from before it was the primary; what it received was executed long ago. */
    private List<Effect> forget(State s, Instance former, ReplicationChannel channel) {
        if (!Channels.isStopped(channel) || !former.receivedGtids().isSubsetOf(former.executedGtids())) {
            return settle(
                    s, "it has another channel, from " + channel.source() + ", that is not switched off and drained");
        }
        CommandAttempt reset = CommandAttempt.upTo(
                2, s, TimedCommands.run(name(), former, new InstanceCommand.ResetReplication(channel.name())));
        return reset.failed() == null ? reset.effects() : settle(s, reset.failed());
    }

    private Optional<Effect.Run> semiSync(State s, Instance former, Instance promoted) {
        SemiSyncState own = former.semiSync();
        boolean acknowledges = own.replicaEnabled()
                || s.terms()
                        .before()
                        .of(promoted.key())
                        .filter(b -> b.semiSyncReplica())
                        .isPresent();
        boolean differs = own.available() && (own.sourceEnabled() || acknowledges != own.replicaEnabled());
        Effect.Run run = TimedCommands.run(name(), former, new InstanceCommand.SetSemiSync(false, acknowledges));
        return differs && s.step(run.id()).isEmpty() ? Optional.of(run) : Optional.empty();
    }

    private List<Effect> proven(State s, Instance former, ReplicationChannel channel) {
        InstanceKey key = former.key();
        Instance promoted = Objects.requireNonNull(s.memory().promoted());
        Effect.Run await = TimedCommands.run(name(), former, new InstanceCommand.AwaitReceiver(channel.name()));
        StepState waited = s.step(await.id()).orElse(null);
        if (waited == null) {
            return List.of(await);
        }
        if (waited.endedWith(StepResult.Kind.FAILED)) {
            return settle(s, waited.words());
        }
        if (!s.servers().isProven(key)) {
            return CommandAttempt.read(s, key, TimedCommands.READ);
        }
        boolean follows = channel.receiver() == ReplicationThreadState.RUNNING
                && Channels.readsFrom(s, channel, promoted)
                && former.readOnly();
        if (follows) {
            return settle(s, "");
        }
        long since = s.steps().entrySet().stream()
                .filter(e ->
                        e.getKey().phase().equals(name()) && e.getKey().server().equals(key))
                .map(java.util.Map.Entry::getValue)
                .mapToLong(StepState::lastEnded)
                .max()
                .orElse(s.begun().nanos());
        if (s.now().since(since).compareTo(PATIENCE) > 0) {
            return settle(
                    s,
                    "its receiver is " + channel.receiver() + " from " + channel.source() + " "
                            + channel.lastReceiverError());
        }
        Duration rest = PAUSE.minus(s.now().since(s.servers().lastReadEnded(key)));
        return rest.isNegative() || rest.isZero()
                ? CommandAttempt.read(s, key, TimedCommands.READ)
                : List.of(new Effect.Wake(rest));
    }

    private List<Effect> settle(State s, String why) {
        InstanceKey key = s.terms().primary();
        InstanceKey to = Objects.requireNonNull(s.memory().promoted()).key();
        if (why.isEmpty()) {
            String text = start ? "read back: it replicates from " + to : "it is a replica of " + to + ", not started";
            return List.of(new Effect.Decide(new Fact.Settled(key, "", ""), PhaseNames.VERIFY, key, text));
        }
        String text = "does not replicate from " + to + ": " + why;
        return List.of(new Effect.Decide(new Fact.Settled(key, why, key + " " + text), name(), key, text));
    }
}
