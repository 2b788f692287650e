package dev.orchestrator.engine.internal.core.discovery;

import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What came of a change.
 *
 * @param previous the fleet before
 * @param fleet the fleet now
 * @param before the members that were touched, by key, as they were before; empty for those that are new
 */
public record FleetChange(Fleet previous, Fleet fleet, Map<InstanceKey, Optional<FleetMember>> before) {
    /**
     * A snapshot that is told anew.
     *
     * @param fleet the fleet
     * @return a change that touches all members and alters none
     */
    public static FleetChange ofAll(Fleet fleet) {
        Map<InstanceKey, Optional<FleetMember>> all = new LinkedHashMap<>();
        fleet.members().forEach(m -> all.put(m.key(), Optional.of(m)));
        return new FleetChange(fleet, fleet, all);
    }

    /**
     * The clusters that it says something about: those of the servers, and of all sources they read from.
     *
     * @return their ids
     */
    public Set<ClusterId> touched() {
        Set<ClusterId> touched = new HashSet<>();
        before.forEach((key, was) -> {
            was.ifPresent(m -> touched.add(m.cluster()));
            fleet.member(key).ifPresent(m -> {
                touched.add(m.cluster());
                m.facts()
                        .map(Instance::channels)
                        .orElse(List.of())
                        .forEach(channel -> fleet.sourceOf(channel).ifPresent(source -> touched.add(source.cluster())));
            });
        });
        return touched;
    }

    /**
     * The members that it brought or altered.
     *
     * @return they, as they are now
     */
    public List<FleetMember> altered() {
        return before.keySet().stream().flatMap(key -> member(key).stream()).toList();
    }

    /**
     * The members that it brought.
     *
     * @return they, as they are now
     */
    public List<FleetMember> joined() {
        return altered().stream()
                .filter(m -> Optional.empty().equals(before.get(m.key())))
                .toList();
    }

    /**
     * The keys that no member goes by any more.
     *
     * @return of those that were touched
     */
    public List<InstanceKey> gone() {
        return before.keySet().stream().filter(key -> member(key).isEmpty()).toList();
    }

    private Optional<FleetMember> member(InstanceKey key) {
        return fleet.member(key).filter(m -> m.key().equals(key));
    }
}
