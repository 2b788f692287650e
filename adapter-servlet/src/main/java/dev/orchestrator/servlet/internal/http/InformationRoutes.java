package dev.orchestrator.servlet.internal.http;

import static dev.orchestrator.servlet.internal.http.Route.order;
import static dev.orchestrator.servlet.internal.http.Route.read;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.servlet.internal.json.InstanceShape;
import dev.orchestrator.servlet.internal.json.Json;
import dev.orchestrator.servlet.internal.json.JsonOut;
import dev.orchestrator.servlet.internal.json.RecordsJson;
import dev.orchestrator.standalone.text.ControlReplicas;
import dev.orchestrator.standalone.text.InstanceOrder;
import dev.orchestrator.standalone.text.InstanceView;
import dev.orchestrator.standalone.text.TopologyText;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Reading instances, clusters and trees. */
final class InformationRoutes {
    private InformationRoutes() {}

    static List<Route> all() {
        return List.of(
                read("instance/:host/:port", c -> Answer.bare(InstanceShape.of(c.snapshot(), c.instanceForReading()))),
                read("instance-replicas/:host/:port", InformationRoutes::replicas),
                read("all-instances", c -> instances(c, InstanceOrder.byDepth(c.fleet()))),
                read(
                        "bulk-instances",
                        c -> Answer.bare(JsonOut.keys(keys(c.fleet().members())))),
                read("search", c -> search(c, c.optional("s"))),
                read("search/:searchString", c -> search(c, c.text("searchString"))),
                read("problems", c -> problems(c, c.fleet().members())),
                read("problems/:clusterName", c -> problems(c, members(c, c.clusterForReading("clusterName")))),
                read("downtimed", c -> downtimed(c, c.fleet().members())),
                read("downtimed/:clusterHint", c -> downtimed(c, members(c, c.clusterForReading("clusterHint")))),
                read("cluster/:clusterHint", c -> cluster(c, c.clusterForReading("clusterHint"))),
                read("cluster/alias/:clusterAlias", c -> cluster(c, c.clusterForReading("clusterAlias"))),
                read("cluster/instance/:host/:port", c -> cluster(c, c.clusterForReading("host"))),
                read("cluster-info/:clusterHint", c -> clusterInfo(c, c.clusterForReading("clusterHint"))),
                read("cluster-info/alias/:clusterAlias", c -> clusterInfo(c, c.clusterForReading("clusterAlias"))),
                read("cluster-osc-replicas/:clusterHint", InformationRoutes::controlReplicas),
                read("cluster-osc-slaves/:clusterHint", InformationRoutes::controlReplicas),
                order("set-cluster-alias/:clusterName", InformationRoutes::setAlias),
                read("clusters", c -> Answer.bare(Json.list(clusters(c), x -> Json.of(x.name())))),
                read("clusters-info", c -> Answer.bare(Json.list(clusters(c), c.snapshot()::clusterInfo))),
                read("masters", InformationRoutes::primaries),
                read("master/:clusterHint", InformationRoutes::primary),
                read("topology/:clusterHint", c -> tree(c, c.clusterForReading("clusterHint"))),
                read("topology/:host/:port", c -> tree(c, c.clusterForReading("host"))),
                read("topology-tabulated/:clusterHint", c -> table(c, c.clusterForReading("clusterHint"))),
                read("topology-tabulated/:host/:port", c -> table(c, c.clusterForReading("host"))),
                read("audit", c -> audit(c, null)),
                read("audit/:page", c -> audit(c, null)),
                read(
                        "audit/instance/:host/:port",
                        c -> audit(c, c.instanceForReading().key())),
                read(
                        "audit/instance/:host/:port/:page",
                        c -> audit(c, c.instanceForReading().key())));
    }

    static Answer instances(RouteCall call, Collection<FleetMember> members) {
        return Answer.bare(Json.list(members, m -> InstanceShape.of(call.snapshot(), m)));
    }

    private static List<InstanceKey> keys(Collection<FleetMember> members) {
        return members.stream().map(FleetMember::key).toList();
    }

    private static List<FleetMember> members(RouteCall call, Cluster cluster) {
        return call.fleet().membersOf(cluster.id());
    }

    private static List<Cluster> clusters(RouteCall call) {
        return call.fleet().clusters().stream()
                .sorted(Comparator.comparing(Cluster::name))
                .toList();
    }

    private static Answer replicas(RouteCall call) {
        return instances(call, call.fleet().replicasOf(call.instanceForReading().key()));
    }

