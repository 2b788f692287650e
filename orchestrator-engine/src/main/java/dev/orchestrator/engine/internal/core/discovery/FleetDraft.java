package dev.orchestrator.engine.internal.core.discovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.KnownReplica;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.engine.internal.core.topology.FleetAssembler;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fleet while it is being changed: what came in since the last snapshot was made. Not thread-safe. */
public final class FleetDraft {
    private Fleet base;
    /** In the order they became known. */
    private final Map<InstanceKey, FleetMember> members = new LinkedHashMap<>();

    private final Map<InstanceKey, InstanceKey> otherNames = new HashMap<>();
    /** What was touched since the last snapshot, with what stood there before. */
    private final Map<InstanceKey, Optional<FleetMember>> before = new LinkedHashMap<>();

    private boolean structural;

    /**
     * Starts from a fleet.
     *
     * @param fleet the fleet
     */
    public FleetDraft(Fleet fleet) {
        this.base = fleet;
        adopt(fleet);
    }

    /**
     * Whether anything was changed since the last snapshot.
     *
     * @return true when there is something to make a snapshot of
     */
    public boolean isChanged() {
        return structural || !before.isEmpty();
    }

    /**
     * All members as they are known, those of the next snapshot.
     *
     * @return in the order they became known
     */
    public Collection<FleetMember> members() {
        return List.copyOf(members.values());
    }

    /** Has the next snapshot made even if no server changed, because what operators want has. */
    public void reassemble() {
        structural = true;
    }

    /**
     * Makes the snapshot.
     *
     * @param assembly puts members into clusters
     * @return the fleet, and what was touched
     */
    public FleetChange assemble(FleetAssembly assembly) {
        Fleet previous = base;
        base = structural ? assembleAll(assembly) : update(assembly);
        FleetChange change = new FleetChange(previous, base, new LinkedHashMap<>(before));
        before.clear();
        structural = false;
        return change;
    }

    private Fleet assembleAll(FleetAssembly assembly) {
        Fleet fleet = assembly.assemble(base, List.copyOf(members.values()), Map.copyOf(otherNames));
        for (FleetMember member : fleet.members()) {
            FleetMember mine = members.get(member.key());
            if (mine == null || !mine.cluster().equals(member.cluster())) {
                before.putIfAbsent(member.key(), Optional.ofNullable(mine));
            }
        }
        adopt(fleet);
        return fleet;
    }

    private Fleet update(FleetAssembly assembly) {
        List<FleetMember> changed = new ArrayList<>(before.size());
        before.keySet().forEach(key -> changed.add(members.get(key)));
        Fleet fleet = assembly.update(base, changed);
        for (FleetMember polled : changed) {
            adopt(fleet, polled.key());
            fleet.replicasOf(polled.key()).forEach(r -> adopt(fleet, r.key()));
        }
        return fleet;
    }

    /** A replica whose errant transactions showed in its source's poll is touched by it, too. */
    private void adopt(Fleet fleet, InstanceKey key) {
        FleetMember now = fleet.member(key).orElse(null);
        if (now != null) {
            FleetMember mine = members.put(key, now);
            if (mine != now) {
                before.putIfAbsent(key, Optional.ofNullable(mine));
            }
        }
    }

    private void adopt(Fleet fleet) {
        fleet.members().forEach(m -> members.put(m.key(), m));
        if (members.size() > fleet.members().size()) {
            members.keySet().removeIf(k -> !fleet.canonical(k).equals(k));
        }
        if (!otherNames.equals(fleet.otherNames())) {
            otherNames.clear();
            otherNames.putAll(fleet.otherNames());
        }
    }

    /**
     * Applies a poll of a member. Unknown keys, and answers that are older than what is known, are left out. What is said to
     * have been read at a time to come is older than any answer. A poll through a further name says something about the
     * member only if that was who answered; if somebody else did, the name has moved on and is none any more.
     *
     * @param observation what the poll brought
     * @param now the present
     * @return whether it needs to be told at once: whether the server answers, or the structure, changed
     */
    public boolean observe(Observation observation, Instant now) {
        FleetMember member = members.get(canonical(observation.key()));
        if (member == null || !speaksOf(member, observation)) {
            return dropsName(observation);
        }
        if (isLater(member.lastAttempt(), observation.startedAt(), now)) {
            return false;
        }
        FleetMember observed = marked(member, member.observed(observation));
        put(observed);
        observation.facts().ifPresent(this::recognise);
        boolean telling = observed.isReachable() != member.isReachable()
                || FactChanges.structural(member.instance(), observed.instance());
        structural |= telling || needsTheWhole(observed);
        return telling;
    }

