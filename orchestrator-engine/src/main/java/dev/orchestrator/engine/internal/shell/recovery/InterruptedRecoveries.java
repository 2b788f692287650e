package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Door;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.plan.Losses;
import dev.orchestrator.engine.internal.core.plan.Phases;
import dev.orchestrator.engine.internal.core.refactor.TakeoverSteps;
import dev.orchestrator.engine.internal.shell.leader.Leadership;
import dev.orchestrator.spi.Fence;
import dev.orchestrator.spi.FenceState;
import dev.orchestrator.spi.LockStore.LockInfo;
import dev.orchestrator.spi.RecoveryStore;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the recoveries that vanished nodes left under way. What is true is read from the servers: if one of the replicas
 * was promoted already, the recovery is finished; if not, the replicas replicate again as they did, and detection begins
 * anew, unhindered by the failed attempt. Whoever still runs a recovery still has its locks, and is left alone.
 */
final class InterruptedRecoveries {
    private static final Logger log = LoggerFactory.getLogger(InterruptedRecoveries.class);
    /** Rows the vanished node may still write, late: ours must not take their numbers. */
    private static final int MOST_UNWRITTEN = 100;

    private static final Duration SELDOM = Duration.ofSeconds(10);

    private final RecoveryPorts ports;
    private final RecoveryRunner runner;
    private final FenceKeeper fences;
    private final LockTaking locks;
    // Owned by the tick's thread.
    private boolean some = true;
    private long lastLook;

    InterruptedRecoveries(RecoveryPorts ports, RecoveryRunner runner, FenceKeeper fences) {
        this.ports = ports;
        this.runner = runner;
        this.fences = fences;
        this.locks = new LockTaking(ports.locks());
        this.lastLook = ports.ticker().nanos();
    }

    void leadershipGained() {
        some = true;
    }

    /** Looks for them; often as long as there are some. Returns whether one was ended. */
    boolean tick() {
        Optional<Leadership.Held> held = ports.leadership().held();
        boolean due = some || ports.ticker().nanos() - lastLook > SELDOM.toNanos();
        if (held.isEmpty() || !due || ports.config().observeOnly()) {
            return false;
        }
        lastLook = ports.ticker().nanos();
        List<RecoveryRecord> left = ports.recoveries().find(RecoveryStore.Filter.active()).stream()
                .filter(r -> !runner.isRunning(r.uid()) && !isOfThisTenure(r, held.get()))
                .toList();
        boolean ended = false;
        int waiting = 0;
        for (RecoveryRecord record : left) {
            if (takeOver(record, held.get())) {
                ended = true;
            } else {
                waiting++;
            }
        }
        some = waiting > 0;
        return ended;
    }

    /** Registered by this very tenure and not in the set of running ones: between the two for a moment. */
    private boolean isOfThisTenure(RecoveryRecord record, Leadership.Held held) {
        return record.epoch() == held.lease().epoch()
                && record.nodeToken().equals(ports.nodeToken())
                && record.startedAt().isAfter(ports.clock().instant().minus(SELDOM));
    }

    private boolean takeOver(RecoveryRecord record, Leadership.Held held) {
        List<InstanceKey> replicas = record.replicas();
        if (record.epoch() != 0 && record.epoch() < held.lease().epoch()) {
            endLocksOf(record);
        }
        Optional<LockTaking.Taken> taken = locks.take(
                record.failed(),
                replicas,
                ports.automatic(),
                "taking over " + RecoveryRunner.lockReason(record.uid(), record.failed()));
        if (taken.isEmpty()) {
            return false;
        }
        try (MaintenanceLock lock = taken.get().lock()) {
            log.atWarn()
                    .addKeyValue("recovery", record.uid())
                    .addKeyValue("instance", record.failed())
                    .addKeyValue("node", record.node())
                    .addKeyValue("locked", lock.instances())
                    .log("a recovery was left under way by a node that vanished");
            return finishOrGiveUp(record, taken.get(), Authority.ofLease(ports.leadership(), held.lease()));
        }
    }

    /** The locks of a leader whose lease is over protect nothing any more: its commands are guarded by the lease. */
    private void endLocksOf(RecoveryRecord record) {
        for (LockInfo lock : ports.locks().active()) {
            if (lock.owner().door() == Door.AUTOMATIC && lock.reason().contains(record.uid())) {
                ports.locks().end(lock.instance(), ports.automatic());
            }
        }
    }

