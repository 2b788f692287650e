package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.recovery.RecoveryOutcome;
import dev.orchestrator.engine.internal.core.decision.RecoveryAttempt;
import dev.orchestrator.engine.internal.core.selfhosted.Remembered;
import dev.orchestrator.engine.internal.core.selfhosted.SelfHostedBackendGate;
import dev.orchestrator.engine.internal.shell.execution.RecoveryPorts;
import dev.orchestrator.engine.internal.shell.fencing.Fences;
import dev.orchestrator.engine.internal.shell.leader.Leadership;
import dev.orchestrator.engine.internal.shell.leader.LeaseKeeper;
import dev.orchestrator.engine.internal.shell.selfhosted.SelfHostedBackend;
import dev.orchestrator.spi.Lease;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces the primary that the backend itself lives on, when it crashed. The leader's lease cannot be renewed any more,
 * and holds for a moment only: what is decided is decided from memory, and what is done is written down here and brought
 * to the backend later. A server that does not answer but has not crashed is left alone: it may hold the backend still.
 */
final class SelfHostedBackendRecovery {
    private static final Logger log = LoggerFactory.getLogger(SelfHostedBackendRecovery.class);
    private static final Duration GLANCE = Duration.ofMillis(300);
    private static final Duration MOVING = Duration.ofMillis(400);

    private final RecoveryPorts ports;
    private final SelfHostedBackend home;
    private final LeaseKeeper lease;
    private final Path folder;
    private final RecoveryChange.Parts parts;
    private final Fences fences;
    private final Executor threads;
    private final Queue<OfflineStores> unbrought = new ConcurrentLinkedQueue<>();

    SelfHostedBackendRecovery(
            RecoveryPorts ports,
            SelfHostedBackendAccess access,
            RecoveryChange.Parts parts,
            Fences fences,
            Executor threads) {
        this.ports = ports;
        this.home = access.home();
        this.lease = access.lease();
        this.folder = access.journalFolder();
        this.parts = parts;
        this.fences = fences;
        this.threads = threads;
    }

    /** Whether the backend lives on the failed server and is gone with it. */
    boolean isCalledFor(RecoveryAttempt attempt) {
        return attempt.automatic()
                && attempt.type().promotes()
                && home.isHome(attempt.failed(), ports.fleet().current())
                && !home.answers();
    }

    /** Decides, and does it if nothing refuses. Returns when it is over. */
    RecoveryOutcome attempt(RecoveryAttempt attempt) {
        Optional<Leadership.Held> held = ports.leadership().held();
        Optional<Remembered> remembered = home.remembered();
        boolean crashed = held.isPresent() && remembered.isPresent() && hasCrashed(attempt.failed());
        long now = ports.clocks().nanos();
        Duration left = held.map(h -> Duration.ofNanos(h.deadlineNanos() - now)).orElse(Duration.ZERO);
        Optional<Decision> refusal =
                SelfHostedBackendGate.refusal(attempt, held.isPresent(), remembered.isPresent(), crashed, left);
        if (refusal.isPresent()) {
            return new RecoveryOutcome(refusal.get(), null);
        }
        home.handling(true);
        try {
            return recover(attempt, held.orElseThrow().lease(), remembered.orElseThrow());
        } finally {
            home.handling(false);
            lease.announce();
        }
    }

    private boolean hasCrashed(InstanceKey failed) {
        return ports.gateway()
                .probe(failed, GLANCE)
                .match(seen -> false, f -> f.failure().kind() == ProbeFailure.Kind.REFUSED);
    }

    private RecoveryOutcome recover(RecoveryAttempt attempt, Lease under, Remembered remembered) {
        OfflineJournal journal = new OfflineJournal(folder, ports.clocks().day());
        OfflineStores stores = new OfflineStores(remembered, journal, ports, fences);
        LeaseHandover succession = new LeaseHandover(ports.leadership());
        Duration age = Duration.between(remembered.at(), ports.clocks().instant());
        RecoveryMode away = new RecoveryMode(
                SelfHostedBackendGate.remark(age, journal.file()), primary -> follow(primary.key(), under, succession));
        unbrought.add(stores);
        RecoveryOutcome outcome;
        try (StepJournal steps = new StepJournal(stores::saveStep)) {
            RecoveryChange.Parts withoutBackend = new RecoveryChange.Parts(
                    stores,
                    succession,
                    new Gatekeeper(ports, stores, threads),
                    parts.runs().offline(stores, steps, stores, away),
                    parts.book(),
                    away);
            outcome = RecoveryCoordinator.attempt(ports, withoutBackend, attempt);
        } finally {
            if (stores.record().isEmpty()) {
                unbrought.remove(stores);
                journal.remove();
            }
        }
        bring();
        return outcome;
    }

    /**
     * Brings to the backend what is not there yet. To be told now and then; on any node, as the record of what this node
     * did is nobody else's.
     */
    void bring() {
        unbrought.removeIf(OfflineStores::bring);
    }

    /**
     * Goes to the new primary at once, but not at any price: with semi-sync, it acknowledges nothing before a replica
     * follows it, and the replicas are repointed under the former lease meanwhile.
     */
    private void follow(InstanceKey primary, Lease under, LeaseHandover succession) {
        CompletableFuture<Void> moved = CompletableFuture.runAsync(() -> move(primary, under, succession), threads);
        try {
            moved.get(MOVING.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            log.atInfo().log("the backend's new place is taken while the replicas are repointed");
        } catch (ExecutionException e) {
            log.atError().setCause(e).log("the backend's new place cannot be taken");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void move(InstanceKey primary, Lease under, LeaseHandover succession) {
        try {
            if (home.succeed(primary, under, next -> succession.succeeded(under, next))) {
                bring();
            } else {
                log.atError()
                        .addKeyValue("backend", primary)
                        .log("somebody else leads in the new backend, or this leadership is over");
            }
        } catch (OrchestratorException e) {
            log.atError()
                    .addKeyValue("backend", primary)
                    .setCause(e)
                    .log("the new primary was promoted, but does not take the backend's place yet");
        }
    }
}
