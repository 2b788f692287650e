package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Door;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.ChannelSettings;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.api.recovery.ServerBefore;
import dev.orchestrator.engine.internal.core.decision.LockWords;
import dev.orchestrator.engine.internal.core.procedure.Before;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import dev.orchestrator.engine.internal.core.recovery.Procedures;
import dev.orchestrator.engine.internal.core.recovery.Scope;
import dev.orchestrator.engine.internal.shell.execution.Authority;
import dev.orchestrator.engine.internal.shell.execution.RunRegistry;
import dev.orchestrator.engine.internal.shell.leader.Leadership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on with the recoveries and switchovers that vanished nodes left under way, by the same procedure, from the record
 * and fresh readings: forward once the record names a successor, else back to how things were. Whoever still runs one
 * still has its locks, and is left alone; a person's lock on a single server holds nothing up.
 */
final class ResumedRecoveries {
    private static final Logger log = LoggerFactory.getLogger(ResumedRecoveries.class);
    /** Rows the vanished node may still write, late: ours must not take their numbers. */
    private static final int MOST_UNWRITTEN = 100;

    private static final Duration SELDOM = Duration.ofSeconds(10);
    private static final Duration SETTINGS = Duration.ofSeconds(2);

    private final RecoveryPorts ports;
    private final RecoveryRuns runs;
    private final Executor threads;
    private final Set<String> resuming = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean ended = new AtomicBoolean();
    // Owned by the tick's thread.
    private boolean some = true;
    private long lastLook;

    ResumedRecoveries(RecoveryPorts ports, RecoveryRuns runs, Executor threads) {
        this.ports = ports;
        this.runs = runs;
        this.threads = threads;
        this.lastLook = ports.ticker().nanos();
    }

    void leadershipGained() {
        some = true;
    }

    /** Whether none is being gone on with at this moment. */
    boolean isIdle() {
        return resuming.isEmpty();
    }

    /** Looks for them; often as long as there are some. Returns whether one has ended since the last look. */
    boolean tick() {
        Optional<Leadership.Held> held = ports.leadership().held();
        boolean due = some || ports.ticker().nanos() - lastLook > SELDOM.toNanos();
        if (held.isPresent() && due && !ports.config().observeOnly()) {
            lastLook = ports.ticker().nanos();
            List<RecoveryRecord> left = ports.recoveries().find(RecoveryFilter.active()).stream()
                    .filter(r -> !runs.isRunning(r.uid()) && !isOfThisTenure(r, held.get()))
                    .toList();
            some = !left.isEmpty();
            left.forEach(r -> resume(r, held.get()));
        }
        return ended.getAndSet(false);
    }

    /** Registered by this very tenure and not in the set of running ones: between the two for a moment. */
    private boolean isOfThisTenure(RecoveryRecord record, Leadership.Held held) {
        return record.epoch() == held.lease().epoch()
                && record.nodeToken().equals(ports.nodeToken())
                && record.startedAt().isAfter(ports.clock().instant().minus(SELDOM));
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
        if (record.epoch() != 0 && record.epoch() < held.lease().epoch()) {
            endLocksOf(record);
        }
        List<LockInfo> active =
                ports.locks().active().stream().filter(l -> !l.shared()).toList();
        Set<InstanceKey> servers = servers(record);
        if (isHeldByOperation(record, servers, active)) {
            return false;
        }
        Map<InstanceKey, String> locked = new TreeMap<>();
        active.stream()
                .filter(l -> servers.contains(l.instance()))
                .forEach(l -> locked.put(l.instance(), LockWords.describe(l)));
        List<InstanceKey> free =
                servers.stream().filter(k -> !locked.containsKey(k)).toList();
        if (free.isEmpty()) {
            goOn(record, held, locked);
            return true;
        }
        String reason = "going on with " + RecoveryChange.lockReason(record.uid(), record.failed());
        try (MaintenanceLock lock = ports.locks().acquire(LockRequest.forRecovery(free), ports.automatic(), reason)) {
            log.atWarn()
                    .addKeyValue("recovery", record.uid())
                    .addKeyValue("instance", record.failed())
                    .addKeyValue("node", record.node())
                    .addKeyValue("locked", lock.instances())
                    .log("a recovery was left under way by a node that vanished");
            goOn(record, held, locked);
            return true;
        } catch (OrchestratorException e) {
            if (e.code() != ErrorCode.LOCKED) {
                throw e;
            }
            return false;
        }
    }