    private static Answer controlReplicas(RouteCall call) {
        return instances(call, ControlReplicas.forSchemaChange(call.fleet(), call.clusterForReading("clusterHint")));
    }

    private static Answer search(RouteCall call, String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return instances(
                call,
                InstanceOrder.byDepth(call.fleet()).stream()
                        .filter(m -> found(call, m, lower))
                        .toList());
    }

    private static boolean found(RouteCall call, FleetMember member, String text) {
        boolean number = member.facts()
                .filter(i -> String.valueOf(i.serverId()).equals(text))
                .isPresent();
        if (number || String.valueOf(member.key().port()).equals(text)) {
            return true;
        }
        Stream<String> ofCluster =
                call.fleet().cluster(member.cluster()).stream().flatMap(c -> Stream.of(c.name(), c.alias()));
        Stream<String> ofServer = member.facts().stream()
                .flatMap(i -> Stream.of(i.version().text(), i.versionComment(), i.instanceAlias()));
        return Stream.of(Stream.of(member.key().toString()), ofCluster, ofServer)
                .flatMap(s -> s)
                .anyMatch(s -> s.toLowerCase(Locale.ROOT).contains(text));
    }

    private static Answer problems(RouteCall call, Collection<FleetMember> members) {
        Predicate<FleetMember> ignored = m -> call.settings().problemIgnoreFilters().stream()
                .anyMatch(p -> p.matcher(m.key().toString()).find());
        return instances(
                call,
                members.stream()
                        .filter(m -> !ignored.test(m))
                        .filter(m -> {
                            InstanceView view = call.snapshot().view(m);
                            return view.downtime().isEmpty() && !view.problems().isEmpty();
                        })
                        .toList());
    }

    private static Answer downtimed(RouteCall call, Collection<FleetMember> members) {
        return instances(
                call,
                members.stream()
                        .filter(m -> call.snapshot().view(m).downtime().isPresent())
                        .toList());
    }

    private static Answer cluster(RouteCall call, Cluster cluster) {
        return instances(
                call,
                InstanceOrder.byDepth(call.fleet()).stream()
                        .filter(m -> m.cluster().equals(cluster.id()))
                        .toList());
    }

    private static Answer clusterInfo(RouteCall call, Cluster cluster) {
        return Answer.bare(call.snapshot().clusterInfo(cluster));
    }

    private static Answer setAlias(RouteCall call) {
        Cluster cluster = call.exactCluster("clusterName");
        String alias = call.optional("alias");
        call.orchestrator().clusterAliases().set(cluster.id(), alias, call.actor());
        return Answer.ok("Cluster " + cluster.name() + " now has alias '" + alias + "'");
    }

    private static Answer primaries(RouteCall call) {
        return instances(
                call,
                clusters(call).stream()
                        .flatMap(c -> Stream.ofNullable(c.primary()))
                        .flatMap(k -> call.fleet().member(k).stream())
                        .filter(m -> m.facts().filter(i -> i.isWritable()).isPresent())
                        .toList());
    }

    private static Answer primary(RouteCall call) {
        Cluster cluster = call.clusterForReading("clusterHint");
        Optional<FleetMember> primary = Optional.ofNullable(cluster.primary()).flatMap(call.fleet()::member);
        // Without a single primary: the first of the roots, which are ordered by whether they can be written.
        return primary.or(() -> call.fleet().topology(cluster).roots().stream()
                        .map(root -> root.member())
                        .findFirst())
                .map(m -> Answer.bare(InstanceShape.of(call.snapshot(), m)))
                .orElseGet(() -> Answer.error("No masters found"));
    }

    private static Answer tree(RouteCall call, Cluster cluster) {
        return Answer.ok(
                "Topology for cluster " + cluster.name(),
                Json.of(TopologyText.tree(
                        call.fleet(),
                        cluster,
                        call.snapshot().config(),
                        call.snapshot().intents(),
                        call.snapshot().now())));
    }

    private static Answer table(RouteCall call, Cluster cluster) {
        return Answer.ok(
                "Tabulated topology for cluster " + cluster.name(),
                Json.of(TopologyText.tabulated(
                        call.fleet(),
                        cluster,
                        call.snapshot().config(),
                        call.snapshot().intents(),
                        call.snapshot().now())));
    }

    private static Answer audit(RouteCall call, @org.jspecify.annotations.Nullable InstanceKey key) {
        return Answer.bare(
                Json.list(call.orchestrator().audit().read(key, call.offset(), call.pageSize()), RecordsJson::audit));
    }
}
