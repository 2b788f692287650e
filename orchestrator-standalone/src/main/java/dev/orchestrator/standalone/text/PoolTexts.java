package dev.orchestrator.standalone.text;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The pools of clusters, as both adapters show them. What a pool names and no cluster has is left out. */
public final class PoolTexts {
    private final Orchestrator orchestrator;

    /**
     * Makes one.
     *
     * @param orchestrator whose backend and snapshot to read
     */
    public PoolTexts(Orchestrator orchestrator) {
        this.orchestrator = orchestrator;
    }

    /**
     * Replaces the members of a pool. A name that is no instance's is completed when only one can be meant, and kept as it
     * is otherwise.
     *
     * @param pool the name of the pool
     * @param list instances by comma or blank
     * @param by who
     * @throws OrchestratorException with {@code INVALID_INPUT} when the name of the pool is missing or too long, or
     *     something in the list is no name of an instance
     */
    public void submit(String pool, String list, Actor by) {
        Fleet fleet = orchestrator.fleet();
        List<InstanceKey> members = new ArrayList<>();
        for (String name : list.strip().split("[\\s,]+")) {
            if (!name.isEmpty()) {
                members.add(completed(fleet, parse(name)));
            }
        }
        orchestrator.pools().submit(pool, members, by);
    }

    private InstanceKey parse(String name) {
        try {
            return InstanceKey.parse(name, orchestrator.config().defaultPort());
        } catch (IllegalArgumentException e) {
            throw new OrchestratorException(ErrorCode.INVALID_INPUT, String.valueOf(e.getMessage()), e);
        }
    }

    private static InstanceKey completed(Fleet fleet, InstanceKey key) {
        try {
            return InstanceNames.forReading(fleet, key).key();
        } catch (OrchestratorException e) {
            if (e.code() == ErrorCode.UNKNOWN_INSTANCE) {
                return key;
            }
            throw e;
        }
    }

    /**
     * The pools of a cluster.
     *
     * @param cluster the cluster
     * @param only the name of one pool, null for all
     * @return the members by pool
     */
    public SortedMap<String, List<InstanceKey>> of(Cluster cluster, @Nullable String only) {
        Fleet fleet = orchestrator.fleet();
        SortedMap<String, List<InstanceKey>> mine = new TreeMap<>();
        orchestrator.pools().current().forEach((pool, members) -> {
            List<InstanceKey> here = members.stream()
                    .filter(k -> fleet.member(k)
                            .filter(m -> m.cluster().equals(cluster.id()))
                            .isPresent())
                    .toList();
            if (!here.isEmpty() && (only == null || only.equals(pool))) {
                mine.put(pool, here);
            }
        });
        return mine;
    }

    /**
     * The instances in pools of a cluster that answer.
     *
     * @param cluster the cluster
     * @param only the name of one pool, null for all
     * @return in the order of their keys
     */
    public List<FleetMember> answering(Cluster cluster, @Nullable String only) {
        Fleet fleet = orchestrator.fleet();
        return of(cluster, only).values().stream()
                .flatMap(List::stream)
                .flatMap(k -> fleet.member(k).stream())
                .filter(FleetMember::isReachable)
                .distinct()
                .sorted((a, b) -> a.key().compareTo(b.key()))
                .toList();
    }

    /**
     * The highest lag among those.
     *
     * @param cluster the cluster
     * @param only the name of one pool, null for all
     * @return zero when nobody replicates
     */
    public Duration lag(Cluster cluster, @Nullable String only) {
        return answering(cluster, only).stream()
                .flatMap(m -> m.facts().stream())
                .flatMap(i -> i.mainChannel().stream())
                .map(ReplicationChannel::lag)
                .filter(Objects::nonNull)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }
}
