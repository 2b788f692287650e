package dev.orchestrator.simulation.backend;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.record.DataLoss;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.RecoveryStore.Registration;
import dev.orchestrator.spi.RecoveryStore.Registration.Outcome;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a backend and the conditions under which they are written, as the real one's statements have them: whoever
 * does not lead any more changes nothing, however late his statement arrives. Not thread-safe.
 */
public final class Rows {
    private final Map<String, RecoveryRecord> recoveries = new LinkedHashMap<>();
    private final Map<String, Fence> fences = new LinkedHashMap<>();
    private @Nullable Lease lease;
    private long until;
    private long epoch;
    private Fleet fleet = Fleet.empty();
    private final Map<InstanceKey, FleetMember> shown = new LinkedHashMap<>();
    private final SimulatedPromotionRules promotionRules;
    private final Runs runs;
    private boolean recoveriesEnabled = true;
    private final Writes writes;
    private final Locks locks;
    private final SimulatedDowntimes downtimes;
    private final FenceRule rule;

    Rows(FenceRule rule) {
        this(rule, new Writes(), new Locks(), new SimulatedDowntimes(), new SimulatedPromotionRules(), new Runs());
    }

    private Rows(
            FenceRule rule,
            Writes writes,
            Locks locks,
            SimulatedDowntimes downtimes,
            SimulatedPromotionRules promotionRules,
            Runs runs) {
        this.promotionRules = promotionRules;
        this.runs = runs;
        this.rule = rule;
        this.writes = writes;
        this.locks = locks;
        this.downtimes = downtimes;
        locks.watch(writes);
    }

    /** What a replica has that has executed all until now. */
    Rows copy() {
        Rows copy = new Rows(rule, writes.copy(), locks.copy(), downtimes.copy(), promotionRules, runs);
        copy.recoveriesEnabled = recoveriesEnabled;
        copy.recoveries.putAll(recoveries);
        copy.fences.putAll(fences);
        copy.lease = lease;
        copy.until = until;
        copy.epoch = epoch;
        copy.fleet = fleet;
        copy.shown.putAll(shown);
        return copy;
    }

    /** It has some of what the former one has, too: records, with the fences that belong to them and the locks. */
    void complete(Rows former, Predicate<RecoveryRecord> had) {
        former.recoveries.values().stream().filter(had).forEach(r -> recoveries.put(r.uid(), r));
        former.fences.values().stream()
                .filter(f -> had.test(Objects.requireNonNull(former.recoveries.get(f.recoveryUid()))))
                .forEach(f -> fences.put(f.serverUuid(), f));
        fences.keySet().removeIf(u -> {
            Fence there = former.fences.get(u);
            return there == null || !recoveries.containsKey(there.recoveryUid());
        });
        if (former.recoveries.values().stream().anyMatch(r -> r.isActive() && had.test(r))) {
            locks.complete(former.locks);
        }
    }

    /** Whether it may be written, and how often it was. */
    Writes writes() {
        return writes;
    }

    /**
     * Whether anything can be written.
     *
     * @return false while it is read-only
     */
    public boolean isWritable() {
        return writes.areAllowed();
    }

    /**
     * The maintenance locks.
     *
     * @return their rows
     */
    public Locks locks() {
        return locks;
    }

    /**
     * The downtimes.
     *
     * @return their rows
     */
    public SimulatedDowntimes downtimes() {
        return downtimes;
    }

    /**
     * Sets the global switch.
     *
     * @param enabled whether services may recover what nobody orders
     */
    public void enableRecoveries(boolean enabled) {
        recoveriesEnabled = enabled;
    }

    /**
     * The promotion rules.
     *
     * @return their rows
     */
    public SimulatedPromotionRules promotionRules() {
        return promotionRules;
    }

    /**
     * What operators want.
     *
     * @param now the backend's time
     * @return the switch, the downtimes that last, and the promotion rules
     */
    public Intents intents(long now) {
        return new Intents(recoveriesEnabled, downtimes.lasting(now), promotionRules.all(), Map.of());
    }

    /**
     * The running changes.
     *
     * @return their rows
     */
    public Runs runs() {
        return runs;
    }

