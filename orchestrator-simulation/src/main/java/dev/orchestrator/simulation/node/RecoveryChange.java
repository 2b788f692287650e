package dev.orchestrator.simulation.node;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.decision.Attempt;
import dev.orchestrator.engine.internal.core.decision.LockImpact;
import dev.orchestrator.engine.internal.core.decision.RecoveryGates;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import dev.orchestrator.engine.internal.core.recovery.Records;
import dev.orchestrator.engine.internal.core.recovery.RecoveryDecision;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** The recovery of one failed server, by the engine's own decision. Not thread-safe. */
final class RecoveryChange implements ChangeRun.Change<RecoveryChange.Ready> {
    private static final Duration READ = Duration.ofSeconds(1);

    private final Service node;
    private final Recoveries recoveries;
    private final Attempt wish;
    private final String uid;
    private Said said = Said.NOTHING;

    /**
     * What the run is told.
     *
     * @param attempt the wish with the finding of the fresh reading
     * @param fleet that reading
     * @param terms who takes part
     */
    record Ready(Attempt attempt, Fleet fleet, Terms terms) {}

    RecoveryChange(Service node, Recoveries recoveries, Attempt wish, String uid) {
        this.node = node;
        this.recoveries = recoveries;
        this.wish = wish;
        this.uid = uid;
    }

    @Override
    public Actor actor() {
        return wish.actor();
    }

    @Override
    public String lockReason() {
        return Records.lockReason(uid, wish.failed());
    }

    private Terms all(Attempt attempt) {
        return RecoveryDecision.terms(attempt, node.fleet(), Map.of(), Map.of(), node.config());
    }

    private LockImpact impact() {
        return said.impact(node.fleet().canonical(wish.failed()), all(wish).followers());
    }

    private Terms terms(Attempt attempt) {
        return RecoveryDecision.terms(attempt, node.fleet(), Map.of(), impact().excluded(), node.config());
    }

    private List<GateVerdict> gates(Attempt attempt) {
        return recoveries.gates(attempt, said.facts(attempt, impact()));
    }

    private static LockRequest locked(Terms terms) {
        List<InstanceKey> all = new ArrayList<>(terms.participants());
        all.add(terms.primary());
        return LockRequest.forRecovery(all);
    }

    @Override
    public void look(Consumer<Optional<ChangeRun.Prepared<Ready>>> told) {
        FailureAnalysis finding = Objects.requireNonNull(wish.finding());
        node.ask((rows, now) -> Said.by(rows, now, finding.cluster()), answer -> {
            answer.ifPresent(s -> said = s);
            told.accept(answer.map(s -> {
                List<GateVerdict> verdicts = gates(wish);
                Decision decision = new Decision(finding, verdicts, null);
                return RecoveryGates.passed(verdicts)
                        ? new ChangeRun.Prepared<>(decision, locked(terms(wish)), null)
                        : ChangeRun.Prepared.refused(decision);
            }));
        });
    }

    /** On a fresh reading: what no longer holds is not acted on. */
    @Override
    public void lookAgain(HeldLock lock, Consumer<Optional<ChangeRun.Prepared<Ready>>> told) {
        List<InstanceKey> anew = new ArrayList<>(all(wish).followers());
        anew.add(wish.failed());
        node.refresh(anew, READ, () -> {
            Fleet fleet = node.fleet();
            Attempt attempt = wish.with(node.detecting().examine(fleet.canonical(wish.failed())));
            Terms terms = terms(attempt);
            Decision decision = RecoveryDecision.decide(
                    attempt, gates(attempt), terms, fleet, node.process().now().at());
            told.accept(
                    Optional.of(new ChangeRun.Prepared<>(decision, locked(terms), new Ready(attempt, fleet, terms))));
        });
    }

    @Override
    public void run(Ready ready, HeldLock lock, Runnable over) {
        Lease lease = node.leadership().lease().orElse(null);
        if (lease == null) {
            over.run();
            unanswered();
            return;
        }
        Records.Beginning beginning = new Records.Beginning(
                uid,
                wish.actor(),
                node.process().name(),
                node.process().name(),
                lease.epoch(),
                node.process().now().at());
        FailureAnalysis fresh = Objects.requireNonNull(ready.attempt().finding());
        RecoveryRecord record = Records.ofFailure(
                beginning, fresh, wish.confirmedAt(), wish.confirmedAt(), ready.terms(), ready.fleet());
        Right right = new Right.UnderLease(lease);
        node.write((rows, now) -> rows.register(record, right, now), answer -> {
            // Without an answer it may be registered: then it is gone on with as one that was interrupted.
            if (answer.isEmpty() || !answer.get()) {
                over.run();
                unanswered();
                return;
            }
            State begin = State.begin(
                    ready.terms(), ready.fleet(), record, node.process().now());
            RecoveryRuns.Run run = new RecoveryRuns.Run(
                    record,
                    RecoveryDecision.procedure(ready.attempt()),
                    begin,
                    Authority.ofLease(node.leadership(), lease));
            node.runs().run(run, ended -> {
                over.run();
                recoveries.acted(Objects.requireNonNull(wish.finding()));
            });
        });
    }

    @Override
    public void refused(Decision decision) {
        recoveries.refused(Objects.requireNonNull(wish.finding()), decision);
    }

    @Override
    public void unanswered() {
        recoveries.acted(Objects.requireNonNull(wish.finding()));
    }
}
