package dev.orchestrator.engine.internal.core.discovery;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.topology.FleetAssembler;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Makes fleets with the aliases that operators want and the fences that stand at the time. */
public final class ClusterAssembly implements FleetAssembly {
    private final FleetAssembler assembler;
    private final Supplier<Intents> intents;
    private final Supplier<List<Fence>> fences;

    /**
     * An assembly.
     *
     * @param ids makes ids for new clusters
     * @param clusterNameToAlias aliases by patterns of cluster names
     * @param intents operators' intent at the time
     * @param fences the fences that stand at the time
     */
    public ClusterAssembly(
            Supplier<String> ids,
            Map<String, String> clusterNameToAlias,
            Supplier<Intents> intents,
            Supplier<List<Fence>> fences) {
        this.assembler = new FleetAssembler(ids, clusterNameToAlias);
        this.intents = intents;
        this.fences = fences;
    }

    @Override
    public Fleet assemble(Fleet previous, Collection<FleetMember> members, Map<InstanceKey, InstanceKey> otherNames) {
        return assembler.assemble(members, previous.clusters(), otherNames, intents.get(), fences.get());
    }

    @Override
    public Fleet update(Fleet previous, Collection<FleetMember> changed) {
        return assembler.update(previous, changed);
    }
}
