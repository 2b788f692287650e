package dev.orchestrator.simulation.faulty;

import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.ServerBefore;
import dev.orchestrator.engine.internal.core.analysis.AnalysisPolicy;
import dev.orchestrator.engine.internal.core.phase.ChooseSuccessor;
import dev.orchestrator.engine.internal.core.phase.NameSuccessor;
import dev.orchestrator.engine.internal.core.phase.Repoint;
import dev.orchestrator.engine.internal.core.phase.Restore;
import dev.orchestrator.engine.internal.core.phase.Unname;
import dev.orchestrator.engine.internal.core.phase.WaitUntilReady;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.recovery.Resumption;
import dev.orchestrator.simulation.backend.FenceRule;
import dev.orchestrator.simulation.node.Engine;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * An engine with one fault put back, what is to be seen of it, and a seed at which it is seen. Where a fault has a number, it
 * is that of the table in {@code docs/simulation.md}.
 */
public enum FaultyEngine {
    /** Who goes on with a recovery puts things back although its record names a successor, which is silent; fault 1. */
    UNDO_THOUGH_NAMED(() -> Exchange.first(new UndoThoughNamed()), "take writes for more than", 167),
    /** Nobody waits until the backend has the record that names who is promoted; fault 1. */
    PROMOTED_BEFORE_NAMED(
            () -> Exchange.each(NameSuccessor.class, p -> Exchange.wanting(p, FaultyEngine::withoutWaiting)),
            "record does not say that it is to take writes",
            8),
    /** What is given up stays named, and its fence stands; fault 1. */
    NAME_LEFT(() -> Exchange.without(Unname.class), "record does not say that it is to take writes", 462),
    /** Nobody remembers that a former primary must stay read-only; fault 17. */
    NOT_FENCED(
            () -> Exchange.each(NameSuccessor.class, p -> Exchange.wanting(p, FaultyEngine::withoutFences)),
            "does not replicate from a living server",
            0),
    /** A service that has slept writes a fence whose recovery somebody else has ended meanwhile; faults 2 and 5. */
    FENCED_WITHOUT_RIGHT(() -> fencing(new FencedWithoutRight()), "writable: []", 330),
    /** A fence stands although its recovery was given up; fault 5. */
    FENCED_BY_WHAT_WAS_GIVEN_UP(() -> fencing(new FencedByWhatWasGivenUp()), "writable: []", 462),
    /** Who was made the primary again by hand stays fenced; fault 19. */
    NEVER_LIFTED(() -> fencing(new NeverLifted()), "is fenced again and again", 8),
    /** A primary with a channel of the time before is taken for a replica; fault 10. */
    LEFTOVER_COUNTS(() -> reading(i -> i.isWritable() ? Blind.withoutLeftovers(i) : i), "writable: []", 5),
    /** Who replicates from several servers is moved by the channel that sorts first; fault 12. */
    FIRST_CHANNEL_MOVED(
            () -> Exchange.each(Repoint.class, p -> Exchange.seeing(p, Blind::withFirstChannels)),
            "does not replicate from shard2",
            13),
    /** What is refused for good keeps another problem of the cluster from its turn; fault 6. */
    GRAVEST_ONLY(() -> turning(FaultyEngine::gravest), "does not replicate from a living server", 315),
    /** What is wrong in one cluster keeps what is wrong in another one from its turn. */
    FIRST_CLUSTER_ONLY(() -> turning(ofOneCluster()), "writable of the second cluster: []", 147),
    /** Whoever answers first is promoted; fault 9. */
    FIRST_WHO_ANSWERS(
            () -> Exchange.each(ChooseSuccessor.class, p -> Exchange.wanting(p, FirstWhoAnswers::chosen)),
            "which a replica had received",
            266),
    /** Who was to catch up from a sibling stays attached to it when that is given up; fault 9. */
    LEFT_AT_A_SIBLING(
            () -> Exchange.each(Restore.class, p -> Exchange.wanting(p, FaultyEngine::notPointedBack)),
            "was left reading from elsewhere",
            178),
    /** Whom operators do not want promoted is promoted when it holds more; fault 9. */
    MUST_NOT_IGNORED(() -> Blind.to(Blind::toRules), "whose promotion rule is must_not", 78),
    /** Nobody asks where those are whose acknowledgements commits waited for; fault 16. */
    ACKERS_IGNORED(() -> reading(Blind::withoutAckers), "acknowledged by", 485),
    /** The primary's writes are taken away before its successor keeps up; fault 15. */
    DEMOTED_AT_ONCE(() -> Exchange.without(WaitUntilReady.class), "was demoted while", 17),
    /** A switchover that is given up does not give the writes back; fault 15. */
    LEFT_READ_ONLY(
            () -> Exchange.each(Restore.class, p -> Exchange.wanting(p, FaultyEngine::notWritable)),
            "left read-only by a switchover",
            44),
    /** Replicas of a replica that died beside the primary are left where they are; fault 8. */
    ORPHANS_LEFT(() -> Blind.to(Blind::withoutOrphans), "which died with", 266),
    /** Nobody is ever thought fit to take over. */
    NOBODY_FIT(
            () -> Exchange.each(ChooseSuccessor.class, p -> Exchange.wanting(p, FaultyEngine::nobody)),
            "nobody takes over from",
            8),
    /** When a recovery is given up, whatever stands is started, whoever stopped it. */
    STARTED_THOUGH_IT_STOOD(() -> Exchange.firstBack(new StartAll()), "which stood before", 22),
    /** Who leaves out a part of what it replicates is taken for one that holds everything; fault 3. */
    FILTERS_IGNORED(() -> reading(Blind::withoutFilters), "which has replication filters", 16),
    /** Who executes late on purpose what it receives is taken for one like the others. */
    DELAYS_IGNORED(() -> reading(Ailing::withoutDelays), "though it is delayed on purpose", 65),
    /** Nobody sees what servers have purged. */
    PURGES_IGNORED(
            () -> reading(i -> i.toBuilder().purgedGtids(GtidSet.empty()).build()), "though it has purged what", 8),
    /** Whom most replicas could not follow is left out, also where most are unfit themselves; fault 7. */
    MAJORITY_OF_ALL(
            () -> Exchange.each(ChooseSuccessor.class, p -> Exchange.wanting(p, MajorityOfAll::chosen)),
            "nobody takes over from",
            96),
    /** A receiver that its source refuses is taken for one that has lost it; fault 4. */
    REFUSED_TAKEN_FOR_LOST(() -> reading(Blind::toRefusals), "which lives", 106),
    /** A receiver that does not find its source since long speaks for that one's death; fault 4. */
    LONG_LOST_TAKEN_FOR_LOST(() -> judging(Blind::toTheTimeOfLoss), "which lives", 11),
    /** Who is told to stop while it repoints does not hear it. */
    CANCEL_IGNORED(() -> heeding(phase -> !phase.equals(PhaseNames.REPOINT)), "was told to stop, and goes on", 7),
    /** An operation that is told to stop leaves the receiver standing that it has stopped. */
    CANCELLED_LEFT_STOPPED(
            () -> Exchange.each(Restore.class, p -> Exchange.wanting(p, FaultyEngine::notTakenBack)),
            "is not as it was before an operation",
            1991),
    /** Nothing is gone on with as long as an operator has locked the failed server; fault 11. */
    WAITS_FOR_MAINTENANCE(() -> resuming(FaultyEngine::heldByMaintenance), "a recovery is still active", 569),
    /** Who puts things back leaves alone what an operator has locked, whatever was stopped there; fault 11. */
    LOCKED_LEFT_STOPPED(() -> resuming(FaultyEngine::withoutLocked), "does not replicate from a living server", 364);

