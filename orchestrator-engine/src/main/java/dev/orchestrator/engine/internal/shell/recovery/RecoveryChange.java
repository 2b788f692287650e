package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryOutcome;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.decision.ChangeGates;
import dev.orchestrator.engine.internal.core.decision.RecoveryAttempt;
import dev.orchestrator.engine.internal.core.decision.RecoveryGates;
import dev.orchestrator.engine.internal.core.decision.Said;
import dev.orchestrator.engine.internal.core.recovery.ReadyRecovery;
import dev.orchestrator.engine.internal.core.recovery.Records;
import dev.orchestrator.engine.internal.core.recovery.RecoveryDecision;
import dev.orchestrator.engine.internal.shell.execution.Authority;
import dev.orchestrator.engine.internal.shell.execution.Change;
import dev.orchestrator.engine.internal.shell.execution.Prepared;
import dev.orchestrator.engine.internal.shell.execution.RecoveryPorts;
import dev.orchestrator.engine.internal.shell.execution.RunRegistry;
import dev.orchestrator.engine.internal.shell.leader.Leadership;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.RecoveryStore.Registration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The recovery of one failed server, ordered by an operator or by the engine itself. */
final class RecoveryChange implements Change<ReadyRecovery, RecoveryOutcome> {
    private final RecoveryPorts ports;
    private final Parts parts;
    private final RecoveryAttempt requested;
    private final String uid = UUID.randomUUID().toString();
    // Set by the last look: what the backend said, so that it is asked once for each attempt.
    private @Nullable Said said;

    RecoveryChange(RecoveryPorts ports, Parts parts, RecoveryAttempt requested) {
        this.ports = ports;
        this.parts = parts;
        this.requested = requested;
    }

    /** What recoveries share. */
    record Parts(
            RecoveryStores stores,
            Leadership leadership,
            Gatekeeper gates,
            RecoveryRuns runs,
            DecisionBook book,
            RecoveryMode mode) {}

    @Override
    public Actor actor() {
        return requested.actor();
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public String kind() {
        return "recovery";
    }

    @Override
    public String lockReason() {
        return Records.lockReason(uid, requested.failed());
    }

    @Override
    public Prepared<ReadyRecovery> look() {
        Gatekeeper gates = parts.gates();
        Fleet fleet = ports.fleet().current();
        List<GateVerdict> quick = gates.quickLook(requested, fleet);
        if (!RecoveryGates.passed(quick)) {
            return Prepared.refused(new Decision(requested.finding(), quick, null));
        }
        boolean refusedBefore =
                parts.book().last(requested.failed()).flatMap(Decision::refusal).isPresent();
        if (!refusedBefore) {
            gates.openWays(requested.failed(), fleet);
        }
        Said now = gates.askBackend(requested, fleet);
        said = now;
        ReadyRecovery ready = gates.ready(requested, fleet, now);
        // What is refused again and again takes no locks: operators would meet them, and it is they who can help.
        Decision decision = refusedBefore && requested.automatic()
                ? gates.decide(ready, now)
                : new Decision(requested.finding(), gates.ask(requested, fleet, now), null);
        return new Prepared<>(decision, ready.terms().locks(), null);
    }

    @Override
    public Prepared<ReadyRecovery> lookAgain(MaintenanceLock lock) {
        Gatekeeper gates = parts.gates();
        Fleet fleet = gates.readAnew(requested.failed());
        RecoveryAttempt attempt = requested.with(gates.analyze(fleet, requested.failed()));
        Said now = Objects.requireNonNull(said, "looked again before the first look");
        ReadyRecovery ready = gates.ready(attempt, fleet, now);
        Decision decision = parts.mode().explained(gates.decide(ready, now));
        return new Prepared<>(decision, ready.terms().locks(), ready);
    }

    @Override
    public RecoveryOutcome lockedOut(Prepared<ReadyRecovery> first, String holder) {
        return new RecoveryOutcome(ChangeGates.refused(first.decision(), RefusalReason.LOCKED, holder), null);
    }

    @Override
    public RecoveryOutcome refused(Prepared<ReadyRecovery> prepared) {
        return new RecoveryOutcome(prepared.decision(), null);
    }

    @Override
    public RecoveryOutcome run(Prepared<ReadyRecovery> prepared, MaintenanceLock lock, RunRegistry.Run running) {
        ReadyRecovery ready = prepared.what();
        Optional<Lease> lease =
                requested.automatic() ? parts.leadership().held().map(Leadership.Held::lease) : Optional.empty();
        if (requested.automatic() && lease.isEmpty()) {
            return unregistered(prepared, null).orElseThrow();
        }
        Authority right = lease.map(l -> Authority.ofLease(parts.leadership(), l))
                .orElseGet(() -> Authority.ofLocks(lock, ports.clocks().ticker()));
        RecoveryRecord record = ready.record(
                parts.runs()
                        .beginning(
                                uid, requested.actor(), lease.map(Lease::epoch).orElse(0L)),
                ports.clocks().readings().instant());
        Optional<RecoveryOutcome> refused =
                unregistered(prepared, parts.stores().register(record, right.right()));
        if (refused.isPresent()) {
            return refused.get();
        }
        if (requested.automatic()) {
            parts.book().record(requested.failed(), record.clusterName(), prepared.decision());
        }
        parts.runs().tellBegin(record);
        RecoveryRuns.Ended ended = parts.runs().run(ready.undertaking(record), right, running);
        return new RecoveryOutcome(prepared.decision(), ended.record());
    }

    private Optional<RecoveryOutcome> unregistered(Prepared<ReadyRecovery> prepared, @Nullable Registration answer) {
        return RecoveryDecision.unregistered(requested, prepared.decision(), answer)
                .map(refusal -> new RecoveryOutcome(refusal, null));
    }
}
