package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.Plan;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.candidate.CandidateChooser;
import dev.orchestrator.engine.internal.core.candidate.Choice;
import dev.orchestrator.engine.internal.core.candidate.ChoicePolicy;
import dev.orchestrator.engine.internal.core.candidate.ChoiceRequest;
import dev.orchestrator.engine.internal.core.candidate.NewSourceChooser;
import dev.orchestrator.engine.internal.core.candidate.NewSourceChooser.NewSource;
import dev.orchestrator.engine.internal.core.decision.GateFacts;
import dev.orchestrator.engine.internal.core.decision.GateFacts.BackendFacts;
import dev.orchestrator.engine.internal.core.decision.LockImpact;
import dev.orchestrator.engine.internal.core.decision.RecoveryGates;
import dev.orchestrator.engine.internal.core.plan.DeadPrimaryPlanner;
import dev.orchestrator.spi.IntentStore.Intents;
import dev.orchestrator.spi.RecoveryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Reads what the gates look at, and asks them. Changes nothing anywhere. */
final class Gatekeeper {
    private static final Duration BACKEND = Duration.ofSeconds(2);

    /** A server that already failed to answer gets one more chance, but not the patience of a whole poll. */
    private static final Duration LAST_CHANCE = Duration.ofMillis(500);

    private static final int RECENT = 20;

    private final RecoveryPorts ports;
    private final LockTaking locks;
    private final Executor threads;

    Gatekeeper(RecoveryPorts ports, LockTaking locks, Executor threads) {
        this.ports = ports;
        this.locks = locks;
        this.threads = threads;
    }

    /** What the backend said, the locks included. */
    record Said(BackendFacts facts, LockImpact locks) {}

    /** The gates that need nobody but this node. */
    List<GateVerdict> quickLook(Attempt attempt, Fleet fleet) {
        return RecoveryGates.ask(facts(attempt, fleet, null));
    }

    /** All gates. */
    List<GateVerdict> ask(Attempt attempt, Fleet fleet, BackendFacts said) {
        return RecoveryGates.ask(facts(attempt, fleet, said));
    }

    private GateFacts facts(Attempt attempt, Fleet fleet, @Nullable BackendFacts said) {
        return new GateFacts(
                attempt.failed(),
                attempt.finding(),
                fleet,
                ports.config(),
                attempt.automatic(),
                ports.leadership().held().isPresent(),
                ports.clock().instant(),
                said);
    }

    /**
     * Reads the backend's part, all at once.
     *
     * @throws OrchestratorException with {@code BACKEND_UNAVAILABLE} when it does not answer in time
     */
    Said askBackend(Attempt attempt, ClusterId cluster, InstanceKey failed, List<InstanceKey> replicas) {
        boolean intermediate = attempt.isOfIntermediateSource();
        CompletableFuture<Intents> intents =
                CompletableFuture.supplyAsync(() -> ports.intents().read(), threads);
        CompletableFuture<List<RecoveryRecord>> recent = CompletableFuture.supplyAsync(() -> recent(cluster), threads);
        CompletableFuture<LockImpact> impact =
                CompletableFuture.supplyAsync(() -> locks.impact(failed, replicas), threads);
        Duration period = ports.config().recoveryBlockPeriod();
        RecoveryRecord blocking = (intermediate
                        ? ports.recoveries().blockingIntermediate(failed, period)
                        : ports.recoveries().blocking(cluster, period))
                .orElse(null);
        List<RecoveryRecord> newestFirst = get(recent);
        RecoveryRecord active = newestFirst.stream()
                .filter(RecoveryRecord::isActive)
                .findFirst()
                .orElse(null);
        int failures = (int) newestFirst.stream()
                .filter(r -> !r.isActive() && r.analysis().isOfIntermediateSource() == intermediate)
                .filter(r -> !intermediate || r.failed().equals(failed))
                .takeWhile(r -> !r.successful() && !r.acknowledged())
                .count();
        LockImpact others = get(impact);
        return new Said(new BackendFacts(get(intents), blocking, failures, active, others.refusing()), others);
    }

    private List<RecoveryRecord> recent(ClusterId cluster) {
        return ports.recoveries()
                .find(new RecoveryStore.Filter(null, null, cluster, null, null, false, false, 0, RECENT));
    }

