package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.candidate.Choice;
import dev.orchestrator.engine.internal.core.procedure.Announcement;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.record.DataLoss;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes the named successor the primary: its semi-sync side first, then writable, then nobody's replica. Writers are told
 * when its commands have worked, {@link ConfirmWritable} reads it back: a reading costs them a wait. One that does not answer is waited for: it may be writable. Only when it is confirmed dead is another one
 * chosen, with a fence on this one.
 */
public final class Promote implements Phase {
    private static final int ATTEMPTS = 3;
    private static final int SLICES = 30;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    /** Nobody listens at its port, reading after reading, for so long: its process is gone. */
    private static final Duration GONE = Duration.ofSeconds(2);

    private static final int REFUSALS = 3;

    /** A server that accepts connections and does not answer is given up after this long; its fence waits for it. */
    private static final Duration FROZEN = Duration.ofSeconds(60);

    @Override
    public String name() {
        return PhaseNames.PROMOTE;
    }

    @Override
    public boolean done(State s) {
        return s.memory().promoted() != null;
    }

    @Override
    public List<Effect> wanted(State s) {
        InstanceKey key = Objects.requireNonNull(Succession.named(s));
        List<Effect> effects = new ArrayList<>();
        // A primary that was demoted is read-only already, and watched: its fence only has to be remembered.
        boolean demoted = s.memory().written() != null;
        FencesOf.recovery(s).stream()
                .filter(f -> !demoted || !f.serverUuid().equals(s.record().failedUuid()))
                .map(Announcement.Fenced::new)
                .filter(fenced -> !s.told().contains(fenced))
                .forEach(fenced -> effects.add(new Effect.Tell(fenced)));
        if (s.servers().isBeingTold(key)) {
            effects.addAll(FormerPrimary.watched(s));
            return effects;
        }
        if (!s.servers().isCertain(key)) {
            effects.addAll(CommandAttempt.read(s, key, TimedCommands.READ));
            effects.addAll(FormerPrimary.watched(s));
            return effects;
        }
        Instance server = s.answering(key).orElse(null);
        List<Effect> next = server == null
                ? silent(s, key)
                : Succession.isAnother(s, server)
                        ? fallen(s, key, "is gone: another server, " + server.serverUuid() + ", answers there")
                        : bring(s, server);
        boolean decides = next.stream().anyMatch(Effect.Decide.class::isInstance);
        if (decides && !effects.isEmpty()) {
            // A decision goes alone and may end this phase: whoever is to be fenced is told of first.
            effects.add(new Effect.Wake(Duration.ZERO));
            return effects;
        }
        effects.addAll(next);
        if (!decides) {
            effects.addAll(FormerPrimary.watched(s));
        }
        return effects;
    }

    private static List<Effect> bring(State s, Instance server) {
        Instance former = s.servers().fleet().instance(s.terms().primary()).orElse(null);
        SemiSyncState own = server.semiSync();
        Optional<List<Effect>> handingOver = handingOver(s, server);
        if (handingOver.isPresent()) {
            return handingOver.get();
        }
        // Before its semi-sync source side is on: its applier might wait for acknowledgements that nobody gives.
        if (!server.receivedGtids().isSubsetOf(server.executedGtids())) {
            return drain(s, server);
        }
        if (former != null && former.semiSync().sourceEnabled() && own.available() && !own.sourceEnabled()) {
            return required(s, server, new InstanceCommand.SetSemiSync(true, own.replicaEnabled()));
        }
        if (!server.isWritable()) {
            return required(s, server, new InstanceCommand.SetReadOnly(false));
        }
        for (ReplicationChannel channel : server.channels()) {
            CommandAttempt reset = CommandAttempt.upTo(
                    ATTEMPTS,
                    s,
                    TimedCommands.run(
                            PhaseNames.PROMOTE,
                            server,
                            new InstanceCommand.ResetReplication(channel.name()),
                            TimedCommands.TIMEOUT,
                            true));
            if (reset.failed() == null) {
                return reset.effects();
            }
        }
        return promoted(s, server);
    }

    /** What is to be done, or proven, first where a living primary hands over; empty when that is so, or nobody does. */
    private static Optional<List<Effect>> handingOver(State s, Instance server) {
        if (s.terms().explicit() == null || server.isWritable()) {
            return Optional.empty();
        }
        CommandAttempt stop = HandOver.stop(s, server).orElse(null);
        if (stop != null) {
            return Optional.of(stop.failed() == null ? stop.effects() : unable(s, server, stop.failed()));
        }
        if (!s.servers().isProven(server.key())) {
            return Optional.of(CommandAttempt.read(s, server.key(), TimedCommands.READ));
        }
        GtidSet written = s.memory().written();
        GtidSet missing = written == null ? GtidSet.empty() : written.minus(server.executedGtids());
        return missing.isEmpty() ? Optional.empty() : Optional.of(unable(s, server, "it has not executed " + missing));
    }

    /** What it has received since it was named is executed before its relay log is thrown away. */
    private static List<Effect> drain(State s, Instance server) {
        Optional<Effect> applier = Drain.startApplier(s, PhaseNames.PROMOTE, server);
        if (applier.isPresent()) {
            return List.of(applier.get());
        }
        Effect.Run await = TimedCommands.run(
                PhaseNames.PROMOTE,
                server,
                new InstanceCommand.AwaitExecuted(server.receivedGtids()),
                Drain.SLICE,
                false);
        CommandAttempt attempt = CommandAttempt.upTo(SLICES, s, await);
        return attempt.failed() == null ? attempt.effects() : unable(s, server, attempt.failed());
    }

