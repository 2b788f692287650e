package dev.orchestrator.simulation.node;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.decision.Attempt;
import dev.orchestrator.engine.internal.core.decision.Said;
import dev.orchestrator.engine.internal.core.decision.Stored;
import dev.orchestrator.engine.internal.core.recovery.ReadyRecovery;
import dev.orchestrator.engine.internal.core.recovery.Records;
import dev.orchestrator.engine.internal.core.recovery.RecoveryDecision;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.RecoveryStore.Registration;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The recovery of one failed server, by the engine's own decision. Not thread-safe. */
final class RecoveryChange implements ChangeRun.Change<ReadyRecovery> {
    private static final Duration READ = Duration.ofSeconds(1);

    private final Service node;
    private final Recoveries recoveries;
    private final Attempt wish;
    private final FailureAnalysis finding;
    private final String uid;
    // Set by the last look: what the backend said, so that it is asked once for each attempt.
    private @Nullable Said said;

    RecoveryChange(Service node, Recoveries recoveries, Attempt wish, String uid) {
        this.node = node;
        this.recoveries = recoveries;
        this.wish = wish;
        this.finding = Objects.requireNonNull(wish.finding(), "nothing was found");
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

    /** Who takes part, by the present picture; before the backend was asked, nobody is left alone. */
    private ReadyRecovery ready(Attempt attempt, @Nullable Said known) {
        return ReadyRecovery.of(attempt, node.fleet(), known, node.config());
    }

    private List<InstanceKey> followers() {
        return ready(wish, null).terms().followers();
    }

    @Override
    public void look(Consumer<Optional<ChangeRun.Prepared<ReadyRecovery>>> told) {
        node.ask(
                (rows, now) -> StoredRows.read(rows, now, finding, wish.type()),
                answer -> told.accept(answer.map(this::prepare)));
    }

    private ChangeRun.Prepared<ReadyRecovery> prepare(Stored stored) {
        Said now = Said.of(stored, wish, node.fleet().canonical(wish.failed()), followers());
        said = now;
        ReadyRecovery ready = ready(wish, now);
        List<GateVerdict> gates = recoveries.gates(wish, now);
        Decision decision = recoveries.wasRefused(wish.failed())
                ? ready.decide(gates, node.process().now().at())
                : new Decision(finding, gates, null);
        return new ChangeRun.Prepared<>(decision, ready.terms().locks(), null);
    }

    /** On a fresh reading: what no longer holds is not acted on. */
    @Override
    public void lookAgain(HeldLock lock, Consumer<Optional<ChangeRun.Prepared<ReadyRecovery>>> told) {
        Said known = Objects.requireNonNull(said, "looked again before the first look");
        List<InstanceKey> anew = new ArrayList<>(followers());
        anew.add(wish.failed());
        node.refresh(anew, READ, () -> {
            Fleet fleet = node.fleet();
            Attempt attempt = wish.with(node.detecting().examine(fleet.canonical(wish.failed())));
            ReadyRecovery ready = ready(attempt, known);
            Decision decision = ready.decide(
                    recoveries.gates(attempt, known), node.process().now().at());
            told.accept(
                    Optional.of(new ChangeRun.Prepared<>(decision, ready.terms().locks(), ready)));
        });
    }

    @Override
    public void run(ChangeRun.Prepared<ReadyRecovery> prepared, HeldLock lock, Runnable over) {
        Lease lease = node.leadership().lease().orElse(null);
        if (lease == null) {
            over.run();
            unregistered(prepared, null).ifPresent(this::refused);
            return;
        }
        ReadyRecovery ready = prepared.what();
        RecoveryRecord record = ready.record(
                node.runs().beginning(uid, wish.actor(), lease.epoch()),
                node.process().now().at());
        Right right = new Right.UnderLease(lease);
        node.ask((rows, now) -> rows.register(record, right, now), answer -> {
            // Without an answer it may be registered: then it is gone on with as one that was interrupted.
            if (answer.isEmpty()) {
                over.run();
                unanswered();
                return;
            }
            Optional<Decision> refusal = unregistered(prepared, answer.get());
            if (refusal.isPresent()) {
                over.run();
                refused(refusal.get());
                return;
            }
            node.runs().run(ready.undertaking(record), Authority.ofLease(node.leadership(), lease), ended -> {
                over.run();
                recoveries.acted(finding);
            });
        });
    }

    private Optional<Decision> unregistered(ChangeRun.Prepared<ReadyRecovery> prepared, @Nullable Registration answer) {
        return RecoveryDecision.unregistered(wish, prepared.decision(), answer);
    }

    @Override
    public void refused(Decision decision) {
        recoveries.refused(finding, decision);
    }

    @Override
    public void unanswered() {
        recoveries.acted(finding);
    }
}
