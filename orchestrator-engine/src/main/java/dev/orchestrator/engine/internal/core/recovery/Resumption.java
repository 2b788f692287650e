package dev.orchestrator.engine.internal.core.recovery;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.model.channel.ChannelSettings;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.api.recovery.ServerBefore;
import dev.orchestrator.engine.internal.core.decision.LockWords;
import dev.orchestrator.engine.internal.core.operation.ReplicationRules;
import dev.orchestrator.engine.internal.core.phase.CheckAsLeft;
import dev.orchestrator.engine.internal.core.procedure.Before;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import dev.orchestrator.engine.internal.core.record.AsLeft;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * @param locked those of them that an operator has locked, with the words for it
 * @param held whether somebody still runs it, or an operation holds one of its servers
 * @param awaited an operator's lock on the server that would have to be made writable, null for none: until that ends
 *     nothing is done
 */
public record Resumption(
        RecoveryRecord record,
        Set<InstanceKey> servers,
        Map<InstanceKey, String> locked,
        boolean held,
        @Nullable LockInfo awaited) {
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
        LockInfo awaited = exclusive.stream()
                .filter(l -> l.instance().equals(opened(record)))
                .findFirst()
                .orElse(null);
        return new Resumption(record, servers, locked, isHeldByOperation(record, servers, exclusive), awaited);
    }

    /** The server that has to take writes at the end; a dead primary is not waited for. */
    private static @Nullable InstanceKey opened(RecoveryRecord record) {
        if (!record.type().promotes()) {
            return null;
        }
        boolean back = record.successor() == null;
        return back && record.type() != RecoveryType.SWITCHOVER ? null : back ? record.failed() : record.successor();
    }

    /** An operation is told from an operator by what it locks: the engine's own locks, or several servers at once. */
    private static boolean isHeldByOperation(RecoveryRecord record, Set<InstanceKey> servers, List<LockInfo> active) {
        Map<String, Long> sizes =
                active.stream().collect(Collectors.groupingBy(LockInfo::token, Collectors.counting()));
        return active.stream()
                .filter(l -> servers.contains(l.instance()))
                .anyMatch(l -> l.owner().origin() == Origin.AUTOMATIC
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
                .filter(l ->
                        l.owner().origin() == Origin.AUTOMATIC && l.reason().contains(record.uid()))
                .map(LockInfo::instance)
                .toList();
    }

    /**
     * Why it waits for a lock to end, and what people can do.
     *
     * @param awaited the lock
     * @return for people
     */
    public static String waiting(LockInfo awaited) {
        return LockWords.describe(awaited) + "; it would have to be made writable. End the maintenance of "
                + awaited.instance();
    }

    /**
     * What is to be locked to go on.
     *
     * @return all but what an operator has locked
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
     * Whose readings are needed before anything is done.
     *
     * @param fleet the snapshot
     * @return all that take part, and the members of their cluster
     */
    public Set<InstanceKey> everybody(Fleet fleet) {
        return AsLeft.everybody(record, fleet);
    }

    /**
     * Who takes part. What an operator has locked is left alone on the way forward only: what the record says was stopped is
     * started again also there. Who was moved elsewhere by somebody else is left alone either way.
     *
     * @param fleet a fresh snapshot
     * @param rules what operators want, by any key of the instance
     * @param config the settings
     * @return the terms
     */
    public Terms terms(Fleet fleet, Map<InstanceKey, PromotionRule> rules, OrchestratorConfig config) {
        Map<InstanceKey, String> moved = movedElsewhere(fleet);
        return RecoveryScope.resumed(
                fleet,
                record.failed(),
                record.replicas(),
                named() ? new Before(record.before()) : toBePutBack(moved),
                named() ? leftAlone(moved, fleet, config) : Map.of(),
                RecoveryScope.byOwnKey(fleet, rules),
                isSwitchover() ? record.successor() : null,
                config);
    }

    /** As when it was begun: who cannot follow the successor stays where it is. */
    private Map<InstanceKey, String> leftAlone(Map<InstanceKey, String> moved, Fleet fleet, OrchestratorConfig config) {
        Map<InstanceKey, String> alone = new TreeMap<>();
        Optional<Instance> successor = Optional.ofNullable(record.successor())
                .filter(k -> isSwitchover())
                .flatMap(fleet::instance);
        ReplicationRules legality = new ReplicationRules(fleet, config);
        successor.ifPresent(to -> record.replicas().stream()
                .filter(k -> !k.equals(record.successor()))
                .flatMap(k -> asReplica(k, fleet).stream())
                .forEach(i -> legality.cannotFollow(i, to).ifPresent(why -> alone.put(i.key(), why))));
        alone.putAll(moved);
        alone.putAll(locked);
        return alone;
    }

    /** By the channel that is moved, whatever others it has. */
    private Optional<Instance> asReplica(InstanceKey key, Fleet fleet) {
        Set<InstanceKey> source = Set.of(fleet.canonical(record.failed()));
        Optional<ServerBefore.ChannelBefore> was = new Before(record.before()).channelFrom(fleet, key, source);
        return fleet.instance(key)
                .map(i -> i.channels().stream()
                        .filter(c -> was.filter(w -> w.name().equals(c.name())).isPresent())
                        .findFirst()
                        .map(i::viewedBy)
                        .orElse(i));
    }

    /** A dead primary was told nothing, unless a name and with it a fence once stood in the record, and is not told more. */
    private Before toBePutBack(Map<InstanceKey, String> moved) {
        boolean neverNamed = record.errors().isEmpty();
        boolean untouched = !isSwitchover() && (neverNamed || locked.containsKey(record.failed()));
        return new Before(record.before().stream()
                .filter(b -> !moved.containsKey(b.key()))
                .filter(b -> !untouched || !b.key().equals(record.failed()))
                .toList());
    }

    /**
     * What is done.
     *
     * @param settings for a switchover, how the former primary is to connect; null when that cannot be had
     * @param fences all fences that stand
     * @return the procedure it was begun with, after a look whether the servers are still as it may have left them
     */
    public Procedure procedure(@Nullable ChannelSettings settings, List<Fence> fences) {
        Procedure begun = Procedures.of(record.type(), settings, !record.formerLeftStopped());
        return named()
                ? new Procedure(begun.title(), first(new CheckAsLeft(fences, true), begun.forward()), begun.back())
                : new Procedure(begun.title(), begun.forward(), first(new CheckAsLeft(fences, false), begun.back()));
    }

    private static List<Phase> first(Phase first, List<Phase> then) {
        List<Phase> all = new ArrayList<>(List.of(first));
        all.addAll(then);
        return all;
    }

    /**
     * Why a failure of it must not block the next recovery.
     *
     * @param ended the record as the resumed run has ended it
     * @return for people
     */
    public String acknowledgement(RecoveryRecord ended) {
        String what = named() || ended.promotedAt() != null
                ? "gone on with after " + record.node() + " vanished, " + record.successor()
                        + " having been named as the successor, and given up: its errors say why"
                : "interrupted before anybody was promoted";
        return what + "; it must not block the next recovery";
    }

    /**
     * Why it cannot go forward.
     *
     * @param node who goes on with it
     * @param fleet a fresh snapshot
     * @return null when it can
     */
    public @Nullable String interrupted(String node, Fleet fleet) {
        if (named()) {
            return null;
        }
        StringBuilder why =
                new StringBuilder("interrupted: " + record.node() + " vanished before anybody was promoted; " + node
                        + " puts things back unless somebody else has changed them, and detection decides anew");
        movedElsewhere(fleet).forEach((key, words) -> why.append("; not restored: " + key + ", as " + words));
        return why.toString();
    }

    private Map<InstanceKey, String> movedElsewhere(Fleet fleet) {
        return new AsLeft(record, List.of(), List.of(), fleet).movedElsewhere();
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
        errors.add("gone on with by " + node + " after " + record.node() + " vanished");
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
