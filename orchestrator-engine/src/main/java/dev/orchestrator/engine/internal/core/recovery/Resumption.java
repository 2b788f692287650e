package dev.orchestrator.engine.internal.core.recovery;

import dev.orchestrator.api.Door;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.ChannelSettings;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.api.recovery.ServerBefore;
import dev.orchestrator.engine.internal.core.decision.LockWords;
import dev.orchestrator.engine.internal.core.procedure.Before;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a recovery or switchover that a vanished node left under way is gone on with: by the same procedure, forward once
 * the record names a successor, else back to how things were.
 *
 * @param record as it was left
 * @param servers all that take part
 * @param locked those of them that a person has locked, with the words for it
 * @param held whether somebody still runs it, or an operation holds one of its servers
 */
public record Resumption(
        RecoveryRecord record, Set<InstanceKey> servers, Map<InstanceKey, String> locked, boolean held) {
    /** Rows the vanished node may still write, late: ours must not take their numbers. */
    private static final int MOST_UNWRITTEN = 100;

    /**
     * Looks at who holds its servers.
     *
     * @param record as it was left
     * @param active all active locks
     * @return whether and how it can be gone on with
     */
    public static Resumption of(RecoveryRecord record, List<LockInfo> active) {
        Set<InstanceKey> servers = new TreeSet<>(record.replicas());
        record.before().stream().map(ServerBefore::key).forEach(servers::add);
        servers.add(record.failed());
        List<LockInfo> exclusive = active.stream().filter(l -> !l.shared()).toList();
        Map<InstanceKey, String> locked = new TreeMap<>();
        exclusive.stream()
                .filter(l -> servers.contains(l.instance()))
                .forEach(l -> locked.put(l.instance(), LockWords.describe(l)));
        return new Resumption(record, servers, locked, isHeldByOperation(record, servers, exclusive));
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

    /**
     * The locks of a leader whose lease is over protect nothing any more: its commands are guarded by the lease.
     *
     * @param record as it was left
     * @param active all active locks
     * @param epoch of the present lease
     * @return those that are to be ended
     */
    public static List<InstanceKey> leftLocked(RecoveryRecord record, List<LockInfo> active, long epoch) {
        if (record.epoch() == 0 || record.epoch() >= epoch) {
            return List.of();
        }
        return active.stream()
                .filter(l -> l.owner().door() == Door.AUTOMATIC && l.reason().contains(record.uid()))
                .map(LockInfo::instance)
                .toList();
    }

    /**
     * What is to be locked to go on.
     *
     * @return all but what a person has locked
     */
    public List<InstanceKey> free() {
        return servers.stream().filter(k -> !locked.containsKey(k)).toList();
    }

    /**
     * What it is about, for people.
     *
     * @return the text by which its locks are known
     */
    public String reason() {
        return "going on with " + Records.lockReason(record.uid(), record.failed());
    }

    private boolean named() {
        return record.successor() != null;
    }

    /**
     * Whether a living primary hands over.
     *
     * @return then it needs the settings of a channel
     */
    public boolean isSwitchover() {
        return record.type() == RecoveryType.SWITCHOVER;
    }

    /**
     * Who takes part. What a person has locked is left alone on the way forward only: what the record says was stopped is
     * started again also there.
     *
     * @param fleet a fresh picture
     * @param config the settings
     * @return the terms
     */
    public Terms terms(Fleet fleet, OrchestratorConfig config) {
        return Scope.resumed(
                fleet,
                record.failed(),
                record.replicas(),
                new Before(record.before()),
                named() ? locked : Map.of(),
                isSwitchover() ? record.successor() : null,
                config);
    }

    /**
     * What is done.
     *
     * @param settings for a switchover, how the former primary is to connect; null when that cannot be had
     * @return the procedure it was begun with
     */
    public Procedure procedure(@Nullable ChannelSettings settings) {
        return Procedures.of(record.type(), settings, !record.formerLeftStopped());
    }

    /**
     * Why it cannot go forward.
     *
     * @param node who goes on with it
     * @return null when it can
     */
    public @Nullable String interrupted(String node) {
        return named()
                ? null
                : "interrupted: " + record.node() + " vanished before anybody was promoted; " + node
                        + " puts things back, and detection decides anew";
    }

    /**
     * What the resumed run begins with.
     *
     * @param node who goes on with it
     * @return the record, which says so when somebody may have been promoted already
     */
    public RecoveryRecord begin(String node) {
        if (!named()) {
            return record;
        }
        List<String> errors = new ArrayList<>(record.errors());
        errors.add("finished by " + node + " after " + record.node() + " vanished");
        return record.toBuilder().errors(errors).build();
    }

    /**
     * Where the numbers of the resumed run's steps begin.
     *
     * @param written the steps that are written
     * @return after all that may be written yet
     */
    public static int lastStep(List<RecoveryStepRecord> written) {
        return written.stream().mapToInt(RecoveryStepRecord::number).max().orElse(0) + MOST_UNWRITTEN;
    }
}