    /**
     * Takes the lease when it is free.
     *
     * @param name of the lease
     * @param node who asks
     * @param now the backend's time
     * @param ttl how long it is granted
     * @return empty when somebody has it
     */
    public Optional<Lease> acquire(String name, String node, long now, Duration ttl) {
        writes.one();
        return holder(now).isPresent() ? Optional.empty() : Optional.of(grant(name, node, now, ttl));
    }

    /**
     * Takes the lease, whoever has it.
     *
     * @param name of the lease
     * @param node who asks
     * @param now the backend's time
     * @param ttl how long it is granted
     * @return the lease
     */
    public Lease seize(String name, String node, long now, Duration ttl) {
        writes.one();
        return grant(name, node, now, ttl);
    }

    private Lease grant(String name, String node, long now, Duration ttl) {
        epoch++;
        Lease granted = new Lease(name, node, node + "#" + writes.token(), epoch, ttl);
        lease = granted;
        until = now + ttl.toNanos();
        return granted;
    }

    /**
     * Keeps the lease.
     *
     * @param held the lease
     * @param now the backend's time
     * @return false when it is over
     */
    public boolean renew(Lease held, long now) {
        writes.one();
        if (!holds(held, now)) {
            return false;
        }
        until = now + held.ttl().toNanos();
        return true;
    }

    /**
     * Ends a lease before its time.
     *
     * @param held the lease
     */
    public void giveUp(Lease held) {
        writes.one();
        if (held.equals(lease)) {
            lease = null;
        }
    }

    /**
     * Who holds the lease.
     *
     * @param now the backend's time
     * @return empty when nobody does
     */
    public Optional<Lease> holder(long now) {
        return until > now ? Optional.ofNullable(lease) : Optional.empty();
    }

    private boolean holds(Lease held, long now) {
        return until > now && held.equals(lease);
    }

    /** For what begins anew: a lease that has run out is none, even if nobody has taken it yet. */
    private boolean mayBegin(Right right, long now) {
        return right.match(l -> holds(l.lease(), now), l -> locks.isHeld(l.token(), now), j -> true);
    }

    /** For what goes on: nobody else has taken the lease. */
    private boolean mayGoOn(Right right, long now) {
        return right.match(l -> l.lease().equals(lease), l -> locks.isHeld(l.token(), now), j -> true);
    }

    /**
     * Stores the leader's snapshot.
     *
     * @param snapshot of the servers
     * @param by the right it is written by
     * @param now the backend's time
     * @return false when the lease is over
     */
    public boolean store(Fleet snapshot, Lease by, long now) {
        writes.one();
        if (!holds(by, now)) {
            return false;
        }
        fleet = snapshot;
        return true;
    }

    /**
     * The snapshot that was stored last.
     *
     * @return empty when none was
     */
    public Fleet fleet() {
        return fleet;
    }

    /**
     * A process that does not lead stores what it has read of a server, for the leader.
     *
     * @param member as it was read
     * @return true
     */
    public boolean show(FleetMember member) {
        writes.one();
        shown.put(member.key(), member);
        return true;
    }

    /**
     * What others than the leader have stored of servers.
     *
     * @return the last reading of each
     */
    public List<FleetMember> shown() {
        return List.copyOf(shown.values());
    }

    /**
     * Begins a recovery: at most one of a cluster is active.
     *
     * @param record its record
     * @param by the right it is written by
     * @param now the backend's time
     * @return whether it was registered, or why not
     */
    public Registration register(RecoveryRecord record, Right by, long now) {
        writes.one();
        Optional<RecoveryRecord> active = active(record.cluster());
        if (!mayBegin(by, now)) {
            return new Registration(Outcome.STALE_EPOCH, null);
        }
        if (active.isPresent()) {
            return new Registration(Outcome.CLUSTER_BUSY, active.get());
        }
        recoveries.put(record.uid(), record);
        return new Registration(Outcome.REGISTERED, null);
    }

    /**
     * The recovery of a cluster that is under way.
     *
     * @param cluster the cluster
     * @return empty when there is none
     */
    public Optional<RecoveryRecord> active(ClusterId cluster) {
        return recoveries.values().stream()
                .filter(r -> r.isActive() && r.cluster().equals(cluster))
                .findFirst();
    }

