package dev.orchestrator.engine.internal.core.topology;

import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which keys lead to one and the same server, and which servers only look like one.
 *
 * <p>Two keys lead to one server when both were read and agree in server_uuid, server_id, {@code @@hostname}, port and
 * the moment the server was started. A server_uuid alone proves nothing: a copied data directory brings a second one.
 * Of several keys the one the server reports as its own ({@code report_host}) is kept, else the one that is kept
 * already, else the first given.
 */
public final class IdentityResolver {
    /** Uptime is told in whole seconds and read some time after the poll was begun. */
    private static final Duration START_TOLERANCE = Duration.ofSeconds(5);

    private IdentityResolver() {}

    /**
     * What was found.
     *
     * @param members each server once, by the key that is kept
     * @param otherNames further keys, and the kept key of the server they lead to
     * @param clashes server_uuids that several servers have, and their keys
     */
    public record Identities(
            List<FleetMember> members,
            Map<InstanceKey, InstanceKey> otherNames,
            Map<String, List<InstanceKey>> clashes) {}

    /**
     * Tells servers apart.
     *
     * @param members everything that is polled, in the order it became known
     * @param known further keys found earlier, and the key each stands for
     * @return each server once
     */
    public static Identities resolve(Collection<FleetMember> members, Map<InstanceKey, InstanceKey> known) {
        Map<InstanceKey, FleetMember> kept = new LinkedHashMap<>(members.size() * 2);
        members.forEach(m -> kept.put(m.key(), m));
        Map<InstanceKey, InstanceKey> otherNames = stillTrue(known, kept);
        otherNames.keySet().forEach(kept::remove);
        Map<String, List<InstanceKey>> clashes = new HashMap<>();
        byUuid(kept.values()).forEach((uuid, group) -> {
            if (group.size() > 1) {
                merge(group, kept, otherNames).ifPresent(keys -> clashes.put(uuid, keys));
            }
        });
        return new Identities(List.copyOf(kept.values()), otherNames, clashes);
    }

    /** A further name holds until its target is gone, or a poll through it met another server. */
    private static Map<InstanceKey, InstanceKey> stillTrue(
            Map<InstanceKey, InstanceKey> known, Map<InstanceKey, FleetMember> members) {
        Map<InstanceKey, InstanceKey> result = new HashMap<>();
        known.forEach((name, target) -> {
            FleetMember canonical = members.get(target);
            if (canonical != null && !name.equals(target) && !refuted(members.get(name), canonical)) {
                result.put(name, target);
            }
        });
        // A target that has become a further name itself cannot be one.
        result.entrySet().removeIf(e -> result.containsKey(e.getValue()));
        return result;
    }

    private static boolean refuted(@Nullable FleetMember other, FleetMember canonical) {
        return other != null
                && other.facts().isPresent()
                && canonical.facts().isPresent()
                && !uuid(other).equals(uuid(canonical));
    }

    private static Map<String, List<FleetMember>> byUuid(Collection<FleetMember> members) {
        Map<String, List<FleetMember>> groups = new HashMap<>(members.size() * 2);
        for (FleetMember member : members) {
            String uuid = uuid(member);
            if (!uuid.isEmpty()) {
                groups.computeIfAbsent(uuid, u -> new ArrayList<>(1)).add(member);
            }
        }
        return groups;
    }

    /** Merges what is one server; returns the keys of what is left when that is more than one. */
    private static Optional<List<InstanceKey>> merge(
            List<FleetMember> group, Map<InstanceKey, FleetMember> kept, Map<InstanceKey, InstanceKey> otherNames) {
        List<FleetMember> open = new ArrayList<>(group);
        List<InstanceKey> left = new ArrayList<>();
        while (!open.isEmpty()) {
            FleetMember first = open.get(0);
            List<FleetMember> same = open.stream()
                    .filter(m -> m == first || sameServer(first, m))
                    .toList();
            open.removeAll(same);
            InstanceKey canonical = canonical(same, otherNames);
            left.add(canonical);
            for (FleetMember member : same) {
                if (!member.key().equals(canonical)) {
                    kept.remove(member.key());
                    otherNames.replaceAll((name, target) -> target.equals(member.key()) ? canonical : target);
                    otherNames.put(member.key(), canonical);
                }
            }
        }
        return left.size() > 1 ? Optional.of(left) : Optional.empty();
    }

    private static InstanceKey canonical(List<FleetMember> same, Map<InstanceKey, InstanceKey> otherNames) {
        return same.stream()
                .map(FleetMember::key)
                .filter(key -> same.stream().anyMatch(m -> reports(m, key)))
                .findFirst()
                .or(() -> same.stream()
                        .map(FleetMember::key)
                        .filter(otherNames::containsValue)
                        .findFirst())
                .orElseGet(() -> same.get(0).key());
    }

    private static boolean reports(FleetMember member, InstanceKey key) {
        return member.facts()
                .filter(f -> f.reportHost().equalsIgnoreCase(key.hostname()))
                .filter(f -> f.reportPort() == 0 || f.reportPort() == key.port())
                .isPresent();
    }

    private static boolean sameServer(FleetMember a, FleetMember b) {
        Instance one = a.instance();
        Instance two = b.instance();
        Instant startOfOne = start(a);
        Instant startOfTwo = start(b);
        return one != null
                && two != null
                && startOfOne != null
                && startOfTwo != null
                && a.isReachable()
                && b.isReachable()
                && one.serverId() == two.serverId()
                && one.reportedHostname().equalsIgnoreCase(two.reportedHostname())
                && port(one) == port(two)
                && Duration.between(startOfOne, startOfTwo).abs().compareTo(START_TOLERANCE) <= 0;
    }

    private static int port(Instance facts) {
        return facts.reportPort() == 0 ? facts.key().port() : facts.reportPort();
    }

    private static @Nullable Instant start(FleetMember member) {
        Instance facts = member.instance();
        Instant seen = member.lastSeen();
        return facts == null || seen == null ? null : seen.minus(facts.uptime());
    }

    private static String uuid(FleetMember member) {
        return member.facts().map(Instance::serverUuid).orElse("");
    }
}