    private static <T> T get(CompletableFuture<T> answer) {
        try {
            return answer.get(BACKEND.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof OrchestratorException known) {
                throw known;
            }
            throw new OrchestratorException(ErrorCode.BACKEND_UNAVAILABLE, "the backend could not be read", e);
        } catch (TimeoutException e) {
            throw new OrchestratorException(
                    ErrorCode.BACKEND_UNAVAILABLE,
                    "the backend did not answer within " + BACKEND.toMillis() + " ms",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OrchestratorException(ErrorCode.NOT_RUNNING, "interrupted while reading the backend", e);
        }
    }

    /** Reads the failed server and its replicas anew, side by side. */
    Fleet readAnew(InstanceKey failed) {
        Fleet known = ports.fleet().current();
        List<InstanceKey> answering = new ArrayList<>();
        List<InstanceKey> silent = new ArrayList<>(List.of(known.canonical(failed)));
        for (FleetMember replica : known.replicasOf(failed)) {
            (replica.failure() == null ? answering : silent).add(replica.key());
        }
        CompletableFuture<Fleet> lastChance =
                CompletableFuture.supplyAsync(() -> ports.fleet().refresh(silent, LAST_CHANCE), threads);
        if (!answering.isEmpty()) {
            ports.fleet().refresh(answering, RecoveryRun.READ);
        }
        lastChance.join();
        return ports.fleet().current();
    }

    /** The whole plan as it would go now; empty of a successor when nobody can take over. */
    Choice preview(Attempt attempt, Fleet fleet, RecoveryOrder order) {
        InstanceKey wanted = attempt.candidate();
        return CandidateChooser.choose(new ChoiceRequest(
                fleet,
                order.failed(),
                order.replicas(),
                order.rules(),
                order.leftAlone(),
                wanted == null ? null : fleet.canonical(wanted),
                false,
                GtidSet.empty(),
                ChoicePolicy.of(ports.config(), fleet, order.failed(), order.automatic())));
    }

    /** The decision, with the plan or the reason why there is none. */
    Decision decide(Attempt attempt, Fleet fleet, List<GateVerdict> verdicts, RecoveryOrder order) {
        if (!RecoveryGates.passed(verdicts)) {
            return new Decision(attempt.finding(), verdicts, null);
        }
        if (attempt.isOfIntermediateSource()) {
            return decideMove(attempt, fleet, verdicts, order);
        }
        Choice choice = preview(attempt, fleet, order);
        List<GateVerdict> all = new ArrayList<>(verdicts);
        RefusalReason nobody = attempt.candidate() == null ? RefusalReason.NO_CANDIDATE : RefusalReason.CANDIDATE_UNFIT;
        boolean somebody = choice.chosen() != null;
        all.add(new GateVerdict(
                "is there a replica that may take over", somebody ? null : nobody, choice.explanation()));
        ClusterId cluster = fleet.member(order.failed()).orElseThrow().cluster();
        Plan plan = somebody
                ? new DeadPrimaryPlanner(ports.config(), order.failed())
                        .preview(fleet, cluster, order.participants(), choice)
                : null;
        return new Decision(attempt.finding(), all, plan);
    }

    private Decision decideMove(Attempt attempt, Fleet fleet, List<GateVerdict> verdicts, RecoveryOrder order) {
        NewSource source = NewSourceChooser.choose(
                fleet,
                order.failed(),
                order.participants(),
                order.explicit(),
                ChoicePolicy.of(ports.config(), fleet, order.failed(), order.automatic()));
        InstanceKey chosen = source.chosen();
        List<GateVerdict> all = new ArrayList<>(verdicts);
        RefusalReason nobody = order.explicit() == null ? RefusalReason.NO_CANDIDATE : RefusalReason.CANDIDATE_UNFIT;
        all.add(new GateVerdict(
                "is there a server that can feed its replicas", chosen == null ? nobody : null, source.explanation()));
        ClusterId cluster = fleet.member(order.failed()).orElseThrow().cluster();
        Plan plan = chosen == null
                ? null
                : new DeadPrimaryPlanner(ports.config(), order.failed())
                        .previewMove(fleet, cluster, order.participants(), chosen);
        return new Decision(attempt.finding(), all, plan);
    }

    /** What is to be done, by the given picture. */
    static RecoveryOrder order(Attempt attempt, Fleet fleet, Intents intents, LockImpact impact) {
        InstanceKey failed = fleet.canonical(attempt.failed());
        Map<InstanceKey, PromotionRule> rules = new HashMap<>();
        intents.promotionRules().forEach((key, rule) -> rules.put(fleet.canonical(key), rule));
        InstanceKey wanted = attempt.candidate();
        return new RecoveryOrder(
                failed,
                fleet.replicasOf(failed).stream().map(FleetMember::key).toList(),
                impact.excluded(),
                rules,
                wanted == null ? null : fleet.canonical(wanted),
                attempt.automatic());
    }

    /** A decision that the backend prevented. */
    static Decision backendAway(Attempt attempt, List<GateVerdict> verdicts, OrchestratorException e) {
        List<GateVerdict> all = new ArrayList<>(verdicts);
        all.add(new GateVerdict(
                "does the backend answer",
                RefusalReason.BACKEND_UNAVAILABLE,
                e.getMessage() == null ? e.code().name() : e.getMessage()));
        return new Decision(attempt.finding(), all, null);
    }
}
