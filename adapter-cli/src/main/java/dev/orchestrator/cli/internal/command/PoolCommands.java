package dev.orchestrator.cli.internal.command;

import static dev.orchestrator.cli.internal.command.Command.once;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.standalone.text.PoolTexts;
import java.util.Comparator;
import java.util.List;

/** PoolTexts: who is in them, by what somebody submitted. */
final class PoolCommands {
    private static final String SECTION = "PoolTexts";

    private PoolCommands() {}

    static List<Command> all() {
        return List.of(
                once(SECTION, "submit-pool-instances", "replace a pool's members by those of -i", PoolCommands::submit),
                once(SECTION, "cluster-pool-instances", "the pools of all clusters", PoolCommands::pools),
                once(
                        SECTION,
                        "which-heuristic-cluster-pool-instances",
                        "the instances in a cluster's pools that answer",
                        c -> new PoolTexts(c.orchestrator())
                                .answering(c.cluster(), c.option("pool"))
                                .forEach(m -> c.print(m.key()))));
    }

    private static void submit(CommandCall call) {
        String pool = call.required("pool", "the name of the pool");
        String members = call.required("i", "the members, by comma");
        new PoolTexts(call.orchestrator()).submit(pool, members, call.actor());
    }

    private static void pools(CommandCall call) {
        PoolTexts pools = new PoolTexts(call.orchestrator());
        List<Cluster> clusters = call.fleet().clusters().stream()
                .sorted(Comparator.comparing(Cluster::name))
                .toList();
        for (Cluster cluster : clusters) {
            pools.of(cluster, null)
                    .forEach((pool, members) -> members.forEach(
                            k -> call.print(cluster.name() + "\t" + cluster.alias() + "\t" + pool + "\t" + k)));
        }
    }
}
