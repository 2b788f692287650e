package dev.orchestrator.engine.internal.core.record;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.ServerBefore;
import dev.orchestrator.engine.internal.core.procedure.Before;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether the servers of a promotion that was left under way are still as whoever began it may have left them. They are
 * not, once somebody else has made another primary: whoever went on from the record would make a second one.
 */
public final class AsLeft {
    private final RecoveryRecord record;
    private final Before before;
    private final Fleet fleet;
    private final InstanceKey failed;
    private final @Nullable InstanceKey successor;
    private final Set<InstanceKey> participants = new HashSet<>();
    // Who must not be written is nobody's primary, though it may be writable for a moment.
    private final Set<String> fenced = new HashSet<>();
    // Who was to take over before, in the same recovery.
    private final Set<InstanceKey> fallen = new HashSet<>();

    /**
     * A look.
     *
     * @param record as it was left
     * @param fences all fences that stand
     * @param fell successors that died since it is gone on with
     * @param fleet a snapshot of which {@link #everybody} was just read
     */
    public AsLeft(RecoveryRecord record, Collection<Fence> fences, Collection<InstanceKey> fell, Fleet fleet) {
        this.record = record;
        this.before = new Before(record.before());
        this.fleet = fleet;
        this.failed = fleet.canonical(record.failed());
        InstanceKey named = record.successor();
        this.successor = named == null ? null : fleet.canonical(named);
        record.replicas().forEach(k -> participants.add(fleet.canonical(k)));
        record.before().forEach(b -> participants.add(fleet.canonical(b.key())));
        participants.remove(failed);
        fell.forEach(k -> fallen.add(fleet.canonical(k)));
        for (Fence fence : fences) {
            fenced.add(fence.serverUuid());
            if (fence.recoveryUid().equals(record.uid()) && !fence.serverUuid().equals(record.failedUuid())) {
                fallen.add(fleet.canonical(fence.instance()));
            }
        }
    }

    /**
     * Whose readings tell.
     *
     * @param record the record
     * @param fleet the snapshot
     * @return all that take part, and the members of their cluster
     */
    public static Set<InstanceKey> everybody(RecoveryRecord record, Fleet fleet) {
        Set<InstanceKey> keys = new LinkedHashSet<>(record.replicas());
        record.before().forEach(b -> keys.add(b.key()));
        keys.add(record.failed());
        Set<ClusterId> clusters = new LinkedHashSet<>(List.of(record.cluster()));
        List<InstanceKey> places = new ArrayList<>(List.of(record.failed()));
        InstanceKey named = record.successor();
        if (named != null) {
            places.add(named);
        }
        places.forEach(k -> fleet.member(k).map(FleetMember::cluster).ifPresent(clusters::add));
        clusters.forEach(c -> fleet.membersOf(c).forEach(m -> keys.add(m.key())));
        return keys;
    }

    /**
     * What speaks for another primary, if the record names a successor.
     *
     * @return what is seen, what was expected and what to do; empty when the recovery may be finished
     */
    public Optional<String> whyNotForward() {
        return record.type().promotes()
                ? writer().or(this::formerFollows).or(this::successorElsewhere).map(this::forPeople)
                : Optional.empty();
    }

    /**
     * What speaks for another primary, if the record names nobody.
     *
     * @return as in {@link #whyNotForward}; empty when things may be put back
     */
    public Optional<String> whyNotBack() {
        return record.type().promotes()
                ? writer().or(this::formerFollows).or(this::replicaElsewhere).map(this::forPeople)
                : Optional.empty();
    }

    /**
     * Whether the server that was to be replaced is the primary again, with the named successor below it: it takes writes,
     * the successor receives them, and nothing was written to that one itself.
     *
     * @return what is seen; empty when it is not so
     */
    public Optional<String> formerIsPrimaryAgain() {
        Instance former = answering(failed).orElse(null);
        Instance next = successor == null ? null : answering(successor).orElse(null);
        if (!record.type().promotes() || former == null || next == null || !former.isWritable() || next.isWritable()) {
            return Optional.empty();
        }
        boolean follows = next.channels().stream()
                .anyMatch(c -> c.receiver() == ReplicationThreadState.RUNNING
                        && source(c).equals(failed));
        boolean written = !next.executedGtids()
                .retainSources(List.of(next.serverUuid()))
                .minus(former.executedGtids())
                .isEmpty();
        return follows && !written
                ? Optional.of(failed + " is the primary again: it is writable, and " + successor
                        + ", which was to take over, replicates from it and was never written to")
                : Optional.empty();
    }

