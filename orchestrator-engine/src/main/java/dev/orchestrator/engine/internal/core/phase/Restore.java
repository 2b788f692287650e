package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.Fleet;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts servers back to how they were, as far as the record says that this procedure changed them: a primary that handed
 * over becomes writable, who was pointed elsewhere reads from where it read, receivers that were stopped run. Nothing
 * else is touched. What fails is named.
 */
public final class Restore implements Phase {
    /** Writes are refused as long as a living primary is read-only. */
    private static final int PATIENT = 10;

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
        List<Effect> effects = new ArrayList<>(fenced(s));
        effects.addAll(writableAgain(s));
        boolean waiting = false;
        for (ServerBefore before : s.terms().before().servers()) {
            if (isSettled(s, before.key())) {
                continue;
            }
            waiting = true;
            effects.addAll(one(s, before));
        }
        if (waiting) {
            return effects;
        }
        effects.addAll(lifted(s));
        return effects.isEmpty() ? List.of(new Effect.Decide(new Fact.Passed(name()))) : effects;
    }

    /**
     * Whoever ran this before may have told writers of the successor that is not to be had now: they are told that the
     * former primary takes writes again.
     */
    private List<Effect> writableAgain(State s) {
        boolean mayBeKnown = demotes
                && s.terms().resumed()
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

    /** The fence of the server that was to be replaced ends with the record, as nobody was promoted. */
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
            return Attempt.read(s, key, Commands.READ);
        }
        Optional<Instance> server = s.answering(key)
                .filter(i ->
                        before.serverUuid().isEmpty() || before.serverUuid().equals(i.serverUuid()));
        if (server.isEmpty()) {
            boolean expected = !demotes && isReplaced(s, before);
            return settle(key, expected ? "" : "does not answer: as it was when it was last told something");
        }
        GtidSet alone = fromFallen(s, server.get());
        if (!alone.isEmpty()) {
            return settle(
                    key,
                    "holds " + alone + ", written to " + s.memory().fallen() + ", which "
                            + s.terms().primary() + " does not have: it is left alone");
        }
        Optional<Effect.Run> next = next(s, server.get(), before);
        if (next.isEmpty()) {
            return settle(key, "");
        }
        Attempt attempt = Attempt.upTo(isWritableAgain(next.get()) ? PATIENT : 2, s, next.get());
        return attempt.failed() == null ? attempt.effects() : settle(key, attempt.failed());
    }

    /** Whether this procedure, or whoever began it, may have told it something. */
    private boolean wasTouched(State s, ServerBefore before) {
        boolean resumed = s.ledger().record() != null && s.terms().resumed();
        boolean told = s.steps().keySet().stream().anyMatch(id -> id.server().equals(before.key()));
        // The fence of whoever began it may have made the server that was to be replaced read-only.
        boolean opened = demotes || !before.readOnly();
        return told || (resumed && (!isReplaced(s, before) || opened));
    }

    private static boolean isReplaced(State s, ServerBefore before) {
        return before.key().equals(s.terms().primary());
    }

    /** Whether this procedure, or a fence that belongs to it, may have made the server read-only. */
    private boolean mayHaveClosed(State s, ServerBefore before) {
        return demotes || (s.terms().resumed() && isReplaced(s, before));
    }

    private Optional<Effect.Run> next(State s, Instance server, ServerBefore before) {
        if (mayHaveClosed(s, before) && !before.readOnly() && !server.isWritable()) {
            return Optional.of(Commands.run(name(), server, new InstanceCommand.SetReadOnly(false)));
        }
        return Channels.before(s, before.key())
                .filter(ServerBefore.ChannelBefore::receiverRan)
                .flatMap(was -> server.channels().stream()
                        .filter(c -> c.name().equals(was.name()))
                        .findFirst()
                        .flatMap(now -> asItWas(s, server, now, was)));
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

    /** Only the channel that this procedure is about. */
    private Optional<Effect.Run> asItWas(
            State s, Instance server, ReplicationChannel now, ServerBefore.ChannelBefore was) {
        Fleet fleet = s.servers().fleet();
        boolean moved = !fleet.canonical(now.source()).equals(fleet.canonical(was.source()));
        if (moved) {
            return Optional.of(
                    Channels.isStopped(now)
                            ? Commands.run(name(), server, new InstanceCommand.Repoint(now.name(), was.source()))
                            : Commands.stopReceiver(name(), server, now.name()));
        }
        return Channels.isStopped(now)
                ? Optional.of(Commands.run(name(), server, new InstanceCommand.StartReceiver(now.name())))
                : Optional.empty();
    }

    private static boolean isWritableAgain(Effect.Run run) {
        return run.step().command() instanceof InstanceCommand.SetReadOnly;
    }

    private List<Effect> settle(InstanceKey key, String why) {
        String problem = why.isEmpty() ? "" : "not restored: " + key + " " + why;
        return List.of(new Effect.Decide(new Fact.Passed(passed(key), problem)));
    }
}
