package dev.orchestrator.engine.fake;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.api.recovery.RecoveryType.BlockScope;
import dev.orchestrator.spi.RecoveryStore;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Recoveries in memory. */
final class InMemoryRecoveries implements RecoveryStore {
    private final InstantSource clock;
    private final InMemoryRights rights;
    private final Map<String, String> endedBy = new HashMap<>();
    private final Map<String, RecoveryRecord> records = new LinkedHashMap<>();
    private final Map<String, TreeMap<Integer, RecoveryStepRecord>> steps = new HashMap<>();
    private long lastId;

    InMemoryRecoveries(InstantSource clock, InMemoryRights rights) {
        this.clock = clock;
        this.rights = rights;
    }

    @Override
    public Registration register(RecoveryRecord recovery, Right right) {
        if (!rights.hold(right)) {
            return new Registration(Registration.Outcome.STALE_EPOCH, null);
        }
        Optional<RecoveryRecord> other = records.values().stream()
                .filter(r -> r.isActive() && r.cluster().equals(recovery.cluster()))
                .findFirst();
        if (other.isPresent()) {
            return new Registration(Registration.Outcome.CLUSTER_BUSY, other.get());
        }
        records.put(recovery.uid(), recovery.toBuilder().id(++lastId).build());
        return new Registration(Registration.Outcome.REGISTERED, null);
    }

    @Override
    public boolean update(RecoveryRecord recovery, Right right) {
        RecoveryRecord stored = records.get(recovery.uid());
        if (stored == null || stored.version() >= recovery.version() || !mayWrite(stored, recovery, right)) {
            return false;
        }
        if (!recovery.isActive()) {
            endedBy.put(recovery.uid(), right.writer());
        }
        records.put(
                recovery.uid(),
                recovery.toBuilder()
                        .id(stored.id())
                        .acknowledged(stored.acknowledged())
                        .acknowledgedAt(stored.acknowledgedAt())
                        .acknowledgedBy(stored.acknowledgedBy())
                        .acknowledgedComment(stored.acknowledgedComment())
                        .build());
        return true;
    }

    /** What has ended may be completed by who ended it, and by a leader; nobody makes it active again. */
    private boolean mayWrite(RecoveryRecord stored, RecoveryRecord next, Right right) {
        if (stored.isActive()) {
            return rights.hold(right);
        }
        boolean mine = right.writer().equals(endedBy.get(stored.uid()));
        return !next.isActive() && right.match(rights::hold, lock -> mine, journal -> mine);
    }

    /** A copy that lacks them takes the place of what was written. */
    void lose() {
        records.clear();
        endedBy.clear();
        steps.clear();
    }

    /** Who ended a recovery; empty while it is under way. */
    Optional<String> endedBy(String uid) {
        return Optional.ofNullable(endedBy.get(uid));
    }

    boolean isActive(ClusterId cluster) {
        return records.values().stream()
                .anyMatch(r -> r.isActive() && r.cluster().equals(cluster));
    }

    Optional<RecoveryRecord> record(String uid) {
        return Optional.ofNullable(records.get(uid));
    }

    @Override
    public void saveStep(RecoveryStepRecord step) {
        steps.computeIfAbsent(step.recoveryUid(), uid -> new TreeMap<>()).put(step.number(), step);
    }

    @Override
    public List<RecoveryRecord> find(RecoveryFilter filter) {
        return records.values().stream()
                .filter(r -> matches(filter, r))
                .sorted(Comparator.comparingLong(RecoveryRecord::id).reversed())
                .skip(filter.offset())
                .limit(filter.limit())
                .toList();
    }

    private static boolean matches(RecoveryFilter f, RecoveryRecord r) {
        return (f.uid() == null || f.uid().equals(r.uid()))
                && (f.id() == null || f.id() == r.id())
                && (f.cluster() == null || f.cluster().equals(r.cluster()))
                && (f.clusterName() == null
                        || f.clusterName().equals(r.clusterName())
                        || f.clusterName().equals(r.clusterAlias()))
                && (f.failed() == null || f.failed().equals(r.failed()))
                && (!f.activeOnly() || r.isActive())
                && (!f.unacknowledgedOnly() || !r.acknowledged());
    }

    @Override
    public List<RecoveryStepRecord> steps(String uid) {
        return List.copyOf(steps.getOrDefault(uid, new TreeMap<>()).values());
    }

    @Override
    public List<RecoveryRecord> blocking(ClusterId cluster, Duration period) {
        return blocking(r -> r.cluster().equals(cluster) && r.type().blockScope() == BlockScope.CLUSTER, period);
    }

    @Override
    public List<RecoveryRecord> blockingIntermediate(InstanceKey failed, Duration period) {
        return blocking(r -> r.failed().equals(failed) && r.type().blockScope() == BlockScope.INSTANCE, period);
    }

    private List<RecoveryRecord> blocking(Predicate<RecoveryRecord> which, Duration period) {
        Instant limit = clock.instant().minus(period);
        return records.values().stream()
                .filter(r -> which.test(r) && !r.acknowledged())
                .filter(r -> r.endedAt() != null && r.endedAt().isAfter(limit))
                .sorted(Comparator.comparingLong(RecoveryRecord::id).reversed())
                .toList();
    }

    @Override
    public int acknowledge(RecoveryFilter filter, Actor by, String comment) {
        List<RecoveryRecord> open =
                find(filter).stream().filter(r -> !r.acknowledged()).toList();
        open.forEach(r -> records.put(
                r.uid(),
                r.toBuilder()
                        .acknowledged(true)
                        .acknowledgedAt(clock.instant())
                        .acknowledgedBy(by.who())
                        .acknowledgedComment(comment)
                        .build()));
        return open.size();
    }

    @Override
    public int purge(Duration age) {
        Instant limit = clock.instant().minus(age);
        List<String> old = records.values().stream()
                .filter(r -> r.endedAt() != null && r.endedAt().isBefore(limit))
                .map(RecoveryRecord::uid)
                .toList();
        old.forEach(uid -> {
            records.remove(uid);
            steps.remove(uid);
        });
        return old.size();
    }
}
