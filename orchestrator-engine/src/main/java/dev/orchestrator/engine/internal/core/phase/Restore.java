package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.ServerBefore;
import dev.orchestrator.engine.internal.core.procedure.Announcement;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts servers back to how they were, as far as the record says that this procedure changed them: a primary that handed
 * over becomes writable, who was pointed elsewhere reads from where it read, receivers that were stopped run. Nothing
 * else is touched. What fails is named.
 */
public final class Restore implements Phase {
    private static final String BEGUN = PhaseNames.RESTORE + " has begun";

    /** Writes are refused as long as a living primary is read-only. */
    private static final int PATIENT = 10;

    /** A demoted primary that does not answer now would be read-only for good if nobody waited for it. */
    private static final Duration PRIMARY_PATIENCE = Duration.ofSeconds(60);

    /** One late reading is no silence; one that is away for longer is another failure, for detection to find. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Nobody listens at its port, reading after reading: its process is gone, and another one will know nothing of us. */
    private static final int REFUSALS = 3;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    private final boolean demotes;

    /**
     * The phase.
     *
     * @param demotes whether the procedure makes a living primary read-only
     */
    public Restore(boolean demotes) {
        this.demotes = demotes;
    }

    @Override
    public String name() {
        return PhaseNames.RESTORE;
    }

    @Override
    public boolean done(State s) {
        return s.memory().hasPassed(name());
    }

    @Override
    public List<Effect> wanted(State s) {
        if (!s.memory().hasPassed(BEGUN)) {
            return List.of(new Effect.Decide(new Fact.Passed(BEGUN)));
        }
        List<Effect> effects = new ArrayList<>(fenced(s));
        effects.addAll(lifted(s));
        effects.addAll(writableAgain(s));
        boolean waiting = false;
        for (ServerBefore before : s.terms().before().servers()) {
            if (isSettled(s, before.key())) {
                continue;
            }
            waiting = true;
            effects.addAll(one(s, before));
        }
        return !waiting && effects.isEmpty() ? List.of(new Effect.Decide(new Fact.Passed(name()))) : effects;
    }

    /**
     * Whoever ran this before may have told writers of the successor that is not to be had now: they are told that the
     * former primary takes writes again.
     */
    private List<Effect> writableAgain(State s) {
        boolean mayBeKnown = s.terms().resumed()
                && (s.memory().fallen() != null || s.record().promotedAt() != null);
        InstanceKey primary = s.terms().primary();
        boolean told = s.told().stream().anyMatch(Announcement.Promoted.class::isInstance);
        return !mayBeKnown || told || !isSettled(s, primary)
                ? List.of()
                : s.answering(primary)
                        .filter(Instance::isWritable)
                        .map(p -> List.<Effect>of(new Effect.Tell(new Announcement.Promoted(p))))
                        .orElse(List.of());
    }

    /** A successor that died and may be writable stays fenced. */
    private static List<Effect> fenced(State s) {
        return s.ledger().record() == null
                ? List.of()
                : FencesOf.recovery(s).stream()
                        .map(Announcement.Fenced::new)
                        .filter(f -> !s.told().contains(f))
                        .<Effect>map(Effect.Tell::new)
                        .toList();
    }

    /**
     * The fence of the server that was to be replaced has ended with its name in the record, as nobody was promoted. It is
     * lifted first: nobody is to close behind us what is opened here.
     */
    private static List<Effect> lifted(State s) {
        List<Effect> effects = new ArrayList<>();
        for (Announcement told : s.told()) {
            if (told instanceof Announcement.Fenced fenced && isOfReplaced(s, fenced.fence())) {
                Announcement lifted = new Announcement.Lifted(
                        fenced.fence(), "its recovery was given up before anybody was promoted");
                if (!s.told().contains(lifted)) {
                    effects.add(new Effect.Tell(lifted));
                }
            }
        }
        return effects;
    }

    private static boolean isOfReplaced(State s, Fence fence) {
        return fence.serverUuid().equals(s.record().failedUuid());
    }

    private static boolean isSettled(State s, InstanceKey key) {
        return s.memory().hasPassed(passed(key));
    }

    private static String passed(InstanceKey key) {
        return PhaseNames.RESTORE + " " + key;
    }

    private List<Effect> one(State s, ServerBefore before) {
        InstanceKey key = before.key();
        if (s.servers().isBeingTold(key)) {
            return List.of();
        }
        if (!wasTouched(s, before)) {
            return settle(key, "");
        }
        if (!s.servers().isCertain(key)
                || s.servers().lastReadBegun(key) <= s.begun().nanos()) {
            return CommandAttempt.read(s, key, TimedCommands.READ);
        }
        Instance server = s.answering(key).orElse(null);
        if (server == null) {
            return silent(s, before);
        }
        if (!before.serverUuid().isEmpty() && !before.serverUuid().equals(server.serverUuid())) {
            return settle(key, "is another server now, " + server.serverUuid() + ": it is left alone");
        }
        GtidSet alone = fromFallen(s, server);
        if (!alone.isEmpty()) {
            return settle(
                    key,
                    "holds " + alone + ", written to " + s.memory().fallen() + ", which "
                            + s.terms().primary() + " does not have: it is left alone");
        }
        Optional<Effect.Run> next = next(s, server, before);
        if (next.isEmpty()) {
            return asBefore(s, server, before);
        }
        CommandAttempt attempt = CommandAttempt.upTo(isWritableAgain(next.get()) ? PATIENT : 2, s, next.get());
        return attempt.failed() == null ? attempt.effects() : settle(key, attempt.failed());
    }

