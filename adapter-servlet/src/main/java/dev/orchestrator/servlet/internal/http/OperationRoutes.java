package dev.orchestrator.servlet.internal.http;

import static dev.orchestrator.servlet.internal.http.Route.order;
import static dev.orchestrator.servlet.internal.http.Route.read;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.Argument;
import dev.orchestrator.api.operation.ArgumentTexts;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.operation.OperationType;
import dev.orchestrator.api.operation.Parameter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.servlet.internal.json.InstanceShape;
import dev.orchestrator.servlet.internal.json.Json;
import dev.orchestrator.servlet.internal.json.JsonOut;
import dev.orchestrator.servlet.internal.json.RecordsJson;
import dev.orchestrator.servlet.internal.json.ShapeSource;
import dev.orchestrator.standalone.text.KnownNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Orders that change living topologies, and their plans, made from the rows of the operations: each argument is one or two
 * segments of the path, and those that may be left out come last.
 */
final class OperationRoutes {
    private OperationRoutes() {}

    static List<Route> all() {
        List<Route> routes = new ArrayList<>();
        for (OperationType<?> type : OperationType.all()) {
            List<String> paths = paths(type);
            for (String name : type.routes()) {
                paths.forEach(path -> routes.add(order(name + path, c -> run(c, type))));
                paths.forEach(path -> routes.add(read(name + "-plan" + path, c -> plan(c, type))));
            }
        }
        return routes;
    }

    /** All ways to write the arguments. */
    private static List<String> paths(OperationType<?> type) {
        List<String> all = new ArrayList<>();
        List<String> soFar = List.of("");
        for (Parameter<?> parameter : type.parameters()) {
            if (!parameter.required()) {
                all.addAll(soFar);
            }
            List<String> longer = new ArrayList<>();
            for (String path : soFar) {
                segments(parameter.argument()).forEach(s -> longer.add(path + s));
            }
            soFar = longer;
        }
        all.addAll(soFar);
        return all;
    }

    private static List<String> segments(Argument<?> argument) {
        String one = "/:" + argument.name();
        String two = "/:" + host(argument) + "/:" + port(argument);
        return switch (argument.form()) {
            case INSTANCE -> List.of(two);
            case CLUSTER -> List.of(one, two);
        };
    }

    private static String host(Argument<?> argument) {
        return argument.name() + "Host";
    }

    private static String port(Argument<?> argument) {
        return argument.name() + "Port";
    }

    private static <O extends Operation> O operation(RouteCall call, OperationType<O> type) {
        return type.read(new PathTexts(call), new KnownNames(call.orchestrator(), call.fleet()));
    }

    private static Answer run(RouteCall call, OperationType<?> type) {
        OperationOutcome outcome = call.orchestrator().operations().run(operation(call, type), call.actor());
        Json details = switch (type.answer()) {
            case SERVER, REPLICA_AND_SOURCE -> server(call, outcome);
            case RECOVERY -> recovery(outcome.recovery());
        };
        return outcome.succeeded()
                ? Answer.ok(type.done(outcome), details, outcome.results())
                : Answer.error(outcome.problem(), details, outcome.results());
    }

    private static Json recovery(@Nullable RecoveryRecord recovery) {
        return recovery == null ? Json.NULL : RecordsJson.recovery(recovery);
    }

    private static Json server(RouteCall call, OperationOutcome outcome) {
        if (!outcome.succeeded()) {
            return JsonOut.key(outcome.server());
        }
        try {
            return changed(call, outcome);
        } catch (OrchestratorException e) {
            // How it ended does not depend on what can be read of it now.
            return JsonOut.key(outcome.server());
        }
    }

    private static Json changed(RouteCall call, OperationOutcome outcome) {
        // The snapshot after the change: the call's own is from before.
        ShapeSource now = new ShapeSource(
                call.orchestrator().fleet(),
                call.orchestrator().intents(),
                call.orchestrator().fences(),
                call.orchestrator().config(),
                Instant.now());
        return now.fleet()
                .member(outcome.server())
                .map(m -> InstanceShape.of(now, m))
                .orElse(JsonOut.key(outcome.server()));
    }

    private static Answer plan(RouteCall call, OperationType<?> type) {
        return Answer.ok(
                "Plan",
                RecordsJson.decision(
                        call.snapshot(), call.orchestrator().operations().plan(operation(call, type))));
    }

    /** Arguments are segments of the path; an instance is host and port. */
    private record PathTexts(RouteCall call) implements ArgumentTexts {
        @Override
        public @Nullable String text(Argument<?> argument) {
            if (call.has(argument.name())) {
                return call.text(argument.name());
            }
            if (!call.has(host(argument))) {
                return null;
            }
            InstanceKey key = call.key(host(argument), port(argument));
            return key.toString();
        }

        @Override
        public String place(Argument<?> argument) {
            return String.join(" or ", segments(argument));
        }
    }
}
