package dev.orchestrator.simulation;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServer.Running;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What all servers of a world really are at one moment, in words. */
final class WorldSummary {
    private final Schedule world;

    WorldSummary(Schedule world) {
        this.world = world;
    }

    @Override
    public String toString() {
        Set<InstanceKey> fenced =
                world.backend().rows().fences().stream().map(Fence::instance).collect(Collectors.toSet());
        return world.servers().all().stream()
                .map(s -> s.key() + " " + state(s) + (fenced.contains(s.key()) ? " under a fence" : ""))
                .collect(Collectors.joining("; "));
    }

    private String state(SimulatedServer server) {
        if (server.process() != Running.UP) {
            return server.process() == Running.DOWN ? "is down" : "is frozen";
        }
        List<SimulatedServer> all = List.copyOf(world.servers().all());
        String sources = all.stream()
                .filter(s -> server.reads(s.key()))
                .map(s -> (server.replicatesFrom(List.of(s)) ? "replicates from " : "stands below ") + s.key())
                .collect(Collectors.joining(" and "));
        if (server.isReadOnly()) {
            return sources.isEmpty() ? "is read-only" : sources;
        }
        return "takes writes" + (sources.isEmpty() ? "" : " and " + sources);
    }
}