    private static boolean speaksOf(FleetMember member, Observation observation) {
        return member.key().equals(observation.key())
                || observation
                        .facts()
                        .filter(f -> !f.serverUuid().isEmpty()
                                && f.serverUuid()
                                        .equals(member.facts()
                                                .map(Instance::serverUuid)
                                                .orElse("")))
                        .isPresent();
    }

    /** Who does not answer by a further name may do so by its own; only another one's answer tells that it has moved on. */
    private boolean dropsName(Observation observation) {
        boolean another =
                observation.facts().filter(f -> !f.serverUuid().isEmpty()).isPresent();
        if (!another || otherNames.remove(observation.key()) == null) {
            return false;
        }
        structural = true;
        return true;
    }

    private static boolean isLater(@Nullable Instant known, Instant begun, Instant now) {
        return known != null && begun.isBefore(known) && !TimeToCome.holds(known, now);
    }

    /** What was said of a channel that is the same still is known to who says it of the new reading. */
    private static FleetMember marked(FleetMember before, FleetMember now) {
        Instance then = before.instance();
        Instance facts = now.instance();
        if (then == null
                || facts == null
                || then == facts
                || then.channels().stream().noneMatch(ReplicationChannel::leftover)) {
            return now;
        }
        return now.withInstance(facts.toBuilder()
                .channels(facts.channels().stream()
                        .map(c -> c.toBuilder()
                                .leftover(then.channels().stream()
                                        .anyMatch(t -> t.leftover()
                                                && t.name().equals(c.name())
                                                && t.source().equals(c.source())))
                                .build())
                        .toList())
                .build());
    }

    /** Whether only the whole fleet can say what is to be said of this server. */
    private boolean needsTheWhole(FleetMember member) {
        Instance facts = member.instance();
        return facts != null
                && (facts.group() != null
                        || (facts.isWritable() && !facts.channels().isEmpty())
                        || facts.channels().stream().anyMatch(ReplicationChannel::leftover)
                        || facts.serverUuid().isEmpty()
                        || base.memberByUuid(facts.serverUuid()).isEmpty()
                        || hasRival(member));
    }

    /** Whether another server of its cluster looks like a primary too: this reading may tell that they are two clusters. */
    private boolean hasRival(FleetMember member) {
        boolean primary = base.cluster(member.cluster())
                .filter(c -> member.key().equals(c.primary()))
                .isPresent();
        return primary
                && base.membersOf(member.cluster()).stream()
                        .anyMatch(m -> !m.key().equals(member.key())
                                && m.facts().map(Instance::isWritable).orElse(false)
                                && base.sourceOf(m).isEmpty()
                                && !base.replicasOf(m.key()).isEmpty());
    }

    /**
     * Adds a server that answered. Where its key is a further name of a member, there is nothing to add.
     *
     * @param observation what the poll brought, under the key it is to go by
     * @param now the present
     */
    public void admit(Observation.Seen observation, Instant now) {
        InstanceKey key = observation.key();
        if (!members.containsKey(canonical(key))) {
            add(FleetMember.unseen(key, FleetAssembler.UNASSIGNED));
        }
        if (members.containsKey(key)) {
            observe(observation, now);
        }
    }

    /**
     * Adds a server that must exist and does not answer.
     *
     * @param candidate the key, how it was come by and whose identity it is said to have
     * @param observation how the poll failed
     * @param now the present
     */
    public void admitUnseen(Candidate candidate, Observation.Failed observation, Instant now) {
        if (members.containsKey(canonical(candidate.key()))) {
            return;
        }
        InstanceKey known = keyOf(candidate.serverUuid());
        if (known != null) {
            addName(candidate.key(), known);
        } else {
            add(FleetMember.unseen(candidate.key(), FleetAssembler.UNASSIGNED));
            observe(observation, now);
        }
    }

    /**
     * Adds members as somebody else wrote them; those known already stay as they are.
     *
     * @param fleet the fleet that somebody else knows
     * @param keys which of its members to add
     * @return those that were added
     */
    public Collection<FleetMember> merge(Fleet fleet, Collection<InstanceKey> keys) {
        List<FleetMember> added = new ArrayList<>();
        for (InstanceKey key : keys) {
            FleetMember member = fleet.member(key).orElse(null);
            if (member != null && !members.containsKey(canonical(member.key()))) {
                add(member);
                added.add(member);
            }
        }
        fleet.otherNames().forEach(this::addName);
        return added;
    }