    /**
     * Who was moved elsewhere by somebody else and replicates there: it is nobody's to be moved again.
     *
     * @return with the reason
     */
    public Map<InstanceKey, String> movedElsewhere() {
        Map<InstanceKey, String> moved = new TreeMap<>();
        for (InstanceKey key : participants) {
            Set<InstanceKey> sources = new HashSet<>(participants);
            sources.add(failed);
            Optional<ServerBefore.ChannelBefore> was = before.channelFrom(fleet, key, sources);
            answering(key).stream()
                    .filter(i -> !key.equals(successor))
                    .flatMap(i -> i.channels().stream())
                    .filter(c -> was.filter(w -> w.name().equals(c.name())).isPresent() && isActive(c))
                    .filter(c -> !wasSo(key, c) && !isOurs(source(c)))
                    .forEach(c -> moved.put(
                            key,
                            "it replicates from " + source(c) + " now, not from "
                                    + was.orElseThrow().source() + ": it is left there"));
        }
        return moved;
    }

    /** Only replicas of a dead primary are made to catch up from one another. */
    private boolean isOurs(InstanceKey source) {
        return source.equals(failed)
                || source.equals(successor)
                || fallen.contains(source)
                || (record.type().promotes() && participants.contains(source));
    }

    private Optional<Instance> answering(InstanceKey key) {
        return fleet.member(key).filter(FleetMember::isReachable).flatMap(FleetMember::facts);
    }

    private InstanceKey source(ReplicationChannel channel) {
        return fleet.sourceOf(channel).map(FleetMember::key).orElse(fleet.canonical(channel.source()));
    }

    private Optional<String> writer() {
        Set<InstanceKey> others = everybody(record, fleet);
        others.removeIf(
                k -> fleet.canonical(k).equals(failed) || fleet.canonical(k).equals(successor));
        return others.stream()
                .flatMap(k -> answering(k).stream())
                .filter(this::isPrimary)
                .map(i -> i.key() + " is writable and replicates from nobody" + expected())
                .findFirst();
    }

    private String expected() {
        return "; expected was nobody but " + (successor == null ? "" : successor + " or ") + failed;
    }

    /** Some let their replicas be writable: those are told from a primary by their channels. */
    private boolean isPrimary(Instance server) {
        boolean receives = server.channels().stream()
                .anyMatch(c -> c.receiver() == ReplicationThreadState.RUNNING
                        || (before.of(server.key()).isEmpty() && isActive(c)));
        return isOpened(server) && !receives && !isIdleReplica(server);
    }

    /** A replica of a replica, of which the record says nothing: its receiver stands, and nobody wrote to it. */
    private boolean isIdleReplica(Instance server) {
        GtidSet own = server.executedGtids().retainSources(List.of(server.serverUuid()));
        boolean written =
                !own.minus(executed(failed)).minus(executed(successor)).isEmpty();
        boolean feeds = everybody(record, fleet).stream()
                .flatMap(k -> answering(k).stream())
                .flatMap(i -> i.channels().stream())
                .anyMatch(c -> isActive(c) && source(c).equals(server.key()));
        return before.of(server.key()).isEmpty() && !server.channels().isEmpty() && !written && !feeds;
    }

    private GtidSet executed(@Nullable InstanceKey key) {
        return Optional.ofNullable(key)
                .flatMap(fleet::instance)
                .map(Instance::executedGtids)
                .orElse(GtidSet.empty());
    }

    private boolean isOpened(Instance server) {
        boolean replicaAsBefore = before.of(server.key())
                .filter(b -> !b.readOnly() && !b.channels().isEmpty())
                .filter(b -> !server.channels().isEmpty())
                .isPresent();
        return server.isWritable()
                && !replicaAsBefore
                && !fenced.contains(server.serverUuid())
                && !fallen.contains(server.key());
    }

    private static boolean isActive(ReplicationChannel channel) {
        return channel.receiver() == ReplicationThreadState.RUNNING
                || channel.receiver() == ReplicationThreadState.CONNECTING;
    }

