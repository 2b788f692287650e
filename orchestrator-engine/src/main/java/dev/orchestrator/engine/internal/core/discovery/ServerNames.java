package dev.orchestrator.engine.internal.core.discovery;

import dev.orchestrator.api.config.ServerNaming;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Which key a server goes by, and whether two sets of facts are one server's. */
public final class ServerNames {
    private final ServerNaming naming;
    private final UnaryOperator<String> resolver;

    /**
     * Makes the rules.
     *
     * @param naming where a server's name comes from
     * @param resolver turns a host name into the one the fleet uses
     */
    public ServerNames(ServerNaming naming, UnaryOperator<String> resolver) {
        this.naming = naming;
        this.resolver = resolver;
    }

    /**
     * The key a server should go by. It is only preferred: whether it leads to the server has to be tried.
     *
     * @param given the key it was reached by
     * @param facts what it says of itself
     * @return the key, the given one when the server tells no usable name
     */
    public InstanceKey preferred(InstanceKey given, Instance facts) {
        return switch (naming) {
            case AS_GIVEN -> key(given.hostname(), given.port(), given);
            case HOSTNAME -> key(facts.reportedHostname(), given.port(), given);
            case REPORT_HOST ->
                facts.reportHost().isBlank()
                        ? key(given.hostname(), given.port(), given)
                        : key(facts.reportHost(), facts.reportPort() > 0 ? facts.reportPort() : given.port(), given);
        };
    }

    /**
     * A key as the fleet writes it.
     *
     * @param given a key somebody named
     * @return the same with its host name resolved
     */
    public InstanceKey resolved(InstanceKey given) {
        return key(given.hostname(), given.port(), given);
    }

    /**
     * All names of a server.
     *
     * @param fleet the fleet
     * @param server any of them
     * @return the key it goes by first; the given one alone when it is not known
     */
    public static Set<InstanceKey> of(Fleet fleet, InstanceKey server) {
        InstanceKey key = fleet.canonical(server);
        Set<InstanceKey> names = new LinkedHashSet<>(Set.of(key));
        fleet.otherNames().forEach((name, own) -> {
            if (own.equals(key)) {
                names.add(name);
            }
        });
        return names;
    }

    private InstanceKey key(String hostname, int port, InstanceKey otherwise) {
        try {
            return new InstanceKey(resolver.apply(hostname.strip()), port);
        } catch (IllegalArgumentException e) {
            // a server may report anything as its host name; what is no host name is as good as none
            return otherwise;
        }
    }

    /**
     * What is known of a server after the key that it should go by was tried.
     *
     * @param seen what it answered by another key
     * @param answer what was answered by that key
     * @return the answer, if it is the same server's; otherwise it goes by the other key
     */
    public static Observation.Seen named(Observation.Seen seen, Observation answer) {
        return answer.match(there -> sameServer(seen.instance(), there.instance()) ? there : seen, failed -> seen);
    }

    /**
     * Whether two sets of facts, read about the same time by two keys, are of one server.
     *
     * @param one facts
     * @param other facts
     * @return true when server_uuid, host, port and server_id are equal; servers that were copied with their
     *     server_uuid differ in one of the others
     */
    public static boolean sameServer(Instance one, Instance other) {
        return !one.serverUuid().isEmpty()
                && one.serverUuid().equals(other.serverUuid())
                && one.reportedHostname().equals(other.reportedHostname())
                && one.reportHost().equals(other.reportHost())
                && one.reportPort() == other.reportPort()
                && one.serverId() == other.serverId();
    }
}