    private boolean finishOrGiveUp(RecoveryRecord record, LockTaking.Taken taken, Authority authority) {
        List<InstanceKey> all = new ArrayList<>(record.replicas());
        all.add(record.failed());
        Fleet fleet = ports.fleet().refresh(all, RecoveryRun.READ);
        RecoveryOrder order = new RecoveryOrder(
                record.failed(), record.replicas(), taken.impact().excluded(), Map.of(), null, true);
        RecordKeeper keeper = new RecordKeeper(ports.recoveries(), authority.right(), record);
        int lastStep = ports.recoveries().steps(record.uid()).stream()
                        .mapToInt(s -> s.number())
                        .max()
                        .orElse(0)
                + MOST_UNWRITTEN;
        RecoveryRun run = runner.context(record.uid(), order, authority, keeper, lastStep);
        run.log().note(Phases.DECIDE, record.failed(), "taken over by " + ports.node() + " from " + record.node());
        if (record.analysis().isOfIntermediateSource()) {
            startReceivers(run, fleet, record);
            return true;
        }
        Optional<Instance> promoted = promoted(fleet, record);
        if (promoted.isPresent()) {
            finish(run, fleet, record, promoted.get());
        } else {
            giveUp(run, record);
        }
        return true;
    }

    /** A writable replica that reads from nobody, or was named as successor before it was made writable. */
    private static Optional<Instance> promoted(Fleet fleet, RecoveryRecord record) {
        return record.replicas().stream()
                .flatMap(k -> RecoveryRun.answering(fleet, k).stream())
                .filter(Instance::isWritable)
                .filter(i -> i.key().equals(record.successor()) || i.channels().isEmpty())
                .findFirst();
    }

    private void finish(RecoveryRun run, Fleet fleet, RecoveryRecord record, Instance primary) {
        run.log().note(Phases.VERIFY, primary.key(), "it was promoted already; the recovery is finished");
        Instance former = fleet.instance(record.failed()).orElse(null);
        fence(record, primary.key(), run.authority().right());
        Instant promotedAt = record.promotedAt();
        Losses losses = Losses.atPromotion(former, null, primary.executedGtids(), GtidSet.empty(), List.of());
        run.keeper()
                .edit(r -> r.successor(primary.key())
                        .successorUuid(primary.serverUuid())
                        .successorAlias(primary.instanceAlias())
                        .promotedAt(promotedAt == null ? ports.clock().instant() : promotedAt)
                        .gtidsAtPromotion(
                                record.gtidsAtPromotion() == null ? primary.executedGtids() : record.gtidsAtPromotion())
                        .lostGtids(losses.gtids())
                        .lossNote(losses.note())
                        .successful(true));
        run.keeper().error("finished by " + ports.node() + " after " + record.node() + " vanished");
        new AfterPromotion(run, new ReceiverStop(run)).complete(fleet, primary);
        runner.end(run, true);
    }

    private void fence(RecoveryRecord record, InstanceKey successor, Right right) {
        if (record.failedUuid().isEmpty()
                || ports.fences().standing().stream()
                        .anyMatch(f -> f.serverUuid().equals(record.failedUuid()))) {
            return;
        }
        Fence fence = new Fence(
                record.failedUuid(),
                record.failed(),
                record.cluster(),
                successor,
                record.uid(),
                FenceState.PENDING,
                "replaced by " + successor,
                ports.clock().instant());
        if (ports.fences().add(fence, right)) {
            fences.enforce(fence, Authority.none());
        }
    }

    /** Who was moved stays where it is; the others look for the source they had, and detection decides anew. */
    private void startReceivers(RecoveryRun run, Fleet fleet, RecoveryRecord record) {
        run.executor().perform(run.planner().restore(fleet, run.order().participants()));
        close(run, record, "the replicas' receivers run again, and detection decides anew");
    }

    private void giveUp(RecoveryRun run, RecoveryRecord record) {
        if (record.analysis() == AnalysisCode.GRACEFUL_TAKEOVER) {
            writableAgain(run, record);
        }
        new Restoration(run).restore(run.order().participants());
        ports.fences().standing().stream()
                .filter(f ->
                        f.recoveryUid().equals(record.uid()) && f.serverUuid().equals(record.failedUuid()))
                .forEach(f ->
                        fences.lift(f, run.authority(), "its recovery was interrupted before anybody was promoted"));
        run.keeper().edit(r -> r.successor(null).successorUuid("").successorAlias(""));
        close(run, record, ports.node() + " let the replicas replicate again, and detection decides anew");
    }

    private void close(RecoveryRun run, RecoveryRecord record, String what) {
        run.keeper().error("interrupted: " + record.node() + " vanished; " + what);
        runner.end(run, false);
        ports.recoveries()
                .acknowledge(
                        RecoveryStore.Filter.byUid(record.uid()),
                        ports.automatic(),
                        "interrupted before anybody was promoted; it must not block the next recovery");
    }

    /** A primary that was to hand over was writable, and was made read-only by nobody but the takeover. */
    private void writableAgain(RecoveryRun run, RecoveryRecord record) {
        Fleet fleet = ports.fleet().refresh(List.of(record.failed()), RecoveryRun.READ);
        RecoveryRun.answering(fleet, record.failed())
                .filter(i -> i.serverUuid().equals(record.failedUuid())
                        && i.channels().isEmpty())
                .ifPresent(i -> {
                    StepResult result = run.executor().perform(Phases.RESTORE, TakeoverSteps.writable(i));
                    if (!result.done()) {
                        run.keeper().error(record.failed() + " may still be read-only: " + result.inWords());
                    }
                });
    }
}