    /** Nobody but a successor is ever made the source of the server that is replaced. */
    private Optional<String> formerFollows() {
        if (before.of(failed).isEmpty()) {
            return Optional.empty();
        }
        return answering(failed).stream()
                .flatMap(i -> i.channels().stream().filter(c -> !wasSo(failed, c) && !isByReplica(c)))
                .map(c -> failed + " replicates from " + source(c) + "; expected was "
                        + (successor == null ? "nobody" : successor))
                .findFirst();
    }

    private Optional<String> successorElsewhere() {
        Instance next = successor == null ? null : answering(successor).orElse(null);
        if (next == null) {
            return Optional.empty();
        }
        if (!record.successorUuid().isEmpty() && !record.successorUuid().equals(next.serverUuid())) {
            return Optional.of(successor + ", which was to take over, is another server now, " + next.serverUuid()
                    + "; expected was " + record.successorUuid());
        }
        // Its receiver was stopped before it was named; one that was started again since finds only a living replica.
        return next.channels().stream()
                .filter(c -> !wasSo(next.key(), c))
                .filter(c -> !(isActive(c) ? isByReplica(c) : isByParticipant(c)))
                .map(c -> successor + ", which was to take over, replicates from " + source(c) + "; expected was "
                        + failed)
                .findFirst();
    }

    /** Of those whose receivers were stopped, or that caught up from one another. */
    private Optional<String> replicaElsewhere() {
        for (ServerBefore was : record.before()) {
            InstanceKey key = fleet.canonical(was.key());
            Instance replica = answering(key).orElse(null);
            if (key.equals(failed) || replica == null || fenced.contains(replica.serverUuid())) {
                continue;
            }
            for (ServerBefore.ChannelBefore channel : was.channels()) {
                InstanceKey from = fleet.canonical(channel.source());
                Optional<ReplicationChannel> now = replica.channels().stream()
                        .filter(c -> c.name().equals(channel.name()))
                        .findFirst();
                boolean ours = from.equals(failed) || participants.contains(from);
                if (ours && now.filter(c -> wasSo(key, c) || isByParticipant(c)).isEmpty()) {
                    return Optional.of(key + " replicates from "
                            + now.map(this::source).map(InstanceKey::toString).orElse("nobody") + "; expected was "
                            + from);
                }
            }
        }
        return Optional.empty();
    }

    private boolean wasSo(InstanceKey key, ReplicationChannel channel) {
        return before.of(key)
                .flatMap(b -> b.channel(channel.name()))
                .filter(c -> fleet.canonical(c.source()).equals(source(channel)))
                .isPresent();
    }

    private boolean isByParticipant(ReplicationChannel channel) {
        InstanceKey from = source(channel);
        return from.equals(failed)
                || from.equals(successor)
                || fallen.contains(from)
                || (participants.contains(from)
                        ? answering(from).filter(this::isOpened).isEmpty()
                        : isReplicaOfTheCluster(from));
    }

    /** A replica of a replica may be the only one that received something: then one that takes part caught up from it. */
    private boolean isReplicaOfTheCluster(InstanceKey key) {
        return everybody(record, fleet).contains(key)
                && fleet.instance(key).filter(i -> !isOpened(i)).isPresent();
    }

    private boolean isByReplica(ReplicationChannel channel) {
        InstanceKey from = source(channel);
        return isByParticipant(channel)
                && (from.equals(failed)
                        || from.equals(successor)
                        || fallen.contains(from)
                        || answering(from).isPresent());
    }

    private String forPeople(String seen) {
        List<InstanceKey> standing = record.before().stream()
                .filter(b -> b.channels().stream().anyMatch(ServerBefore.ChannelBefore::receiverRan))
                .flatMap(b -> answering(b.key()).stream())
                .filter(i -> i.channels().stream().anyMatch(c -> !isActive(c)))
                .map(Instance::key)
                .toList();
        return "overtaken: " + seen + ". Somebody else has changed the topology since " + record.node()
                + " vanished: nobody is made writable and nothing is moved. See that there is one primary and that all"
                + " others replicate from it"
                + (standing.isEmpty()
                        ? ""
                        : "; the receivers of " + standing + " stand, as this recovery may have left them");
    }
}
