package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.KnownReplica;
import dev.orchestrator.engine.internal.mysql.PollFacts.RegisteredReplica;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts together what a source knows of its replicas: those that registered say their port but not always their host, its
 * dump threads show the host but not the port.
 */
final class ReplicaFinder {
    private ReplicaFinder() {}

    static List<KnownReplica> find(PollFacts facts) {
        Map<InstanceKey, KnownReplica> found = new LinkedHashMap<>();
        Set<String> namedHosts = new HashSet<>();
        List<RegisteredReplica> nameless = new ArrayList<>();
        for (RegisteredReplica replica : facts.registered) {
            if (replica.host().isEmpty()) {
                nameless.add(replica);
            } else {
                namedHosts.add(replica.host());
                add(facts, found, replica.host(), replica, false);
            }
        }
        Set<String> dumpHosts = new HashSet<>(facts.dumpHosts);
        if (dumpHosts.size() == 1 && !nameless.isEmpty()) {
            // All replicas are on one host, so the nameless ones are there too.
            String host = dumpHosts.iterator().next();
            nameless.forEach(replica -> add(facts, found, host, replica, false));
        } else if (facts.dumpHosts.size() > found.size()) {
            for (String host : dumpHosts) {
                if (!namedHosts.contains(host)) {
                    add(facts, found, host, new RegisteredReplica(host, facts.port, null), true);
                }
            }
        }
        return List.copyOf(found.values());
    }

    private static void add(
            PollFacts facts,
            Map<InstanceKey, KnownReplica> found,
            String host,
            RegisteredReplica replica,
            boolean portAssumed) {
        InstanceKey key;
        try {
            key = new InstanceKey(host, replica.port());
        } catch (IllegalArgumentException e) {
            facts.limitations.add("a replica of it cannot be reached: " + e.getMessage());
            return;
        }
        found.putIfAbsent(key, new KnownReplica(key, replica.serverUuid(), portAssumed));
    }
}
