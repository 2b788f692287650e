package dev.orchestrator.servlet.internal.http;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.servlet.internal.json.ShapeSource;
import dev.orchestrator.standalone.settings.HttpSettings;
import dev.orchestrator.standalone.text.InstanceNames;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One call of a route: its parameters as the things they name. Reads the fleet at most once. */
final class RouteCall {
    private static final int PAGE = 20;

    private final HttpExchange exchange;
    private final Map<String, String> parameters;
    private final Orchestrator orchestrator;
    private final HttpSettings settings;
    private @Nullable ShapeSource snapshot;

    RouteCall(HttpExchange exchange, Map<String, String> parameters, Orchestrator orchestrator, HttpSettings settings) {
        this.exchange = exchange;
        this.parameters = parameters;
        this.orchestrator = orchestrator;
        this.settings = settings;
    }

    HttpExchange exchange() {
        return exchange;
    }

    Orchestrator orchestrator() {
        return orchestrator;
    }

    HttpSettings settings() {
        return settings;
    }

    ShapeSource snapshot() {
        if (snapshot == null) {
            snapshot = new ShapeSource(
                    orchestrator.fleet(),
                    orchestrator.intents(),
                    orchestrator.fences(),
                    orchestrator.config(),
                    Instant.now());
        }
        return snapshot;
    }

    Fleet fleet() {
        return snapshot().fleet();
    }

    String text(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw new OrchestratorException(ErrorCode.INVALID_INPUT, "missing " + name);
        }
        return value;
    }

    boolean has(String name) {
        return parameters.containsKey(name);
    }

    /** A parameter of the path, else of the query, else empty. */
    String optional(String name) {
        String value = parameters.get(name);
        String asked = value == null ? exchange.query(name) : value;
        return asked == null ? "" : asked;
    }

    long number(String name) {
        try {
            return Long.parseLong(text(name));
        } catch (NumberFormatException e) {
            throw new OrchestratorException(
                    ErrorCode.INVALID_INPUT, name + " is not a number: '" + text(name) + "'", e);
        }
    }

    /** How many entries to skip for the page asked for; pages begin with 0. */
    int offset() {
        return has("page") ? (int) Math.max(0, Math.min(number("page"), 1_000_000)) * PAGE : 0;
    }

    int pageSize() {
        return PAGE;
    }

    /** The key written, which need not be known. */
    InstanceKey key() {
        return key("host", "port");
    }

    InstanceKey key(String host, String port) {
        try {
            String name = text(host);
            String unbracketed =
                    name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
            return new InstanceKey(unbracketed, (int) Math.min(number(port), 65_536));
        } catch (IllegalArgumentException e) {
            throw new OrchestratorException(ErrorCode.INVALID_INPUT, String.valueOf(e.getMessage()), e);
        }
    }

    /** The known instance of exactly that name: for orders. */
    FleetMember exactInstance() {
        return InstanceNames.exact(fleet(), key());
    }

    /** The known instance, an abbreviated name will do: for reading. */
    FleetMember instanceForReading() {
        return InstanceNames.forReading(fleet(), key());
    }

    /** The cluster of that id, name, alias or member, exactly: for orders. */
    Cluster exactCluster(String parameter) {
        return orchestrator.cluster(text(parameter));
    }

    /** The cluster of that id, name, alias or member, of which an abbreviated name will do: for reading. */
    Cluster clusterForReading(String parameter) {
        if (parameter.equals("host")) {
            return clusterOf(instanceForReading());
        }
        try {
            return orchestrator.cluster(text(parameter));
        } catch (OrchestratorException e) {
            if (e.code() != ErrorCode.UNKNOWN_CLUSTER) {
                throw e;
            }
            InstanceKey key;
            try {
                key = InstanceKey.parse(text(parameter), orchestrator.config().defaultPort());
                return clusterOf(InstanceNames.forReading(fleet(), key));
            } catch (IllegalArgumentException | OrchestratorException notEvenAnInstance) {
                e.addSuppressed(notEvenAnInstance);
                throw e;
            }
        }
    }

    private Cluster clusterOf(FleetMember member) {
        return fleet().cluster(member.cluster())
                .orElseThrow(() -> new OrchestratorException(
                        ErrorCode.UNKNOWN_CLUSTER, member.key() + " belongs to no known cluster"));
    }

    /** Who orders it: whom the container knows, else who the path says, else the address it came from. */
    Actor actor() {
        String user = exchange.remoteUser();
        String owner = optional("owner");
        String who = user != null && !user.isBlank() ? user : owner.isBlank() ? exchange.remoteAddress() : owner;
        return new Actor(who, Origin.HTTP, orchestrator.config().nodeName());
    }
}
