package dev.orchestrator.servlet.internal.http;

import static dev.orchestrator.servlet.internal.http.Route.order;
import static dev.orchestrator.servlet.internal.http.Route.read;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.Operation.Kind;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.servlet.internal.json.InstanceJson;
import dev.orchestrator.servlet.internal.json.Json;
import dev.orchestrator.servlet.internal.json.JsonOut;
import dev.orchestrator.servlet.internal.json.Picture;
import dev.orchestrator.servlet.internal.json.RecordsJson;
import dev.orchestrator.standalone.text.InstanceNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Orders that change living topologies, and their plans. */
final class OperationRoutes {
    private OperationRoutes() {}

    static List<Route> all() {
        List<Route> routes = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            kind.routes().forEach(name -> add(routes, name, kind));
        }
        return routes;
    }

    private static void add(List<Route> routes, String name, Kind kind) {
        switch (kind.shape()) {
            case MOVE -> move(routes, name, kind);
            case REPLICA, FENCE -> single(routes, name, kind);
            case TAKEOVER -> takeover(routes, name, kind);
        }
    }

    private static void move(List<Route> routes, String name, Kind kind) {
        String parameters = "/:host/:port/:belowHost/:belowPort";
        routes.add(order(name + parameters, c -> {
            Operation wish = toward(c, kind, "belowHost", "belowPort");
            return run(c, wish, "Instance " + wish.instance() + " " + kind.done() + " " + wish.destination());
        }));
        routes.add(read(name + "-plan" + parameters, c -> plan(c, toward(c, kind, "belowHost", "belowPort"))));
    }

    private static Operation toward(Call call, Kind kind, String host, String port) {
        return Operation.of(
                kind,
                call.exactInstance().key(),
                InstanceNames.exact(call.fleet(), call.key(host, port)).key());
    }

    private static void single(List<Route> routes, String name, Kind kind) {
        routes.add(order(name + "/:host/:port", c -> {
            InstanceKey key = c.exactInstance().key();
            return run(c, Operation.of(kind, key), kind.done() + ": " + key);
        }));
    }

    private static void takeover(List<Route> routes, String name, Kind kind) {
        String designated = "/:designatedHost/:designatedPort";
        routes.add(order(name + "/:clusterHint", c -> takeOver(c, kind, c.exactCluster("clusterHint"))));
        routes.add(order(name + "/:host/:port", c -> takeOver(c, kind, ofMember(c))));
        routes.add(order(name + "/:clusterHint" + designated, c -> takeOver(c, kind, c.exactCluster("clusterHint"))));
        routes.add(order(name + "/:host/:port" + designated, c -> takeOver(c, kind, ofMember(c))));
        routes.add(read(name + "-plan/:host/:port", c -> plan(c, wish(c, kind, ofMember(c)))));
        routes.add(read(name + "-plan/:host/:port" + designated, c -> plan(c, wish(c, kind, ofMember(c)))));
    }

    private static Cluster ofMember(Call call) {
        return call.orchestrator().cluster(call.exactInstance().key().toString());
    }

    private static Operation wish(Call call, Kind kind, Cluster cluster) {
        if (cluster.primary() == null) {
            throw new OrchestratorException(
                    ErrorCode.REFUSED, "the cluster " + cluster.name() + " has no primary, or more than one");
        }
        InstanceKey designated = call.has("designatedHost")
                ? InstanceNames.exact(call.fleet(), call.key("designatedHost", "designatedPort"))
                        .key()
                : null;
        return Operation.of(kind, cluster.primary(), designated);
    }

    private static Answer takeOver(Call call, Kind kind, Cluster cluster) {
        OperationOutcome outcome = call.orchestrator().operations().run(wish(call, kind, cluster), call.actor());
        RecoveryRecord recovery = outcome.recovery();
        Json details = recovery == null ? Json.NULL : RecordsJson.recovery(recovery);
        if (recovery == null || !outcome.succeeded()) {
            return Answer.error(outcome.problem(), details);
        }
        return Answer.ok(kind.done() + afterthoughts(recovery), details);
    }

    private static String afterthoughts(RecoveryRecord recovery) {
        return recovery.errors().isEmpty() ? "" : ", but: " + String.join("; ", recovery.errors());
    }

    private static Answer run(Call call, Operation wish, String done) {
        OperationOutcome outcome = call.orchestrator().operations().run(wish, call.actor());
        if (!outcome.succeeded()) {
            return Answer.error(outcome.problem(), JsonOut.key(wish.instance()));
        }
        // The picture after the change: the call's own is from before.
        Picture now = new Picture(
                call.orchestrator().fleet(),
                call.orchestrator().intents(),
                call.orchestrator().fences(),
                call.orchestrator().config(),
                Instant.now());
        return Answer.ok(
                done,
                now.fleet()
                        .member(wish.instance())
                        .map(m -> InstanceJson.of(now, m))
                        .orElse(JsonOut.key(wish.instance())));
    }

    private static Answer plan(Call call, Operation wish) {
        return Answer.ok(
                "Plan",
                RecordsJson.decision(
                        call.picture(), call.orchestrator().operations().plan(wish)));
    }
}
