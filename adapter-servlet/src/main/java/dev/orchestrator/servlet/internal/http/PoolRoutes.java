package dev.orchestrator.servlet.internal.http;

import static dev.orchestrator.servlet.internal.http.Route.order;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.servlet.internal.json.InstanceShape;
import dev.orchestrator.servlet.internal.json.Json;
import dev.orchestrator.servlet.internal.json.JsonOut;
import dev.orchestrator.standalone.text.PoolTexts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** PoolTexts: who is in them, by what somebody submitted. All of them want an exact cluster and a right to give orders. */
final class PoolRoutes {
    private PoolRoutes() {}

    static List<Route> all() {
        return List.of(
                order("submit-pool-instances/:pool", PoolRoutes::submit),
                order("cluster-pool-instances/:clusterName", PoolRoutes::pools),
                order("cluster-pool-instances/:clusterName/:pool", PoolRoutes::pools),
                order("heuristic-cluster-pool-instances/:clusterName", PoolRoutes::answering),
                order("heuristic-cluster-pool-instances/:clusterName/:pool", PoolRoutes::answering),
                order("heuristic-cluster-pool-lag/:clusterName", PoolRoutes::lag),
                order("heuristic-cluster-pool-lag/:clusterName/:pool", PoolRoutes::lag));
    }

    private static Answer submit(RouteCall call) {
        String pool = call.text("pool");
        new PoolTexts(call.orchestrator()).submit(pool, call.optional("instances"), call.actor());
        return Answer.ok("Applied " + pool + " pool instances", Json.of(pool));
    }

    private static Cluster cluster(RouteCall call) {
        return call.exactCluster("clusterName");
    }

    private static @Nullable String pool(RouteCall call) {
        return call.has("pool") ? call.text("pool") : null;
    }

    private static Answer pools(RouteCall call) {
        Cluster cluster = cluster(call);
        Map<String, Json> pools = new LinkedHashMap<>();
        new PoolTexts(call.orchestrator())
                .of(cluster, pool(call))
                .forEach((pool, members) -> pools.put(pool, Json.list(members, JsonOut::key)));
        return Answer.ok("Cluster pool instances for " + cluster.name(), Json.object(pools));
    }

    private static Answer answering(RouteCall call) {
        Cluster cluster = cluster(call);
        return Answer.ok(
                "Heuristic pool instances of cluster " + cluster.name(),
                Json.list(
                        new PoolTexts(call.orchestrator()).answering(cluster, pool(call)),
                        m -> InstanceShape.of(call.snapshot(), m)));
    }

    private static Answer lag(RouteCall call) {
        Cluster cluster = cluster(call);
        return Answer.ok(
                "Heuristic pool lag of cluster " + cluster.name(),
                Json.of(new PoolTexts(call.orchestrator())
                        .lag(cluster, pool(call))
                        .toSeconds()));
    }
}