    private static Set<InstanceKey> servers(RecoveryRecord record) {
        Set<InstanceKey> servers = new TreeSet<>(record.replicas());
        record.before().stream().map(ServerBefore::key).forEach(servers::add);
        servers.add(record.failed());
        return servers;
    }

    /** An operation is told from a person by what it locks: the engine's own locks, or several servers at once. */
    private static boolean isHeldByOperation(RecoveryRecord record, Set<InstanceKey> servers, List<LockInfo> active) {
        Map<String, Long> sizes =
                active.stream().collect(Collectors.groupingBy(LockInfo::token, Collectors.counting()));
        return active.stream()
                .filter(l -> servers.contains(l.instance()))
                .anyMatch(l -> l.owner().door() == Door.AUTOMATIC
                        || sizes.getOrDefault(l.token(), 1L) > 1
                        || l.reason().contains(record.uid()));
    }

    /** The locks of a leader whose lease is over protect nothing any more: its commands are guarded by the lease. */
    private void endLocksOf(RecoveryRecord record) {
        for (LockInfo lock : ports.locks().active()) {
            if (lock.owner().door() == Door.AUTOMATIC && lock.reason().contains(record.uid())) {
                ports.locks().end(lock.instance(), ports.automatic());
            }
        }
    }

    private void goOn(RecoveryRecord record, Leadership.Held held, Map<InstanceKey, String> locked) {
        Fleet fleet = ports.fleet().refresh(servers(record), Gatekeeper.READ);
        boolean switchover = record.type() == RecoveryType.SWITCHOVER;
        boolean named = record.successor() != null;
        Terms terms = Scope.resumed(
                fleet,
                record.failed(),
                record.replicas(),
                new Before(record.before()),
                named ? locked : Map.of(),
                switchover ? record.successor() : null,
                ports.config());
        Procedure procedure = Procedures.of(record.type(), switchover ? settings(fleet, record) : null, true);
        int lastStep = ports.recoveries().steps(record.uid()).stream()
                        .mapToInt(s -> s.number())
                        .max()
                        .orElse(0)
                + MOST_UNWRITTEN;
        String interrupted = named
                ? null
                : "interrupted: " + record.node() + " vanished before anybody was promoted; " + ports.node()
                        + " puts things back, and detection decides anew";
        RecoveryRecord left = named ? withError(record) : record;
        RecoveryRecord after;
        String what = "going on with " + RecoveryChange.lockReason(record.uid(), record.failed());
        try (RunRegistry.Run running =
                ports.runs().begin(record.uid(), "recovery", what, servers(record), ports.automatic())) {
            after = runs.run(new RecoveryRuns.Run(
                    left,
                    procedure,
                    terms,
                    fleet,
                    Authority.ofLease(ports.leadership(), held.lease()),
                    running,
                    lastStep,
                    interrupted));
        }
        if (!after.isActive() && !after.successful()) {
            ports.recoveries()
                    .acknowledge(
                            RecoveryFilter.byUid(record.uid()),
                            ports.automatic(),
                            "interrupted before anybody was promoted; it must not block the next recovery");
        }
    }

    private RecoveryRecord withError(RecoveryRecord record) {
        List<String> errors = new ArrayList<>(record.errors());
        errors.add("finished by " + ports.node() + " after " + record.node() + " vanished");
        return record.toBuilder().errors(errors).build();
    }

    /** How the former primary is to connect: as the successor did, or as one of its siblings does. */
    private @Nullable ChannelSettings settings(Fleet fleet, RecoveryRecord record) {
        List<InstanceKey> asked = new ArrayList<>(record.replicas());
        for (InstanceKey key : asked) {
            Optional<Instance> replica =
                    fleet.instance(key).filter(i -> !i.channels().isEmpty());
            if (replica.isEmpty()) {
                continue;
            }
            try {
                Optional<ChannelSettings> settings = ports.gateway()
                        .channelSettings(
                                key, replica.get().mainChannel().orElseThrow().name(), SETTINGS)
                        .filter(s -> s.credentials().isPresent());
                if (settings.isPresent()) {
                    return settings.get();
                }
            } catch (OrchestratorException e) {
                log.atInfo().addKeyValue("instance", key).setCause(e).log("its channel's settings cannot be read");
            }
        }
        return null;
    }
}
