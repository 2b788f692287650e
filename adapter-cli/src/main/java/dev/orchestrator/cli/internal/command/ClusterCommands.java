package dev.orchestrator.cli.internal.command;

import static dev.orchestrator.cli.internal.command.Command.once;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.standalone.text.ControlReplicas;
import dev.orchestrator.standalone.text.TopologyText;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/** CommandTable that only read: clusters and their trees. */
final class ClusterCommands {
    private static final String SECTION = "Clusters";

    private ClusterCommands() {}

    static List<Command> all() {
        return List.of(
                once(
                        SECTION,
                        "clusters",
                        "the names of all clusters",
                        c -> clusters(c).forEach(x -> c.print(x.name()))),
                once(
                        SECTION,
                        "clusters-alias",
                        "the names and aliases of all clusters",
                        c -> clusters(c).forEach(x -> c.print(x.name() + "\t" + x.alias()))),
                once(
                        SECTION,
                        "all-clusters-masters",
                        "the writable primary of each cluster",
                        ClusterCommands::primaries),
                once(
                        SECTION,
                        "topology",
                        "the tree of a cluster",
                        c -> c.print(TopologyText.tree(
                                c.fleet(), c.cluster(), c.orchestrator().config(), intents(c)))),
                once(
                        SECTION,
                        "topology-tabulated",
                        "the tree of a cluster, in columns",
                        c -> c.print(TopologyText.tabulated(
                                c.fleet(), c.cluster(), c.orchestrator().config(), intents(c)))),
                once(
                        SECTION,
                        "which-cluster-alias",
                        "the alias of a cluster",
                        c -> c.print(c.cluster().alias())),
                once(
                        SECTION,
                        "which-cluster-domain",
                        "the domain name of a cluster",
                        c -> c.print(c.cluster().domain())),
                once(
                        SECTION,
                        "which-heuristic-domain-instance",
                        "the writer that a cluster's domain name stands for",
                        ClusterCommands::domainWriter),
                once(SECTION, "which-cluster-master", "the primary of a cluster", ClusterCommands::primary),
                once(SECTION, "which-cluster-instances", "the instances of a cluster", ClusterCommands::instances),
                once(
                        SECTION,
                        "which-cluster-osc-replicas",
                        "replicas to watch while a schema is changed",
                        c -> ControlReplicas.forSchemaChange(c.fleet(), c.cluster())
                                .forEach(m -> c.print(m.key()))),
                once(
                        SECTION,
                        "which-cluster-gh-ost-replicas",
                        "replicas that gh-ost can read from",
                        c -> ControlReplicas.forGhost(c.fleet(), c.cluster()).forEach(m -> c.print(m.key()))),
                once(SECTION, "which-downtimed-instances", "instances in downtime", ClusterCommands::downtimed),
                once(SECTION, "which-lost-in-recovery", "instances a recovery left behind", ClusterCommands::lost),
                once(
                        SECTION,
                        "get-cluster-heuristic-lag",
                        "the highest lag in a cluster, seconds",
                        ClusterCommands::lag));
    }

    private static Intents intents(CommandCall call) {
        return call.orchestrator().intents();
    }

    private static List<Cluster> clusters(CommandCall call) {
        return call.fleet().clusters().stream()
                .sorted(Comparator.comparing(Cluster::name))
                .toList();
    }

    private static void primaries(CommandCall call) {
        call.fleet().clusters().stream()
                .map(Cluster::primary)
                .filter(java.util.Objects::nonNull)
                .filter(key ->
                        call.fleet().instance(key).map(Instance::isWritable).orElse(false))
                .sorted()
                .forEach(call::print);
    }

    private static void primary(CommandCall call) {
        call.print(primaryOf(call.cluster()));
    }

    private static InstanceKey primaryOf(Cluster cluster) {
        InstanceKey primary = cluster.primary();
        if (primary == null) {
            throw new OrchestratorException(
                    ErrorCode.REFUSED, "cluster " + cluster.name() + " has no primary, or more than one: see topology");
        }
        return primary;
    }

    private static void domainWriter(CommandCall call) {
        Cluster cluster = call.cluster();
        if (cluster.domain().isEmpty()) {
            throw new OrchestratorException(
                    ErrorCode.REFUSED,
                    "cluster " + cluster.name() + " has no domain name: DetectClusterDomainQuery is not set, or gives"
                            + " none on its primary");
        }
        InstanceKey primary = primaryOf(cluster);
        if (!call.fleet().instance(primary).map(Instance::isWritable).orElse(false)) {
            throw new OrchestratorException(
                    ErrorCode.REFUSED,
                    "nobody is the writer of " + cluster.domain() + ": the primary " + primary + " of cluster "
                            + cluster.name() + " is not writable");
        }
        call.print(primary);
    }

    private static void instances(CommandCall call) {
        call.fleet().membersOf(call.cluster().id()).forEach(m -> call.print(m.key()));
    }

    private static void downtimed(CommandCall call) {
        List<FleetMember> asked = call.namesCluster()
                ? call.fleet().membersOf(call.cluster().id())
                : List.copyOf(call.fleet().members());
        var downtimes = intents(call).downtimes();
        asked.stream().map(FleetMember::key).filter(downtimes::containsKey).forEach(call::print);
    }

    private static void lost(CommandCall call) {
        call.orchestrator().fences().stream().map(f -> f.instance()).sorted().forEach(call::print);
    }

    private static void lag(CommandCall call) {
        long seconds = call.fleet().membersOf(call.cluster().id()).stream()
                .filter(FleetMember::isReachable)
                .flatMap(m -> m.facts().stream())
                .flatMap(i -> i.mainChannel().stream())
                .map(ReplicationChannel::lag)
                .filter(java.util.Objects::nonNull)
                .mapToLong(Duration::toSeconds)
                .max()
                .orElse(0);
        call.print(seconds);
    }
}
