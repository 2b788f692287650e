package dev.orchestrator.servlet.internal.http;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.standalone.settings.HttpSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the route of a request, makes the checks before it, and turns what goes wrong into the predecessor's answers. */
public final class Router {
    private static final Logger LOG = LoggerFactory.getLogger(Router.class);

    private final Supplier<Orchestrator> orchestrator;
    private final HttpSettings settings;
    private final RequestGuard guard;
    private final List<String> prefix;
    private final List<String> status;
    private final WebPages pages;
    private final Map<String, List<Route>> routes = new HashMap<>();

    /**
     * Makes one.
     *
     * @param orchestrator asked at every request; throws while there is none yet
     * @param settings prefix, names, filters
     * @param ownNames names of this host, under which orders are accepted
     */
    public Router(Supplier<Orchestrator> orchestrator, HttpSettings settings, List<String> ownNames) {
        this.orchestrator = orchestrator;
        this.settings = settings;
        this.guard = new RequestGuard(settings.listen(), ownNames, settings.allowedHosts());
        this.prefix = split(settings.urlPrefix());
        this.status = split(settings.statusEndpoint());
        this.pages = new WebPages(settings.urlPrefix());
        routes().forEach(r -> routes.computeIfAbsent(r.segments().get(0), s -> new ArrayList<>())
                .add(r));
    }

    /** All routes of the API. */
    static List<Route> routes() {
        List<Route> all = new ArrayList<>();
        all.addAll(MetaRoutes.all());
        all.addAll(InformationRoutes.all());
        all.addAll(InstanceRoutes.all());
        all.addAll(RecoveryRoutes.all());
        all.addAll(OperationRoutes.all());
        all.addAll(PoolRoutes.all());
        all.addAll(LiveRoutes.all());
        return all;
    }

    private static List<String> split(String path) {
        List<String> segments = Paths.segments(path.isEmpty() ? "/" : path);
        return segments == null ? List.of() : segments;
    }

    /**
     * Answers a request.
     *
     * @param exchange the request
     */
    public void handle(HttpExchange exchange) {
        exchange.answer(answer(exchange));
    }

    private Answer answer(HttpExchange exchange) {
        List<String> path = Paths.segments(exchange.rawPath());
        if (path == null) {
            return Answer.notFound();
        }
        if (path.equals(status)) {
            return api(exchange, List.of("status"));
        }
        if (path.isEmpty()) {
            return reads(exchange) ? pages.home(exchange) : Answer.notFound();
        }
        if (path.size() < prefix.size() || !path.subList(0, prefix.size()).equals(prefix)) {
            return Answer.notFound();
        }
        List<String> below = path.subList(prefix.size(), path.size());
        if (below.isEmpty() || !below.get(0).equals("api")) {
            return reads(exchange) ? pages.answer(exchange, below) : Answer.notFound();
        }
        return api(exchange, below.subList(1, below.size()));
    }

    private static boolean reads(HttpExchange exchange) {
        return exchange.method().equals("GET") || exchange.method().equals("HEAD");
    }

    private Answer api(HttpExchange exchange, List<String> path) {
        if (path.isEmpty() || !reads(exchange)) {
            return Answer.notFound();
        }
        for (Route route : routes.getOrDefault(path.get(0), List.of())) {
            Map<String, String> parameters = route.match(path);
            if (parameters != null) {
                return guarded(exchange, route, parameters);
            }
        }
        boolean later = !routes.containsKey(path.get(0)) && LaterRoutes.names(path.get(0));
        return later ? LaterRoutes.answer(path.get(0)) : Answer.notFound();
    }

    private Answer guarded(HttpExchange exchange, Route route, Map<String, String> parameters) {
        if (route.access() == Route.Access.ORDER) {
            if (exchange.method().equals("HEAD")) {
                // HEAD promises that nothing happens; the predecessor would have obeyed.
                return new Answer(405, "text/plain; charset=UTF-8", Map.of("Allow", "GET"), new byte[0]);
            }
            Optional<String> refusal = guard.refusal(exchange);
            if (refusal.isPresent()) {
                LOG.atWarn()
                        .addKeyValue("from", exchange.remoteAddress())
                        .addKeyValue("route", String.join("/", route.segments()))
                        .addKeyValue("reason", refusal.get())
                        .log("order over HTTP refused");
                return Answer.forbidden(refusal.get());
            }
        }
        return called(exchange, route, parameters);
    }

    private Answer called(HttpExchange exchange, Route route, Map<String, String> parameters) {
        try {
            return route.handler().handle(new RouteCall(exchange, parameters, orchestrator.get(), settings));
        } catch (OrchestratorException e) {
            return Answer.error(message(e));
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("route", String.join("/", route.segments()))
                    .setCause(e)
                    .log("request failed");
            return Answer.error("internal error: " + e);
        }
    }

    private static String message(OrchestratorException e) {
        @Nullable String message = e.getMessage();
        return message == null ? e.code().name() : message;
    }
}
