package dev.orchestrator.engine.fleet;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Builds fleets of one cluster in a few words: {@code new FleetBuilder(now).primary("p").replica("r1",
 * "p").fails("p", TIMEOUT)}. Servers are {@code name:3306}, of version 8.0.31 with GTID, read just before {@code now}.
 */
public final class FleetBuilder {
    /** The cluster that everybody is in. */
    public static final ClusterId CLUSTER = new ClusterId("c1");

    private final Instant now;
    private final Map<InstanceKey, MemberBuilder> members = new LinkedHashMap<>();

    /**
     * An empty fleet.
     *
     * @param now the present; servers are read one second before it
     */
    public FleetBuilder(Instant now) {
        this.now = now;
    }

    /**
     * The key of a server.
     *
     * @param name its host name
     * @return the name with port 3306
     */
    public static InstanceKey key(String name) {
        return new InstanceKey(name, 3306);
    }

    /** Adds a writable server without a source. */
    public FleetBuilder primary(String name) {
        return add(name, m -> m.writable());
    }

    /** Adds a read-only server that replicates from another. */
    public FleetBuilder replica(String name, String source) {
        return add(name, m -> m.replicaOf(source));
    }

    /** Adds a server, or changes one. */
    public FleetBuilder add(String name, UnaryOperator<MemberBuilder> change) {
        MemberBuilder member = members.computeIfAbsent(key(name), k -> new MemberBuilder(k, now));
        members.put(key(name), change.apply(member));
        return this;
    }

    /** Changes servers that are there. */
    public FleetBuilder with(UnaryOperator<MemberBuilder> change, String... names) {
        for (String name : names) {
            if (!members.containsKey(key(name))) {
                throw new IllegalArgumentException("no server " + name);
            }
            add(name, change);
        }
        return this;
    }

    /** The members, in the order they were added. */
    public List<FleetMember> members() {
        return members.values().stream().map(MemberBuilder::build).toList();
    }

    /** The snapshot with one cluster whose primary is the first server without a source, as far as there is one. */
    public Fleet build() {
        List<FleetMember> all = new ArrayList<>(members());
        InstanceKey primary = all.stream()
                .filter(m -> m.facts().flatMap(f -> f.mainChannel()).isEmpty())
                .map(FleetMember::key)
                .findFirst()
                .orElse(null);
        String name = String.valueOf(primary);
        return Fleet.of(all, List.of(new Cluster(CLUSTER, name, name, "", primary)), Map.of());
    }
}
