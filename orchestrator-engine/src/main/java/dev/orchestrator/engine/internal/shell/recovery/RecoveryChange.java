package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryOutcome;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.decision.Attempt;
import dev.orchestrator.engine.internal.core.decision.ChangeGates;
import dev.orchestrator.engine.internal.core.decision.RecoveryGates;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.Terms;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The recovery of one failed server, ordered by a person or by the engine itself. */
final class RecoveryChange implements Change<RecoveryChange.Ready, RecoveryOutcome> {
    private final RecoveryPorts ports;
    private final RecoveryStores stores;
    private final Leadership leadership;
    private final Gatekeeper gates;
    private final RecoveryRuns runs;
    private final DecisionBook book;
    private final Circumstances circumstances;
    private final Attempt wish;
    private final String uid = UUID.randomUUID().toString();
    // Set by the last look: what the backend said, so that it is asked once for each attempt.
    private Gatekeeper.@Nullable Said said;

    /**
     * What the run is told.
     *
     * @param attempt the wish with the finding of the fresh reading
     * @param fleet that reading
     * @param terms who takes part
     */
    record Ready(Attempt attempt, Fleet fleet, Terms terms) {}

    RecoveryChange(RecoveryPorts ports, Parts parts, Attempt wish) {
        this.ports = ports;
        this.stores = parts.stores();
        this.leadership = parts.leadership();
        this.gates = parts.gates();
        this.runs = parts.runs();
        this.book = parts.book();
        this.circumstances = parts.circumstances();
        this.wish = wish;
    }

    /** What recoveries share. */
    record Parts(
            RecoveryStores stores,
            Leadership leadership,
            Gatekeeper gates,
            RecoveryRuns runs,
            DecisionBook book,
            Circumstances circumstances) {}

    @Override
    public Actor actor() {
        return wish.actor();
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
        return Records.lockReason(uid, wish.failed());
    }

    @Override
    public Prepared<Ready> look() {
        Fleet fleet = ports.fleet().current();
        List<GateVerdict> quick = gates.quickLook(wish, fleet);
        if (!RecoveryGates.passed(quick)) {
            return Prepared.refused(new Decision(wish.finding(), quick, null));
        }
        if (book.last(wish.failed()).flatMap(Decision::refusal).isEmpty()) {
            gates.openWays(wish.failed(), fleet);
        }
        Terms all = gates.terms(wish, fleet, null);
        Gatekeeper.Said now = gates.askBackend(wish, fleet, all.followers());
        said = now;
        Decision decision = new Decision(wish.finding(), gates.ask(wish, fleet, now.facts()), null);
        Terms terms = gates.terms(wish, fleet, now);
        return new Prepared<>(decision, LockRequest.forRecovery(locked(terms)), null);
    }

    private static List<InstanceKey> locked(Terms terms) {
        List<InstanceKey> all = new ArrayList<>(terms.participants());
        all.add(terms.primary());
        return all;
    }

    @Override
    public Prepared<Ready> lookAgain(MaintenanceLock lock) {
        Fleet fleet = gates.readAnew(wish.failed());
        FailureAnalysis finding = ports.reanalysis()
                .analyze(fleet, fleet.canonical(wish.failed()))
                .orElse(null);
        Attempt attempt = wish.with(finding);
        Gatekeeper.Said now = Objects.requireNonNull(said, "looked again before the first look");
        Terms terms = gates.terms(attempt, fleet, now);
        Decision decision = circumstances.explained(gates.decide(attempt, fleet, terms, now.facts()));
        return new Prepared<>(decision, LockRequest.forRecovery(locked(terms)), new Ready(attempt, fleet, terms));
    }

    @Override
    public RecoveryOutcome lockedOut(Prepared<Ready> first, String holder) {
        return new RecoveryOutcome(ChangeGates.refused(first.decision(), RefusalReason.LOCKED, holder), null);
    }

    @Override
    public RecoveryOutcome refused(Prepared<Ready> prepared) {
        return new RecoveryOutcome(prepared.decision(), null);
    }

    @Override
    public RecoveryOutcome run(Prepared<Ready> prepared, MaintenanceLock lock, RunRegistry.Run running) {
        Ready ready = prepared.what();
        Optional<Lease> lease = leadership.held().map(h -> h.lease());
        if (wish.automatic() && lease.isEmpty()) {
            return unregistered(prepared, RefusalReason.STALE_EPOCH, "the leadership ended while deciding");
        }
        Lease under = wish.automatic() ? lease.orElse(null) : null;
        Authority right =
                under == null ? Authority.ofLocks(lock, ports.clocks().ticker()) : Authority.ofLease(leadership, under);
        RecoveryRecord record = record(ready, under);
        Registration registration = stores.register(record, right.right());
        switch (registration.outcome()) {
            case STALE_EPOCH:
                return unregistered(prepared, RefusalReason.STALE_EPOCH, "the backend knows a later leader");
            case CLUSTER_BUSY:
                return unregistered(prepared, RefusalReason.RECOVERY_ACTIVE, Records.busy(registration.other()));
            case REGISTERED:
                break;
        }
        if (wish.automatic()) {
            book.record(wish.failed(), record.clusterName(), prepared.decision());
        }
        runs.tellBegin(record);
        Procedure procedure = RecoveryDecision.procedure(ready.attempt());
        RecoveryRuns.Ended ended = runs.run(
                new RecoveryRuns.Run(record, procedure, ready.terms(), ready.fleet(), right, running, 0, null));
        return new RecoveryOutcome(prepared.decision(), ended.record());
    }

    private RecoveryOutcome unregistered(Prepared<Ready> prepared, RefusalReason reason, String facts) {
        Attempt decided = wish.with(prepared.decision().analysis());
        return new RecoveryOutcome(
                decided.refusedBy(prepared.decision().verdicts(), "can it be registered", reason, facts), null);
    }

    /** Readings are stamped by another clock than what recoveries do. */
    private @Nullable Instant ownTime(@Nullable Instant read) {
        return read == null
                ? null
                : ports.clocks()
                        .instant()
                        .minus(Duration.between(read, ports.clocks().readings().instant()));
    }

    private RecoveryRecord record(Ready ready, @Nullable Lease lease) {
        Records.Beginning beginning = new Records.Beginning(
                uid,
                wish.actor(),
                ports.node(),
                ports.nodeToken(),
                lease == null ? 0 : lease.epoch(),
                ports.clocks().instant());
        FailureAnalysis finding = Objects.requireNonNull(ready.attempt().finding());
        InstanceKey failed = ready.terms().primary();
        Instant since = ownTime(ready.fleet().member(failed).orElseThrow().failingSince());
        return Records.ofFailure(
                beginning,
                finding,
                since == null ? wish.confirmedAt() : since,
                wish.confirmedAt(),
                ready.terms(),
                ready.fleet());
    }
}
