package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.discovery.FleetAssembly;
import dev.orchestrator.engine.internal.core.topology.FleetAssembler;
import dev.orchestrator.spi.IntentStore.Intents;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** Makes fleets with the aliases and fences that operators want at the time, and random ids for new clusters. */
final class ClusterAssembly implements FleetAssembly {
    private final FleetAssembler assembler;
    private final Supplier<Intents> intents;

    ClusterAssembly(Map<String, String> clusterNameToAlias, Supplier<Intents> intents) {
        this.assembler = new FleetAssembler(() -> UUID.randomUUID().toString(), clusterNameToAlias);
        this.intents = intents;
    }

    @Override
    public Fleet assemble(Fleet previous, Collection<FleetMember> members, Map<InstanceKey, InstanceKey> otherNames) {
        return assembler.assemble(members, previous.clusters(), otherNames, intents.get());
    }

    @Override
    public Fleet update(Fleet previous, Collection<FleetMember> changed) {
        return assembler.update(previous, changed);
    }
}
