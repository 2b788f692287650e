package dev.orchestrator.engine.internal.core.candidate;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.ReplicationChannel;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a server leaves out of what it applies or logs. Its GTID set does not tell: a transaction that was filtered away
 * counts as executed.
 */
public final class ReplicationFilters {
    private static final Set<String> SYSTEM = Set.of("mysql", "sys", "information_schema", "performance_schema");

    private ReplicationFilters() {}

    /**
     * The filters of a server that count: those that only ignore system schemas do not.
     *
     * @param instance the server
     * @return its filters, as the server's options say them
     */
    public static List<String> of(Instance instance) {
        if (leavesNothingOut(instance)) {
            return List.of();
        }
        Set<String> filters = new LinkedHashSet<>();
        instance.channels().forEach(c -> filters.addAll(c.filters()));
        filters.addAll(instance.binlogFilters());
        filters.removeIf(ReplicationFilters::ignoresSystemSchema);
        return List.copyOf(filters);
    }

    /**
     * The filters of a server that count and are not among those accepted.
     *
     * @param instance the server
     * @param accepted filters that do not matter
     * @return the others
     */
    public static List<String> of(Instance instance, Collection<String> accepted) {
        return of(instance).stream().filter(f -> !accepted.contains(f)).toList();
    }

    /** What nearly all servers are: asked of each replica each time its source is looked at. */
    private static boolean leavesNothingOut(Instance instance) {
        for (ReplicationChannel channel : instance.channels()) {
            if (!channel.filters().isEmpty()) {
                return false;
            }
        }
        return instance.binlogFilters().isEmpty();
    }

    private static boolean ignoresSystemSchema(String filter) {
        int equals = filter.indexOf('=');
        if (!filter.substring(0, equals < 0 ? 0 : equals).contains("ignore-")) {
            return false;
        }
        String name = filter.substring(equals + 1);
        int dot = name.indexOf('.');
        // A pattern's escaped underscore is an underscore.
        String schema = (dot < 0 ? name : name.substring(0, dot)).replace("\\", "");
        return SYSTEM.contains(schema);
    }
}
