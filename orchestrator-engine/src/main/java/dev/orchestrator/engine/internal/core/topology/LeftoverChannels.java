package dev.orchestrator.engine.internal.core.topology;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds primaries that were promoted by hand and kept a channel of the time before. Such a channel does not make its
 * server a replica, as long as all of this holds:
 *
 * <ol>
 *   <li>the server is writable, or all this held of it until now: its writes are taken away as soon as a switchover is
 *       under way, and then it may die; it is under no fence, and has replicas;
 *   <li>receiver and applier of each of its channels are off, without an error;
 *   <li>the source of each is unknown to the fleet (or was never seen), or is a read-only server that replicates from this
 *       one, directly or not;
 *   <li>the server holds everything that source is known to have, and everything the channel received;
 *   <li>no other writable server of the cluster has replicas.
 * </ol>
 */
final class LeftoverChannels {
    private final List<FleetMember> members;
    private final Links links;
    private final FenceBook fences;
    private final Map<ClusterId, Cluster> known;
    private final Set<InstanceKey> before;

    private LeftoverChannels(
            List<FleetMember> members,
            Links links,
            FenceBook fences,
            Map<ClusterId, Cluster> known,
            Set<InstanceKey> before) {
        this.before = before;
        this.members = members;
        this.links = links;
        this.fences = fences;
        this.known = known;
    }

    /**
     * Marks the channels, and takes the mark from those to which it does not apply any more.
     *
     * @param read the members as they were read, with the marks that they had
     * @param otherNames further keys that lead to a member
     * @param fences the fences in force
     * @param known the clusters of the previous snapshot
     * @return the same members in the same order
     */
    static List<FleetMember> mark(
            List<FleetMember> read,
            Map<InstanceKey, InstanceKey> otherNames,
            FenceBook fences,
            Map<ClusterId, Cluster> known) {
        List<FleetMember> bare = read.stream().map(m -> marked(m, false)).toList();
        Set<InstanceKey> before = new HashSet<>();
        read.stream().filter(LeftoverChannels::isMarked).forEach(m -> before.add(m.key()));
        if (bare.stream().noneMatch(m -> mayHaveLeftovers(m, before))) {
            return bare;
        }
        LeftoverChannels rule = new LeftoverChannels(bare, new Links(bare, otherNames), fences, known, before);
        List<FleetMember> result = new ArrayList<>(bare);
        for (int i = 0; i < bare.size(); i++) {
            if (rule.isPrimaryAllTheSame(i)) {
                result.set(i, marked(bare.get(i), true));
            }
        }
        return result;
    }

    private static boolean isMarked(FleetMember member) {
        Instance facts = member.instance();
        return facts != null
                && !facts.channels().isEmpty()
                && facts.channels().stream().allMatch(ReplicationChannel::leftover);
    }

    /** Whether the rule may apply, by what the server says of itself, and what was said of it before. */
    private static boolean mayHaveLeftovers(FleetMember member, Set<InstanceKey> before) {
        Instance facts = member.instance();
        return facts != null
                && (facts.isWritable() || before.contains(member.key()))
                && !facts.channels().isEmpty()
                && facts.channels().stream().allMatch(LeftoverChannels::isOff);
    }

    private static boolean isOff(ReplicationChannel channel) {
        return isOff(channel.receiver())
                && isOff(channel.applier())
                && channel.lastReceiverErrno() == 0
                && channel.lastApplierErrno() == 0;
    }

    private static boolean isOff(ReplicationThreadState thread) {
        return switch (thread) {
            case NONE, STOPPED -> true;
            case CONNECTING, RUNNING -> false;
        };
    }

    private static FleetMember marked(FleetMember member, boolean leftover) {
        Instance facts = member.instance();
        if (facts == null || facts.channels().stream().allMatch(c -> c.leftover() == leftover)) {
            return member;
        }
        List<ReplicationChannel> channels = facts.channels().stream()
                .map(c -> c.toBuilder().leftover(leftover).build())
                .toList();
        return member.withInstance(facts.toBuilder().channels(channels).build());
    }

    private boolean isPrimaryAllTheSame(int i) {
        FleetMember member = members.get(i);
        Instance facts = member.instance();
        return facts != null
                && mayHaveLeftovers(member, before)
                && !fences.isFenced(member)
                && links.replicaCount(i) > 0
                && facts.channels().stream().allMatch(c -> isSourceOvertaken(i, facts, c))
                && !hasRival(i);
    }

    private boolean isSourceOvertaken(int i, Instance facts, ReplicationChannel channel) {
        if (!holds(facts, channel.retrievedGtids()) || !appliedAll(channel)) {
            return false;
        }
        int at = links.find(channel);
        FleetMember source = at < 0 || at == i ? null : members.get(at);
        Instance there = source == null ? null : source.instance();
        if (source == null || there == null) {
            return true;
        }
        return !there.isWritable()
                && isBelow(at, i)
                && (holds(facts, there.executedGtids()) || cannotTellYet(i, facts, source));
    }

    /** Its own transactions count as held: it may have been read before its replica was. */
    private static boolean holds(Instance facts, GtidSet theirs) {
        GtidSet others = theirs.withoutSource(facts.serverUuid());
        boolean comparable = others.isEmpty()
                || facts.executedGtids().isEmpty()
                || others.isMariaDb() == facts.executedGtids().isMariaDb();
        return comparable && others.minus(facts.executedGtids()).isEmpty();
    }

    /** Without GTIDs the positions are all there is. */
    private static boolean appliedAll(ReplicationChannel channel) {
        return channel.usesGtid()
                || channel.readCoordinates() == null
                || channel.executedCoordinates() == null
                || channel.readCoordinates().equals(channel.executedCoordinates());
    }

    /** MariaDB's positions do not say who wrote what: a replica that was read later is ahead. Then it stays as it was. */
    private boolean cannotTellYet(int i, Instance facts, FleetMember source) {
        FleetMember member = members.get(i);
        Instant own = member.lastSeen();
        Instant theirs = source.lastSeen();
        Cluster cluster = known.get(member.cluster());
        return facts.executedGtids().isMariaDb()
                && own != null
                && theirs != null
                && theirs.isAfter(own)
                && cluster != null
                && member.key().equals(cluster.primary());
    }

    private boolean isBelow(int at, int top) {
        Set<Integer> seen = new HashSet<>();
        int above = at;
        while (above >= 0 && seen.add(above)) {
            above = links.sourceOf(above);
            if (above == top) {
                return true;
            }
        }
        return false;
    }

    private boolean hasRival(int i) {
        List<Integer> component = links.components().stream()
                .filter(c -> c.contains(i))
                .findFirst()
                .orElse(List.of());
        ClusterId cluster = members.get(i).cluster();
        for (int j = 0; j < members.size(); j++) {
            FleetMember other = members.get(j);
            boolean together = component.contains(j)
                    || (!cluster.equals(FleetAssembler.UNASSIGNED)
                            && other.cluster().equals(cluster));
            if (j != i && together && links.replicaCount(j) > 0 && isWritable(other.instance())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWritable(@Nullable Instance facts) {
        return facts != null && facts.isWritable();
    }
}
