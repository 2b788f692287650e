package dev.orchestrator.engine.internal.core.topology;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.ReplicationChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names clusters. The alias comes from, in this order: an operator's override, what the primary suggests, the configured
 * patterns on the name, the name. When two clusters would have the same suggested alias, the one whose primary serves,
 * then the one with more members has it, the other keeps its name.
 */
final class ClusterNaming {
    private final Map<Pattern, String> nameToAlias = new java.util.LinkedHashMap<>();

    ClusterNaming(Map<String, String> clusterNameToAlias) {
        new TreeMap<>(clusterNameToAlias).forEach((regex, alias) -> nameToAlias.put(Pattern.compile(regex), alias));
    }

    /**
     * A cluster that wants a name.
     *
     * @param id its identity
     * @param former what it was called before, null when it is new
     * @param primary its primary, null when it has none
     * @param members its members, at least one
     */
    record Unnamed(
            ClusterId id,
            @Nullable Cluster former,
            @Nullable FleetMember primary,
            List<FleetMember> members) {
        boolean isServing() {
            return primary != null && Component.isServing(primary);
        }
    }

    List<Cluster> name(List<Unnamed> clusters, Map<ClusterId, String> overrides) {
        Set<String> taken = new HashSet<>(overrides.values());
        List<Cluster> result = new ArrayList<>(clusters.size());
        clusters.stream()
                .sorted(Comparator.comparing((Unnamed c) -> !c.isServing())
                        .thenComparing(c -> -c.members.size())
                        .thenComparing(Unnamed::id))
                .forEach(c -> result.add(name(c, overrides.get(c.id), taken)));
        return result;
    }

    private Cluster name(Unnamed cluster, @Nullable String override, Set<String> taken) {
        FleetMember primary = cluster.primary();
        String name = primary != null ? primary.key().toString() : nameWithoutPrimary(cluster);
        String alias = override != null ? override : alias(cluster, name, taken);
        String domain = primary == null
                ? ""
                : primary.facts().map(Instance::clusterDomain).orElse("");
        if (domain.isEmpty() && (primary == null || primary.facts().isEmpty()) && cluster.former() != null) {
            domain = cluster.former().domain();
        }
        return new Cluster(cluster.id(), name, alias, domain, primary == null ? null : primary.key());
    }

    private String alias(Unnamed cluster, String name, Set<String> taken) {
        String suggested = cluster.primary() == null
                ? ""
                : cluster.primary().facts().map(Instance::suggestedClusterAlias).orElse("");
        if (!suggested.isEmpty() && taken.add(suggested)) {
            return suggested;
        }
        return nameToAlias.entrySet().stream()
                .filter(e -> e.getKey().matcher(name).find())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(name);
    }

    private static String nameWithoutPrimary(Unnamed cluster) {
        if (cluster.former() != null) {
            return cluster.former().name();
        }
        FleetMember first = cluster.members().get(0);
        return first.facts()
                .flatMap(Instance::mainChannel)
                .map(ReplicationChannel::source)
                .orElse(first.key())
                .toString();
    }
}
