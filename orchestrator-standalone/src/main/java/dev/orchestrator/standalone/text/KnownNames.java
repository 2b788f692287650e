package dev.orchestrator.standalone.text;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.NameResolver;

/** The names of what an orchestrator knows, exactly as they are; an error names the nearest. */
public final class KnownNames implements NameResolver {
    private final Orchestrator orchestrator;
    private final Fleet fleet;

    /**
     * The names.
     *
     * @param orchestrator knows the clusters, and the port of who names none
     * @param fleet the instances
     */
    public KnownNames(Orchestrator orchestrator, Fleet fleet) {
        this.orchestrator = orchestrator;
        this.fleet = fleet;
    }

    @Override
    public InstanceKey instance(String text) {
        InstanceKey written = InstanceKey.parse(text, orchestrator.config().defaultPort());
        return InstanceNames.exact(fleet, written).key();
    }

    @Override
    public InstanceKey primary(String text) {
        Cluster cluster = cluster(text);
        InstanceKey primary = cluster.primary();
        if (primary == null) {
            throw new OrchestratorException(
                    ErrorCode.REFUSED, "the cluster " + cluster.name() + " has no primary, or more than one");
        }
        return primary;
    }

    private Cluster cluster(String text) {
        try {
            return orchestrator.cluster(text);
        } catch (OrchestratorException e) {
            if (e.code() != ErrorCode.UNKNOWN_CLUSTER || text.indexOf(':') < 0) {
                throw e;
            }
            return orchestrator.cluster(instance(text).toString());
        }
    }
}