    private final Supplier<Engine> engine;
    private final String seen;
    private final long seed;

    FaultyEngine(Supplier<Engine> engine, String seen, long seed) {
        this.engine = engine;
        this.seen = seen;
        this.seed = seed;
    }

    /**
     * What it runs.
     *
     * @return an engine for one world
     */
    public Engine engine() {
        return engine.get();
    }

    /**
     * What is said when it is found.
     *
     * @return a part of the message
     */
    public String seen() {
        return seen;
    }

    /**
     * Where it was found.
     *
     * @return a seed
     */
    public long seed() {
        return seed;
    }

    private static List<Effect> withoutWaiting(State s, List<Effect> good) {
        return s.ledger().inFlight() == 0
                ? good
                : List.of(new Effect.Decide(
                        new Fact.Passed(PhaseNames.FENCE + " " + s.record().successor())));
    }

    private static List<Effect> withoutFences(State s, List<Effect> good) {
        return good.stream()
                .map(e -> e instanceof Effect.Save save
                        ? new Effect.Save(save.record(), save.version(), List.of(), save.released())
                        : e)
                .toList();
    }

    private static List<Effect> notPointedBack(State s, List<Effect> good) {
        return good.stream()
                .map(e -> e instanceof Effect.Run run && run.step().command() instanceof InstanceCommand.Repoint
                        ? new Effect.Decide(new Fact.Passed(
                                PhaseNames.RESTORE + " " + run.step().instance()))
                        : e)
                .toList();
    }