    /** One that was told something is waited for: only when it answers can be seen what is to be put back. */
    private List<Effect> silent(State s, ServerBefore before) {
        InstanceKey key = before.key();
        boolean failed = !demotes && isReplaced(s, before);
        if (failed && !wasBack(s)) {
            return settle(key, "");
        }
        boolean gone = s.servers().refusedInARow(key) >= REFUSALS;
        Duration patience = demotes && isReplaced(s, before) && !gone ? PRIMARY_PATIENCE : PATIENCE;
        long since = Math.max(s.servers().silentSince(key), s.memory().passedAt(BEGUN));
        boolean lookedFor =
                s.servers().silentInARow(key) >= REFUSALS && !s.servers().isBeingRead(key);
        if (lookedFor && s.now().since(since).compareTo(patience) >= 0) {
            return settle(
                    key,
                    failed && !mayHaveClosed(s, before)
                            ? ""
                            : "does not answer: as it was when it was last told something");
        }
        Duration rest = BETWEEN_LOOKS.minus(s.now().since(s.servers().lastReadEnded(key)));
        return rest.isNegative() || rest.isZero()
                ? CommandAttempt.read(s, key, TimedCommands.READ)
                : List.of(new Effect.Wake(rest));
    }

    /** Whether the failed server has answered since its recovery began. */
    private static boolean wasBack(State s) {
        return s.servers()
                .fleet()
                .member(s.terms().primary())
                .map(FleetMember::lastSeen)
                .filter(seen -> seen.isAfter(
                        s.ledger().record() == null
                                ? s.begun().at()
                                : s.record().startedAt()))
                .isPresent();
    }

    /** Whether this procedure, or whoever began it, may have told it something. */
    private boolean wasTouched(State s, ServerBefore before) {
        boolean resumed = s.ledger().record() != null && s.terms().resumed();
        boolean told = s.servers().wasTold(before.key());
        // The fence of whoever began it may have made the server that was to be replaced read-only.
        boolean opened = demotes || !before.readOnly();
        return told || (resumed && (!isReplaced(s, before) || opened));
    }

    private static boolean isReplaced(State s, ServerBefore before) {
        return before.key().equals(s.terms().primary());
    }

    /**
     * Whether this procedure, or a fence that belongs to it, may have made the server read-only. Of all others, one that is
     * read-only now was closed for a reason of its own: a successor that fell bears a fence.
     */
    private boolean mayHaveClosed(State s, ServerBefore before) {
        boolean fenced = s.terms().resumed()
                && s.ledger().record() != null
                && s.record().type().promotes();
        return isReplaced(s, before) && (demotes || fenced);
    }

    private Optional<Effect.Run> next(State s, Instance server, ServerBefore before) {
        Optional<ReplicationChannel> added = added(s, server, before);
        Optional<ReplicationChannel> receiving = added.filter(c -> !Channels.isStopped(c));
        if (receiving.isPresent()) {
            return Optional.of(
                    TimedCommands.stopReceiver(name(), server, receiving.get().name()));
        }
        if (mayHaveClosed(s, before) && !before.readOnly() && !server.isWritable()) {
            return Optional.of(TimedCommands.run(name(), server, new InstanceCommand.SetReadOnly(false)));
        }
        Optional<InstanceCommand> forgotten =
                added.filter(c -> left(server).isEmpty()).map(c -> new InstanceCommand.ResetReplication(c.name()));
        return forgotten
                .map(c -> TimedCommands.run(name(), server, c, TimedCommands.TIMEOUT, true))
                .or(() -> (demotes && isReplaced(s, before)
                                ? SemiSyncBack.onAgain(server, before)
                                : SemiSyncBack.next(s, server))
                        .or(() -> ChannelsBack.next(s, server))
                        .map(c -> TimedCommands.run(name(), server, c)));
    }

    /** By which a primary that handed over was made to follow its successor already. */
    private Optional<ReplicationChannel> added(State s, Instance server, ServerBefore before) {
        return server.channels().stream()
                .filter(c -> demotes && isReplaced(s, before))
                .filter(c -> before.channel(c.name()).isEmpty())
                .findFirst();
    }

    private static GtidSet left(Instance server) {
        return server.receivedGtids().minus(server.executedGtids());
    }

    /** What no command brings back. */
    private String lost(State s, Instance server, ServerBefore before) {
        return added(s, server, before)
                .map(c -> "still knows " + c.source() + ", from which it has received and not executed " + left(server))
                .orElseGet(() -> ChannelsBack.lost(s, server));
    }

    /**
     * What a replica received from a successor that fell, and the server it is to follow again does not have: perhaps
     * the only copy there is.
     */
    private static GtidSet fromFallen(State s, Instance server) {
        InstanceKey key = s.memory().fallen();
        Instance fallen = key == null ? null : s.servers().fleet().instance(key).orElse(null);
        Instance primary = s.answering(s.terms().primary()).orElse(null);
        boolean follows = fallen != null && server.channels().stream().anyMatch(c -> Channels.readsFrom(s, c, fallen));
        return follows && primary != null ? server.receivedGtids().minus(primary.executedGtids()) : GtidSet.empty();
    }

    private static boolean isWritableAgain(Effect.Run run) {
        return run.step().command() instanceof InstanceCommand.SetReadOnly;
    }

    private List<Effect> asBefore(State s, Instance server, ServerBefore before) {
        String lost = lost(s, server, before);
        Optional<String> running = lost.isEmpty() ? ChannelsBack.leftRunning(s, server) : Optional.empty();
        return running.map(note -> List.<Effect>of(
                        new Effect.Decide(new Fact.Passed(passed(server.key())), name(), server.key(), note)))
                .orElseGet(() -> settle(server.key(), lost));
    }

    private List<Effect> settle(InstanceKey key, String why) {
        String problem = why.isEmpty() ? "" : "not restored: " + key + " " + why;
        return List.of(new Effect.Decide(new Fact.Passed(passed(key), problem)));
    }
}
