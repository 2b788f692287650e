package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryOutcome;
import dev.orchestrator.engine.internal.core.decision.Attempt;
import dev.orchestrator.engine.internal.shell.execution.RecoveryPorts;
import dev.orchestrator.engine.internal.shell.fencing.Fences;
import dev.orchestrator.engine.internal.shell.home.BackendHome;
import dev.orchestrator.engine.internal.shell.home.Remembered;
import dev.orchestrator.engine.internal.shell.leader.Leadership;
import dev.orchestrator.engine.internal.shell.leader.LeaseKeeper;
import dev.orchestrator.spi.Lease;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
final class HomeRecovery {
    private static final Logger log = LoggerFactory.getLogger(HomeRecovery.class);
    private static final String GATE = "can the backend's own primary be replaced";

    /** A promotion takes some tenths of a second; what cannot be finished is not begun. */
    private static final Duration ENOUGH = Duration.ofMillis(700);

    private static final Duration GLANCE = Duration.ofMillis(300);
    private static final Duration MOVING = Duration.ofMillis(400);

    private final RecoveryPorts ports;
    private final BackendHome home;
    private final LeaseKeeper lease;
    private final Path folder;
    private final RecoveryChange.Parts parts;
    private final Fences fences;
    private final Executor threads;
    private final Queue<Offline> unbrought = new ConcurrentLinkedQueue<>();

    /** What is to be brought to the backend. */
    private record Offline(OfflineStores stores, OfflineJournal journal) {}

    HomeRecovery(RecoveryPorts ports, HomeAccess access, RecoveryChange.Parts parts, Fences fences, Executor threads) {
        this.ports = ports;
        this.home = access.home();
        this.lease = access.lease();
        this.folder = access.journalFolder();
        this.parts = parts;
        this.fences = fences;
        this.threads = threads;
    }

    /** Whether the backend lives on the failed server and is gone with it. */
    boolean isCalledFor(Attempt attempt) {
        return attempt.automatic()
                && attempt.type().promotes()
                && home.isHome(attempt.failed(), ports.fleet().current())
                && !home.answers();
    }

    /** Decides, and does it if nothing refuses. Returns when it is over. */
    RecoveryOutcome attempt(Attempt attempt) {
        Optional<Leadership.Held> held = ports.leadership().held();
        Optional<Remembered> remembered = home.remembered();
        if (held.isEmpty()) {
            return refused(attempt, "this node does not lead, or its lease ran out meanwhile");
        }
        if (remembered.isEmpty()) {
            return refused(attempt, "what operators want was never read by this leader");
        }
        if (!hasCrashed(attempt.failed())) {
            return refused(
                    attempt,
                    "the backend's server " + attempt.failed() + " does not answer, but does not refuse connections"
                            + " either: it may be frozen or cut off, and hold the backend still");
        }
        Duration left =
                Duration.ofNanos(held.get().deadlineNanos() - ports.clocks().nanos());
        if (left.compareTo(ENOUGH) < 0) {
            return refused(attempt, "the lease is certain for " + left.toMillis() + " ms more, which is not enough");
        }
        home.handling(true);
        try {
            return recover(attempt, held.get().lease(), remembered.get());
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

    private static RecoveryOutcome refused(Attempt attempt, String why) {
        return new RecoveryOutcome(
                attempt.refusedBy(List.of(), GATE, RefusalReason.BACKEND_UNAVAILABLE, why + "; nothing is done"), null);
    }

    private RecoveryOutcome recover(Attempt attempt, Lease under, Remembered remembered) {
        OfflineJournal journal = new OfflineJournal(folder, ports.clocks().day());
        OfflineStores stores = new OfflineStores(remembered, journal);
        Offline offline = new Offline(stores, journal);
        Succession succession = new Succession(ports.leadership());
        unbrought.add(offline);
        RecoveryOutcome outcome;
        try (StepJournal steps = new StepJournal(stores::saveStep)) {
            Away away = new Away(journal, succession, under, age(remembered));
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
                unbrought.remove(offline);
                journal.remove();
            }
        }
        bring();
        return outcome;
    }

    private Duration age(Remembered remembered) {
        return Duration.between(remembered.at(), ports.clocks().instant());
    }

    /**
     * Brings to the backend what is not there yet. To be told now and then; on any node, as the record of what this node
     * did is nobody else's.
     */
    void bring() {
        unbrought.removeIf(offline -> {
            try {
                offline.stores().bring(ports.recoveries(), ports.fences(), fences);
            } catch (OrchestratorException e) {
                log.atInfo()
                        .addKeyValue("journal", offline.journal().file())
                        .addKeyValue("why", e.getMessage())
                        .log("the record of a recovery cannot be brought to the backend yet");
                return false;
            }
            if (offline.stores().hasEnded()) {
                offline.journal().remove();
            }
            return offline.stores().isOver(ports.clocks().instant());
        });
    }

    /** While the backend is away. */
    private final class Away implements Circumstances {
        private final Succession succession;
        private final Lease under;
        private final String facts;

        Away(OfflineJournal journal, Succession succession, Lease under, Duration age) {
            this.succession = succession;
            this.under = under;
            this.facts =
                    "the backend is gone with this server: intents, locks and former recoveries are those that were"
                            + " read " + age.toMillis() + " ms before; the journal is "
                            + journal.file();
        }

        @Override
        public Decision explained(Decision decision) {
            List<GateVerdict> verdicts = new ArrayList<>(List.of(new GateVerdict(GATE, null, facts)));
            verdicts.addAll(decision.verdicts());
            return new Decision(decision.analysis(), verdicts, decision.plan());
        }

        @Override
        public String remark() {
            return facts;
        }

        /**
         * Goes to the new primary at once, but not at any price: with semi-sync, it acknowledges nothing before a replica
         * follows it, and the replicas are repointed under the former lease meanwhile.
         */
        @Override
        public void promoted(Instance primary) {
            CompletableFuture<Void> moved = CompletableFuture.runAsync(() -> move(primary.key()), threads);
            await(moved);
        }

        private void await(CompletableFuture<Void> moved) {
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

        private void move(InstanceKey primary) {
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
}
