package dev.orchestrator.cli.internal.command;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** All commands, by name, and the names they had long ago. */
final class CommandTable {
    private static final Map<String, String> LEGACY_NAMES = Map.ofEntries(
            Map.entry("stop-slave", "stop-replica"),
            Map.entry("start-slave", "start-replica"),
            Map.entry("restart-slave", "restart-replica"),
            Map.entry("which-cluster-osc-slaves", "which-cluster-osc-replicas"),
            Map.entry("which-cluster-gh-ost-slaves", "which-cluster-gh-ost-replicas"),
            Map.entry("which-slaves", "which-replicas"));

    private final Map<String, Command> byName = new LinkedHashMap<>();

    CommandTable() {
        Stream.of(
                        InformationCommands.all(),
                        ClusterCommands.all(),
                        PoolCommands.all(),
                        InstanceCommands.all(),
                        OperationCommands.all(),
                        RecoveryCommands.all(),
                        MetaCommands.all())
                .flatMap(List::stream)
                .forEach(c -> byName.put(c.name(), c));
    }

    Optional<Command> find(String name) {
        String folded = name.strip().toLowerCase(Locale.ROOT);
        return Optional.ofNullable(byName.get(LEGACY_NAMES.getOrDefault(folded, folded)));
    }

    Collection<Command> all() {
        return byName.values();
    }

    /** The command whose name is nearest to a mistyped one, if any is near. */
    Optional<String> nearest(String name) {
        return dev.orchestrator.standalone.text.NearestName.of(name, byName.keySet());
    }
}