    private static List<Effect> nobody(State s, List<Effect> good) {
        return List.of(new Effect.Decide(new Fact.GivenUp("nobody is fit to take over")));
    }

    private static List<Effect> notWritable(State s, List<Effect> good) {
        InstanceKey primary = s.terms().primary();
        return good.stream()
                .map(e -> e instanceof Effect.Run run
                                && run.step().command().equals(new InstanceCommand.SetReadOnly(false))
                        ? new Effect.Decide(new Fact.Passed(PhaseNames.RESTORE + " " + primary))
                        : e)
                .toList();
    }

    private static Engine reading(UnaryOperator<Instance> read) {
        Engine good = Engine.DELIVERED;
        return new Engine(read, good.procedure(), good.fences(), good.due(), good.policy(), good.heeds(), good.left());
    }

    /** Only the gravest finding of a cluster is ever looked at. */
    private static List<FailureAnalysis> gravest(List<FailureAnalysis> all) {
        Set<ClusterId> seen = new HashSet<>();
        return all.stream().filter(f -> seen.add(f.cluster())).toList();
    }

    /** Only the cluster in which something was found first is ever looked at. */
    private static UnaryOperator<List<FailureAnalysis>> ofOneCluster() {
        Set<ClusterId> first = new HashSet<>();
        return all -> all.stream()
                .filter(f -> first.isEmpty() && first.add(f.cluster()) || first.contains(f.cluster()))
                .toList();
    }

    private static Engine turning(UnaryOperator<List<FailureAnalysis>> due) {
        Engine good = Engine.DELIVERED;
        return new Engine(good.read(), good.procedure(), good.fences(), due, good.policy(), good.heeds(), good.left());
    }

    private static Engine judging(UnaryOperator<AnalysisPolicy> policy) {
        Engine good = Engine.DELIVERED;
        return new Engine(good.read(), good.procedure(), good.fences(), good.due(), policy, good.heeds(), good.left());
    }

    private static List<Effect> notTakenBack(State s, List<Effect> good) {
        boolean cancelled = s.ledger().record() == null && s.stopAsked() != null;
        return cancelled ? List.of(new Effect.Decide(new Fact.Passed(PhaseNames.RESTORE))) : good;
    }

    private static Resumption heldByMaintenance(Resumption left) {
        boolean locked = left.locked().containsKey(left.record().failed());
        return new Resumption(left.record(), left.servers(), left.locked(), left.held() || locked, left.awaited());
    }

    private static Resumption withoutLocked(Resumption left) {
        List<ServerBefore> before = left.record().before().stream()
                .filter(b -> !left.locked().containsKey(b.key()))
                .toList();
        RecoveryRecord record = left.record().toBuilder().before(before).build();
        return new Resumption(record, left.servers(), left.locked(), left.held(), left.awaited());
    }

    private static Engine heeding(Predicate<String> heeds) {
        Engine good = Engine.DELIVERED;
        return new Engine(good.read(), good.procedure(), good.fences(), good.due(), good.policy(), heeds, good.left());
    }

    private static Engine resuming(UnaryOperator<Resumption> left) {
        Engine good = Engine.DELIVERED;
        return new Engine(good.read(), good.procedure(), good.fences(), good.due(), good.policy(), good.heeds(), left);
    }

    private static Engine fencing(FenceRule rule) {
        Engine good = Engine.DELIVERED;
        return new Engine(good.read(), good.procedure(), rule, good.due(), good.policy(), good.heeds(), good.left());
    }
}
