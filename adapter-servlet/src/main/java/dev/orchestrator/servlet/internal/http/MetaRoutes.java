package dev.orchestrator.servlet.internal.http;

import static dev.orchestrator.servlet.internal.http.Route.order;
import static dev.orchestrator.servlet.internal.http.Route.read;

import dev.orchestrator.api.CancelOutcome;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.LeaderElection;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.analysis.StructureWarning;
import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.servlet.internal.json.Health;
import dev.orchestrator.servlet.internal.json.Json;
import dev.orchestrator.servlet.internal.json.RecordsJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The service itself: health, leadership, and what answers that there is no raft. */
final class MetaRoutes {
    private static final Duration ALIVE = Duration.ofSeconds(10);
    private static final List<String> RAFT_READS =
            List.of("raft-peers", "raft-state", "raft-leader", "raft-health", "raft-status");
    private static final List<String> RAFT_ORDERS = List.of(
            "raft-add-peer/:addr",
            "raft-remove-peer/:addr",
            "raft-yield/:node",
            "raft-yield-hint/:hint",
            "raft-snapshot",
            "raft-follower-health-report/:authenticationToken/:raftBind/:raftAdvertise");

    private MetaRoutes() {}

    static List<Route> all() {
        List<Route> routes = new ArrayList<>(List.of(
                read("status", MetaRoutes::health),
                read("health", MetaRoutes::health),
                read("lb-check", c -> Answer.bare(Json.of("OK"))),
                read("_ping", c -> Answer.bare(Json.of("OK"))),
                read("headers", MetaRoutes::headers),
                order("grab-election", c -> {
                    c.orchestrator().leaderElection().seize();
                    return Answer.ok("Node grabbed election");
                }),
                order("reelect", c -> {
                    c.orchestrator().leaderElection().vacate();
                    return Answer.ok("Set re-elections");
                }),
                read("running", c -> Answer.bare(Json.list(c.orchestrator().running(), RecordsJson::running))),
                order("cancel/:uid", c -> {
                    CancelOutcome outcome = c.orchestrator().cancel(c.text("uid"), c.actor());
                    return Answer.ok(
                            "Asked change " + c.text("uid") + " to stop: " + outcome.words(), Json.of(c.text("uid")));
                }),
                order("reload-cluster-alias", c -> Answer.error("This API call has been retired"))));
        for (String name : List.of("leader-check", "routed-leader-check")) {
            routes.add(read(name, c -> leaderCheck(c, 404)));
            routes.add(read(name + "/:errorStatusCode", c -> leaderCheck(c, errorStatus(c))));
        }
        RAFT_READS.forEach(pattern -> routes.add(read(pattern, c -> noRaft(pattern))));
        RAFT_ORDERS.forEach(pattern -> routes.add(order(pattern, c -> noRaft(pattern))));
        return routes;
    }

    private static Answer noRaft(String pattern) {
        int slash = pattern.indexOf('/');
        return Answer.error((slash < 0 ? pattern : pattern.substring(0, slash)) + ": not running with raft setup");
    }

    private static Answer health(RouteCall call) {
        try {
            Json health = of(call.orchestrator()).json();
            return Answer.ok("Application node is healthy" + refusals(call.orchestrator()), health);
        } catch (OrchestratorException e) {
            return Answer.error("Application node is unhealthy: " + e.getMessage());
        }
    }

    /** The node is healthy, yet blind to these. */
    private static String refusals(Orchestrator orchestrator) {
        String refusing = orchestrator.analyses().stream()
                .filter(a -> a.warnings().contains(StructureWarning.ACCOUNT_REFUSED))
                .map(a -> a.instance().toString())
                .collect(Collectors.joining(", "));
        return refusing.isEmpty() ? "" : "; its account is refused by " + refusing;
    }

    /** Asks the backend: who does not get an answer is not healthy. */
    static Health of(Orchestrator orchestrator) {
        return new Health(
                orchestrator.config().nodeName(),
                leads(orchestrator),
                orchestrator.leaderElection().leader().orElse(null),
                orchestrator.nodes().alive(ALIVE));
    }

    private static boolean leads(Orchestrator orchestrator) {
        return orchestrator.leaderElection().standing() == LeaderElection.Standing.LEADING;
    }

    private static Answer leaderCheck(RouteCall call, int otherwise) {
        return leads(call.orchestrator()) ? Answer.bare(Json.of("OK")) : Answer.bare(otherwise, Json.of("Not leader"));
    }

    private static int errorStatus(RouteCall call) {
        long status = call.number("errorStatusCode");
        if (status < 200 || status > 599) {
            throw new OrchestratorException(
                    ErrorCode.INVALID_INPUT, "not a status code: " + status + " (expected 200 to 599)");
        }
        return (int) status;
    }

    private static Answer headers(RouteCall call) {
        Map<String, Json> shown = new TreeMap<>();
        call.exchange().headers().forEach((name, values) -> shown.put(name, Json.texts(values)));
        return Answer.bare(Json.object(shown));
    }
}
