package dev.orchestrator.standalone.text;

import dev.orchestrator.api.model.Cluster;
import java.util.List;
import java.util.regex.Pattern;

/** Filters that name clusters for automatic recovery, as the configuration file has them. */
public final class ClusterFilterTexts {
    private ClusterFilterTexts() {}

    /**
     * Whether a filter names the cluster: its name, its alias, {@code alias=X}, {@code alias~=regexp}, {@code *}, or a
     * regular expression found in the name.
     *
     * @param filters the filters
     * @param cluster the cluster
     * @return true when one of them does
     */
    public static boolean match(List<String> filters, Cluster cluster) {
        return filters.stream().anyMatch(filter -> matches(filter, cluster));
    }

    private static boolean matches(String filter, Cluster cluster) {
        if (filter.equals("*") || filter.equals(cluster.name()) || filter.equals(cluster.alias())) {
            return true;
        }
        if (filter.startsWith("alias=")) {
            return filter.substring("alias=".length()).equals(cluster.alias());
        }
        if (filter.startsWith("alias~=")) {
            return Pattern.compile(filter.substring("alias~=".length()))
                    .matcher(cluster.alias())
                    .find();
        }
        return Pattern.compile(filter).matcher(cluster.name()).find();
    }
}
