package dev.orchestrator.simulation.node;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.decision.RecoveryAttempt;
import dev.orchestrator.engine.internal.core.recovery.ReadyRecovery;
import dev.orchestrator.engine.internal.core.recovery.Records;
import dev.orchestrator.engine.internal.core.recovery.RecoveryDecision;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.RecoveryStore.Registration;
import dev.orchestrator.spi.Right;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The recovery of one failed server, by the engine's own decision. Not thread-safe. */
final class SimulatedRecovery implements ChangeRun.Change<ReadyRecovery> {
    private final SimulatedService node;
    private final SimulatedRecoveries recoveries;
    private final RecoveryAttempt requested;
    private final FailureAnalysis finding;
    private final String uid;
    private final RecoveryLook looking;

    SimulatedRecovery(SimulatedService node, SimulatedRecoveries recoveries, RecoveryAttempt requested, String uid) {
        this.node = node;
        this.recoveries = recoveries;
        this.requested = requested;
        this.finding = Objects.requireNonNull(requested.finding(), "nothing was found");
        this.uid = uid;
        this.looking = new RecoveryLook(node, requested);
    }

    @Override
    public Actor actor() {
        return requested.actor();
    }

    @Override
    public String lockReason() {
        return Records.lockReason(uid, requested.failed());
    }

    @Override
    public void look(Consumer<Optional<ChangeRun.Prepared<ReadyRecovery>>> told) {
        looking.first(recoveries.wasRefused(requested.failed()), told);
    }

    @Override
    public void lookAgain(SimulatedLock lock, Consumer<Optional<ChangeRun.Prepared<ReadyRecovery>>> told) {
        looking.again(told);
    }

    @Override
    public void run(ChangeRun.Prepared<ReadyRecovery> prepared, SimulatedLock lock, Runnable over) {
        Lease lease = node.leadership().lease().orElse(null);
        if (lease == null) {
            over.run();
            unregistered(prepared, null).ifPresent(this::refused);
            return;
        }
        ReadyRecovery ready = prepared.what();
        RecoveryRecord record = ready.record(
                node.runs().beginning(uid, requested.actor(), lease.epoch()),
                node.stamps().instant());
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
            node.runs().run(ready.undertaking(record), SimulatedAuthority.ofLease(node.leadership(), lease), ended -> {
                over.run();
                recoveries.acted(finding);
            });
        });
    }

    private Optional<Decision> unregistered(ChangeRun.Prepared<ReadyRecovery> prepared, @Nullable Registration answer) {
        return RecoveryDecision.unregistered(requested, prepared.decision(), answer);
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
