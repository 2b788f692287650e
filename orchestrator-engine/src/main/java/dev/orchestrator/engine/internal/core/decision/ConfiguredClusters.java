package dev.orchestrator.engine.internal.core.decision;

import dev.orchestrator.api.model.Cluster;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Which clusters the configuration names, in the predecessor's spelling. */
public final class ConfiguredClusters {
    private static final String ALIAS = "alias=";
    private static final String ALIAS_PATTERN = "alias~=";

    private ConfiguredClusters() {}

    /**
     * Finds the filter that names a cluster.
     *
     * @param filters exact name, exact alias, {@code alias=X}, {@code alias~=regexp}, {@code *}, or a regexp on the name
     * @param cluster the cluster
     * @return the first filter that names it
     */
    public static Optional<String> naming(List<String> filters, Cluster cluster) {
        return filters.stream().filter(f -> names(f.strip(), cluster)).findFirst();
    }

    private static boolean names(String filter, Cluster cluster) {
        if (filter.isEmpty()) {
            return false;
        }
        if (filter.equals("*") || filter.equals(cluster.name()) || filter.equals(cluster.alias())) {
            return true;
        }
        if (filter.startsWith(ALIAS_PATTERN)) {
            return found(filter.substring(ALIAS_PATTERN.length()), cluster.alias());
        }
        if (filter.startsWith(ALIAS)) {
            return filter.substring(ALIAS.length()).equals(cluster.alias());
        }
        return found(filter, cluster.name());
    }

    /** A pattern that is none names nothing: a typing error must not switch recoveries on. */
    private static boolean found(String pattern, String text) {
        if (pattern.isEmpty()) {
            return false;
        }
        try {
            return Pattern.compile(pattern).matcher(text).find();
        } catch (PatternSyntaxException e) {
            return false;
        }
    }
}
