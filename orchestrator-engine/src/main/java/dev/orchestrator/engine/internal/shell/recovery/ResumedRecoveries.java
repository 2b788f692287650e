package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.model.channel.ChannelSettings;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.recovery.Records;
import dev.orchestrator.engine.internal.core.recovery.Resumption;
import dev.orchestrator.engine.internal.core.recovery.Unattended;
import dev.orchestrator.engine.internal.core.recovery.Undertaking;
import dev.orchestrator.engine.internal.shell.execution.Authority;
import dev.orchestrator.engine.internal.shell.execution.RecoveryPorts;
import dev.orchestrator.engine.internal.shell.execution.RunRegistry;
import dev.orchestrator.engine.internal.shell.leader.Leadership;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on with the recoveries and switchovers that vanished nodes left under way, by the same procedure, from the record
 * and fresh readings: forward once the record names a successor, else back to how things were. Whoever still runs one
 * still has its locks, and is left alone; an operator's lock on a single server holds nothing up, unless that one has to be
 * made writable.
 */
final class ResumedRecoveries {
    private static final Logger log = LoggerFactory.getLogger(ResumedRecoveries.class);
    private static final Duration SELDOM = Duration.ofSeconds(10);

    private final RecoveryPorts ports;
    private final RecoveryRuns runs;
    private final Executor threads;
    private final Set<String> resuming = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean ended = new AtomicBoolean();
    // By recovery: the lock that people were told of.
    private final Map<String, Long> waitingFor = new ConcurrentHashMap<>();
    // Owned by the tick's thread.
    private boolean some = true;
    private long lastLook;

    ResumedRecoveries(RecoveryPorts ports, RecoveryRuns runs, Executor threads) {
        this.ports = ports;
        this.runs = runs;
        this.threads = threads;
        this.lastLook = ports.clocks().nanos();
    }

    void leadershipGained() {
        some = true;
    }

    /** Looks for them; often as long as there are some. Returns whether one has ended since the last look. */
    boolean tick() {
        Optional<Leadership.Held> held = ports.leadership().held();
        boolean due = some || runs.anyAbandoned() || ports.clocks().nanos() - lastLook > SELDOM.toNanos();
        if (held.isPresent() && due && !ports.config().observeOnly()) {
            lastLook = ports.clocks().nanos();
            Unattended unattended = new Unattended(
                    held.get().lease().epoch(), ports.nodeToken(), ports.runs()::isRunning, runs::wasAbandoned);
            List<RecoveryRecord> active = ports.recoveries().find(RecoveryFilter.active());
            runs.forgetAbandonedExcept(active);
            List<RecoveryRecord> left = active.stream()
                    .filter(r -> unattended.holds(r, ports.clocks().instant()))
                    .toList();
            some = !left.isEmpty();
            waitingFor.keySet().retainAll(left.stream().map(RecoveryRecord::uid).toList());
            left.forEach(r -> resume(r, held.get()));
        }
        return ended.getAndSet(false);
    }

    /** On a thread of its own: a successor that does not answer may have to be waited for. */
    private void resume(RecoveryRecord record, Leadership.Held held) {
        if (!resuming.add(record.uid())) {
            return;
        }
        try {
            threads.execute(() -> {
                try {
                    if (takeOver(record, held)) {
                        ended.set(true);
                    }
                } catch (RuntimeException e) {
                    log.atWarn()
                            .addKeyValue("recovery", record.uid())
                            .setCause(e)
                            .log("an interrupted recovery cannot be gone on with yet; trying again");
                } finally {
                    resuming.remove(record.uid());
                }
            });
        } catch (RejectedExecutionException e) {
            resuming.remove(record.uid());
        }
    }

    private boolean takeOver(RecoveryRecord record, Leadership.Held held) {
        Resumption.leftLocked(record, ports.locks().active(), held.lease().epoch())
                .forEach(k -> ports.locks().end(k, ports.automatic()));
        Resumption left = Resumption.of(record, ports.locks().active());
        if (left.held()) {
            return false;
        }
        LockInfo awaited = left.awaited();
        if (awaited != null) {
            tellWaiting(record, awaited);
            return false;
        }
        List<InstanceKey> free = left.free();
        if (free.isEmpty()) {
            goOn(left, held);
            return true;
        }
        try (MaintenanceLock lock =
                ports.locks().acquire(LockRequest.forRecovery(free), ports.automatic(), left.reason())) {
            log.atWarn()
                    .addKeyValue("recovery", record.uid())
                    .addKeyValue("instance", record.failed())
                    .addKeyValue("node", record.node())
                    .addKeyValue("locked", lock.instances())
                    .log("a recovery was left under way by a node that vanished");
            goOn(left, held);
            return true;
        } catch (OrchestratorException e) {
            if (e.code() != ErrorCode.LOCKED) {
                throw e;
            }
            return false;
        }
    }

    /** Once for each lock. */
    private void tellWaiting(RecoveryRecord record, LockInfo lock) {
        if (Long.valueOf(lock.id()).equals(waitingFor.put(record.uid(), lock.id()))) {
            return;
        }
        String why = Resumption.waiting(lock);
        log.atWarn()
                .addKeyValue("recovery", record.uid())
                .addKeyValue("instance", lock.instance())
                .addKeyValue("why", why)
                .log("a recovery that a vanished node left under way waits for a lock to end");
        String waits = ", left under way by " + record.node() + ", waits: " + why;
        ports.audit().record(Records.audited(record, lock.instance(), ports.automatic(), waits));
    }

    private void goOn(Resumption left, Leadership.Held held) {
        String uid = left.record().uid();
        List<Fence> fences = ports.fences().standing();
        Map<InstanceKey, PromotionRule> rules = ports.intents().read().promotionRules();
        Fleet fleet = ports.fleet().refresh(left.everybody(ports.fleet().current()), Gatekeeper.READ);
        ChannelSettings settings = left.isSwitchover() ? settings(fleet, left.record()) : null;
        Undertaking what = new Undertaking(
                left.begin(ports.node()),
                left.procedure(settings, fences),
                left.terms(fleet, rules, ports.config()),
                fleet,
                Resumption.lastStep(ports.recoveries().steps(uid)),
                left.interrupted(ports.node(), fleet));
        RecoveryRecord after;
        try (RunRegistry.Run running =
                ports.runs().begin(uid, "recovery", left.reason(), left.servers(), ports.automatic())) {
            after = runs.run(what, Authority.ofLease(ports.leadership(), held.lease()), running)
                    .record();
        }
        if (!after.isActive() && !after.successful()) {
            Acknowledging.byHandElse(ports.recoveries(), uid, ports.automatic(), left.acknowledgement(after));
        }
    }

    /** How the former primary is to connect: as the successor did, or as one of its siblings does. */
    private @Nullable ChannelSettings settings(Fleet fleet, RecoveryRecord record) {
        return record.replicas().stream()
                .flatMap(key -> fleet.instance(key).stream())
                .filter(replica -> !replica.channels().isEmpty())
                .flatMap(replica -> ReplicationAccounts.of(
                        replica,
                        ports.gateway(),
                        why -> log.atInfo()
                                .addKeyValue("instance", replica.key())
                                .addKeyValue("why", why)
                                .log("it does not tell its channel's account"))
                        .stream())
                .findFirst()
                .orElse(null);
    }
}