    private static List<Effect> required(State s, Instance server, InstanceCommand command) {
        CommandAttempt attempt =
                CommandAttempt.upTo(ATTEMPTS, s, TimedCommands.run(PhaseNames.PROMOTE, server, command));
        return attempt.failed() == null ? attempt.effects() : unable(s, server, attempt.failed());
    }

    /** It answers and is not writable, by a reading; a late command must not change that. */
    private static List<Effect> unable(State s, Instance server, String why) {
        CommandAttempt again = CommandAttempt.once(
                s, TimedCommands.run(PhaseNames.PROMOTE, server, new InstanceCommand.SetReadOnly(true)));
        if (again.failed() == null && !again.effects().isEmpty()) {
            return again.effects();
        }
        Optional<InstanceCommand> semiSync = SemiSyncBack.next(s, server);
        if (semiSync.isPresent()) {
            CommandAttempt back =
                    CommandAttempt.upTo(ATTEMPTS, s, TimedCommands.run(PhaseNames.PROMOTE, server, semiSync.get()));
            if (back.failed() == null) {
                return back.effects();
            }
        }
        String text = "could not be promoted: " + why;
        return s.memory().written() == null
                ? Decisions.reject(server.key(), text, true)
                : Decisions.giveUp(server.key() + " " + text);
    }

    private static RecoveryRecord unnamed(State s) {
        return s.record().toBuilder()
                .successor(null)
                .successorAlias("")
                .successorUuid("")
                .build();
    }

    private static List<Effect> fallen(State s, InstanceKey key, String seen) {
        String why = key + " was to take over and " + seen
                + "; it may have been writable: it is fenced, and what was written to it may be lost";
        return List.of(new Effect.Decide(new Fact.Fallen(key, why, unnamed(s)), PhaseNames.CHOOSE, key, why));
    }

    private static List<Effect> silent(State s, InstanceKey key) {
        Duration since = s.now().since(s.servers().silentSince(key));
        boolean gone = s.servers().refusedInARow(key) >= REFUSALS && since.compareTo(GONE) >= 0;
        if (gone || since.compareTo(FROZEN) >= 0) {
            return fallen(s, key, gone ? "is gone" : "has not answered for " + FROZEN.toSeconds() + " s");
        }
        Duration rest = BETWEEN_LOOKS.minus(s.now().since(s.servers().lastReadEnded(key)));
        return rest.isNegative() || rest.isZero()
                ? CommandAttempt.read(s, key, TimedCommands.READ)
                : List.of(new Effect.Wake(rest));
    }

    private static List<Effect> promoted(State s, Instance primary) {
        DataLoss losses = losses(s, primary);
        RecoveryRecord before = s.record();
        RecoveryRecord record = before.toBuilder()
                .successor(primary.key())
                .successorAlias(primary.instanceAlias())
                .successorCoordinates(primary.binlogCoordinates())
                .promotedAt(before.promotedAt() == null ? s.now().at() : before.promotedAt())
                .gtidsAtPromotion(
                        before.gtidsAtPromotion() == null ? primary.executedGtids() : before.gtidsAtPromotion())
                .lostGtids(losses.beside(before.lostGtids(), primary.executedGtids()))
                .lossNote(losses.note())
                .errors(problems(s, primary))
                .successful(true)
                .build();
        return List.of(new Effect.Decide(
                new Fact.Promoted(primary, record),
                PhaseNames.PROMOTE,
                primary.key(),
                "it is writable and nobody's replica. " + losses.note()));
    }

    private static List<String> problems(State s, Instance primary) {
        List<String> problems = new ArrayList<>(s.record().errors());
        Instance former = s.servers().fleet().instance(s.terms().primary()).orElse(null);
        if (former != null
                && former.semiSync().sourceEnabled()
                && !primary.semiSync().available()) {
            problems.add(
                    primary.key() + " has no semi-sync: its commits wait for nobody, unlike those of " + former.key());
        }
        Choice choice = s.memory().choice();
        if (choice != null && !choice.cannotFollow().isEmpty()) {
            problems.add(
                    "these cannot follow " + primary.key() + ", and there is no way back: " + choice.cannotFollow());
        }
        GtidSet left = primary.receivedGtids().minus(primary.executedGtids());
        if (!left.isEmpty()) {
            problems.add(primary.key() + " has received and not executed " + left);
        }
        return problems;
    }

    private static DataLoss losses(State s, Instance primary) {
        GtidSet written = s.memory().written();
        if (written != null) {
            return DataLoss.atSwitchover(written.minus(primary.executedGtids()));
        }
        FleetMember former = s.servers().fleet().member(s.terms().primary()).orElse(null);
        Choice choice = s.memory().choice();
        return DataLoss.atPromotion(
                former == null ? null : former.instance(),
                former == null ? null : former.lastSeen(),
                primary.executedGtids(),
                choice == null ? GtidSet.empty() : choice.stranded(),
                choice == null ? List.of() : choice.strandedIn());
    }
}
