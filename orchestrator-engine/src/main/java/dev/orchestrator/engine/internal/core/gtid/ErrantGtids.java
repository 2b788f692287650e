package dev.orchestrator.engine.internal.core.gtid;

import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GroupReplicationState;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds transactions a replica has and its source does not, by reckoning with the sets that the polls brought.
 *
 * <p>Source and replica are not read at the same moment. Two rules keep this from making false errants:
 *
 * <ul>
 *   <li>transactions that began at the source, or at any server above it, or in their replication group, are never
 *       errant: the replica may simply have been read later;
 *   <li>any other transaction counts only once the source was read after the replica and still did not have it. Until
 *       then only what was errant before, and still is missing at the source, stays errant.
 * </ul>
 *
 * A server in a ring is an ancestor of itself, so its own transactions are not errant there. What a server has from
 * several sources cannot be told from transactions of its own by looking at one of them: there nothing is errant. MariaDB's positions say too
 * little for this: there nothing is ever errant. Results are kept by the identity of the sets they were made from, only
 * to save work; not thread-safe.
 */
public final class ErrantGtids {
    private final Map<InstanceKey, Memo> memos = new HashMap<>();

    private record Memo(GtidSet replica, GtidSet source, Set<String> ancestors, boolean settled, GtidSet errant) {
        boolean holdsFor(GtidSet replicaNow, GtidSet sourceNow, Set<String> ancestorsNow, boolean settledNow) {
            return replica == replicaNow
                    && source == sourceNow
                    && settled == settledNow
                    && ancestors.equals(ancestorsNow);
        }
    }

    /**
     * Computes the errant transactions of a member.
     *
     * @param member a member
     * @param ancestors its source, the source's source and so on; empty when it has no known source
     * @return the member with its errant transactions in its facts
     */
    public FleetMember mark(FleetMember member, List<FleetMember> ancestors) {
        Instance facts = member.instance();
        if (facts == null) {
            return member;
        }
        GtidSet errant = errant(member, facts, ancestors);
        return facts.errantGtids().equals(errant)
                ? member
                : member.withInstance(facts.toBuilder().errantGtids(errant).build());
    }

    /**
     * Lets go of what is kept for servers that are no members any more.
     *
     * @param members all members there are
     */
    public void forgetAllBut(Collection<FleetMember> members) {
        if (memos.size() > members.size()) {
            Set<InstanceKey> keys = new HashSet<>();
            members.forEach(m -> keys.add(m.key()));
            memos.keySet().retainAll(keys);
        }
    }

    private GtidSet errant(FleetMember member, Instance replica, List<FleetMember> ancestors) {
        FleetMember source = ancestors.isEmpty() ? null : ancestors.get(0);
        Instance sourceFacts = source == null ? null : source.instance();
        if (source == null || sourceFacts == null || !comparable(replica, sourceFacts)) {
            memos.remove(member.key());
            return GtidSet.empty();
        }
        if (replica.executedGtids().isSubsetOf(sourceFacts.executedGtids())) {
            GtidSet none = GtidSet.empty();
            memos.put(
                    member.key(), new Memo(replica.executedGtids(), sourceFacts.executedGtids(), Set.of(), true, none));
            return none;
        }
        Set<String> uuids = uuids(replica, ancestors);
        boolean settled = readAfter(source, member);
        Memo last = memos.get(member.key());
        if (last != null && last.holdsFor(replica.executedGtids(), sourceFacts.executedGtids(), uuids, settled)) {
            return last.errant;
        }
        GtidSet missing = replica.executedGtids().minus(sourceFacts.executedGtids());
        for (String uuid : uuids) {
            missing = missing.withoutSource(uuid);
        }
        GtidSet before = last == null ? replica.errantGtids() : last.errant;
        GtidSet errant = settled ? missing : missing.intersection(before);
        memos.put(member.key(), new Memo(replica.executedGtids(), sourceFacts.executedGtids(), uuids, settled, errant));
        return errant;
    }

    private static boolean comparable(Instance replica, Instance source) {
        return hasOneSourceAtMost(replica)
                && source.gtidMode().startsWith("ON")
                && !replica.executedGtids().isMariaDb()
                && !source.executedGtids().isMariaDb();
    }

    private static boolean hasOneSourceAtMost(Instance replica) {
        return replica.channels().size() < 2
                || replica.channels().stream().filter(c -> !c.leftover()).count() < 2;
    }

    private static boolean readAfter(FleetMember source, FleetMember replica) {
        Instant sourceRead = source.lastSeen();
        Instant replicaRead = replica.lastSeen();
        return sourceRead != null
                && replicaRead != null
                && !sourceRead.isBefore(
                        replicaRead.plus(replica.isReachable() ? replica.latency() : java.time.Duration.ZERO));
    }

    private static Set<String> uuids(Instance replica, List<FleetMember> ancestors) {
        Set<String> uuids = new HashSet<>();
        replica.mainChannel().map(ReplicationChannel::sourceUuid).ifPresent(uuids::add);
        addGroup(uuids, replica.group());
        for (FleetMember ancestor : ancestors) {
            ancestor.facts().ifPresent(facts -> {
                uuids.add(facts.serverUuid());
                facts.mainChannel().map(ReplicationChannel::sourceUuid).ifPresent(uuids::add);
                addGroup(uuids, facts.group());
            });
        }
        uuids.remove("");
        return uuids;
    }

    private static void addGroup(Set<String> uuids, @Nullable GroupReplicationState group) {
        if (group != null) {
            uuids.add(group.groupName());
        }
    }
}