    /**
     * A snapshot that somebody else made, with what was read here later than there.
     *
     * @param stored the snapshot
     * @param own the members as they are known here
     * @param now the present; readings that seem to be of later are left out
     * @return a draft that is changed when something was read here later, or the snapshot has stamps of a time to come
     */
    public static FleetDraft following(Fleet stored, Collection<FleetMember> own, Instant now) {
        FleetDraft draft = new FleetDraft(stored);
        own.stream()
                .filter(m -> m.lastAttempt() != null && !m.lastAttempt().isAfter(now))
                .forEach(m -> draft.keepIfNewer(m, now));
        draft.setBack(now);
        return draft;
    }

    /** Left out when its key is no member's. A later attempt here that failed leaves the facts that were read there later. */
    private void keepIfNewer(FleetMember own, Instant now) {
        FleetMember known = members.get(own.key());
        if (known == null || own.lastAttempt() == null) {
            return;
        }
        // When that was read nobody knows; what was seen here was.
        boolean unknown = TimeToCome.holds(known.lastAttempt(), now) && own.lastSeen() != null;
        if (unknown || known.lastAttempt() == null || own.lastAttempt().isAfter(known.lastAttempt())) {
            structural = true;
            boolean factsAreOlder = !unknown
                    && known.lastSeen() != null
                    && (own.lastSeen() == null || own.lastSeen().isBefore(known.lastSeen()));
            put((factsAreOlder ? own.knownBy(known) : own).inCluster(known.cluster()));
        }
    }

    /**
     * Sets back what somebody else wrote with the stamp of a time to come.
     *
     * @param now the present
     */
    public void setBack(Instant now) {
        TimeToCome.setBack(members.values(), now).forEach(this::put);
    }

    /**
     * Takes in what another node saw of a member, if that is later than what is known here. That this node cannot reach
     * the server since then is a thing of its own, and stays.
     *
     * @param seen the member as the other node has it; left out when its key is no member's
     */
    public void takeIn(FleetMember seen) {
        FleetMember known = members.get(seen.key());
        Instant at = seen.lastSeen();
        if (known == null || at == null || (known.lastSeen() != null && !at.isAfter(known.lastSeen()))) {
            return;
        }
        structural = true;
        boolean failedSince = known.failure() != null
                && known.lastAttempt() != null
                && known.lastAttempt().isAfter(at);
        put(failedSince ? known.knownBy(seen) : seen.inCluster(known.cluster()));
    }

    /**
     * Remembers a further name of a member.
     *
     * @param name the further key
     * @param key any key of the member
     */
    public void addName(InstanceKey name, InstanceKey key) {
        InstanceKey own = canonical(key);
        if (members.containsKey(own)
                && !name.equals(own)
                && !members.containsKey(name)
                && !own.equals(otherNames.put(name, own))) {
            structural = true;
        }
    }

    /**
     * Removes a server and its names.
     *
     * @param key the key it goes by: what is known of a further name says nothing about the server
     * @return whether it was known
     */
    public boolean remove(InstanceKey key) {
        FleetMember member = members.remove(key);
        if (member == null) {
            return false;
        }
        before.putIfAbsent(key, Optional.of(member));
        otherNames.values().removeIf(key::equals);
        structural = true;
        return true;
    }

    private InstanceKey canonical(InstanceKey key) {
        return members.containsKey(key) ? key : otherNames.getOrDefault(key, key);
    }

    private void add(FleetMember member) {
        otherNames.remove(member.key());
        structural = true;
        put(member);
    }

    private void put(FleetMember member) {
        FleetMember old = members.put(member.key(), member);
        before.putIfAbsent(member.key(), Optional.ofNullable(old));
    }

    private @Nullable InstanceKey keyOf(@Nullable String serverUuid) {
        return serverUuid == null || serverUuid.isEmpty()
                ? null
                : base.memberByUuid(serverUuid)
                        .map(FleetMember::key)
                        .filter(members::containsKey)
                        .orElse(null);
    }

    /**
     * Members that were only said to exist may turn out to be further names of a server we have: its source or replica
     * tells the identity behind the name.
     */
    private void recognise(Instance facts) {
        for (KnownReplica replica : facts.replicas()) {
            recognise(replica.key(), replica.serverUuid());
        }
        for (ReplicationChannel channel : facts.channels()) {
            recognise(channel.source(), channel.sourceUuid());
        }
    }

    private void recognise(InstanceKey key, @Nullable String serverUuid) {
        FleetMember member = members.get(key);
        InstanceKey known = member != null && member.instance() == null ? keyOf(serverUuid) : null;
        if (known != null && !known.equals(key)) {
            remove(key);
            addName(key, known);
        }
    }
}