    /**
     * All recoveries.
     *
     * @return the oldest first
     */
    public List<RecoveryRecord> recoveries() {
        return List.copyOf(recoveries.values());
    }

    /**
     * One recovery.
     *
     * @param uid its identity
     * @return empty when it was never registered
     */
    public Optional<RecoveryRecord> recovery(String uid) {
        return Optional.ofNullable(recoveries.get(uid));
    }

    /**
     * Writes a record's new state.
     *
     * @param record the record
     * @param by the right it is written by
     * @param now the backend's time
     * @return false when the right or the recovery is over
     */
    public boolean update(RecoveryRecord record, Right by, long now) {
        writes.one();
        RecoveryRecord before = recoveries.get(record.uid());
        if (before == null || !before.isActive() || !mayGoOn(by, now) || record.version() <= before.version()) {
            return false;
        }
        recoveries.put(record.uid(), record);
        return true;
    }

    /**
     * Adds a fence.
     *
     * @param fence the fence
     * @param by the right it is written by
     * @param now the backend's time
     * @return false when its recovery is over, or the lease
     */
    public boolean addFence(Fence fence, Right by, long now) {
        writes.one();
        RecoveryRecord recovery = recoveries.get(fence.recoveryUid());
        if (recovery == null || !rule.mayBeWritten(fence, recovery, mayGoOn(by, now))) {
            return false;
        }
        fences.put(fence.serverUuid(), fence);
        return true;
    }

    /**
     * Ends the fence of a server that is about to be promoted.
     *
     * @param fence the fence
     * @param by the right it is written by
     * @param now the backend's time
     */
    public void release(Fence fence, Right by, long now) {
        writes.one();
        if (mayGoOn(by, now)) {
            fences.remove(fence.serverUuid());
        }
    }

    /**
     * The fences that stand.
     *
     * @return not those that were lifted
     */
    public List<Fence> fences() {
        return fences.values().stream()
                .filter(f -> rule.stands(f, Objects.requireNonNull(recoveries.get(f.recoveryUid()))))
                .toList();
    }

    /**
     * Writes how far a fence has come; lifting it ends it.
     *
     * @param fence the fence
     * @param state its state
     * @param note for people
     * @param by the right it is written by
     * @param now the backend's time
     * @return false when it does not stand any more, is another recovery's, or the lease is over
     */
    public boolean updateFence(Fence fence, FenceState state, String note, Right by, long now) {
        writes.one();
        Fence stands = fences.get(fence.serverUuid());
        if (stands == null || !stands.recoveryUid().equals(fence.recoveryUid()) || !mayGoOn(by, now)) {
            return false;
        }
        if (state == FenceState.LIFTED) {
            fences.remove(fence.serverUuid());
        } else {
            fences.put(fence.serverUuid(), stands.with(state, note));
        }
        return true;
    }

    /**
     * Completes a record with what its former primary turned out to hold alone.
     *
     * @param fence the fence of that server
     * @param losses what is missing
     * @param held what the primary holds
     * @param by the right it is written by
     * @param now the backend's time
     * @return false when it is not there, or the lease is over
     */
    public boolean complete(Fence fence, DataLoss losses, GtidSet held, Right by, long now) {
        writes.one();
        RecoveryRecord record = recoveries.get(fence.recoveryUid());
        if (record == null || !mayGoOn(by, now)) {
            return false;
        }
        recoveries.put(
                record.uid(),
                record.toBuilder()
                        .lostGtids(losses.beside(record.lostGtids(), held))
                        .version(record.version() + 1)
                        .build());
        return true;
    }

    /**
     * Acknowledges a recovery: it blocks no other any more.
     *
     * @param uid which
     */
    public void acknowledge(String uid) {
        writes.one();
        recoveries.computeIfPresent(
                uid, (u, r) -> r.toBuilder().acknowledged(true).build());
    }

    /**
     * Acknowledges all recoveries of a server that have ended: an operator who orders one knows of those before.
     *
     * @param failed the server
     * @return true
     */
    public boolean acknowledgeOf(InstanceKey failed) {
        recoveries().stream()
                .filter(r -> !r.isActive() && r.failed().equals(failed))
                .forEach(r -> acknowledge(r.uid()));
        return true;
    }
}
