package dev.orchestrator.engine.internal.core.discovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What waits to be written: the latest of each server, however often it was polled meanwhile. Not thread-safe. */
public final class UnwrittenFleet {
    private Map<InstanceKey, FleetMember> pending = new LinkedHashMap<>();
    /** Keys that became further names of other members: their rows are to go. */
    private final Set<InstanceKey> superseded = new HashSet<>();

    private Fleet latest;

    /**
     * What a write takes with it.
     *
     * @param members the servers that wait
     * @param fleet the fleet they are of
     */
    public record Batch(Map<InstanceKey, FleetMember> members, Fleet fleet) {}

    /**
     * Starts with nothing to write.
     *
     * @param stored the fleet as the backend holds it
     */
    public UnwrittenFleet(Fleet stored) {
        this.latest = stored;
    }

    /**
     * Takes in a new snapshot.
     *
     * @param change what came of it
     */
    public void changed(FleetChange change) {
        latest = change.fleet();
        for (InstanceKey key : change.before().keySet()) {
            FleetMember member = latest.member(key).orElse(null);
            if (member == null || !member.key().equals(key)) {
                pending.remove(key);
                if (member != null) {
                    superseded.add(key);
                }
            } else {
                superseded.remove(key);
                pending.put(key, member);
            }
        }
    }

    /**
     * Hands over all that waits.
     *
     * @return it, in the order it came in
     */
    public Batch take() {
        Batch batch = new Batch(Collections.unmodifiableMap(pending), latest);
        pending = new LinkedHashMap<>();
        return batch;
    }

    /**
     * Has what could not be written wait again, but for what has come in later or was removed meanwhile.
     *
     * @param batch what was taken
     */
    public void putBack(Batch batch) {
        batch.members().forEach(pending::putIfAbsent);
        pending.keySet().removeIf(k -> latest.member(k).isEmpty());
    }

    /**
     * The keys whose rows are to go.
     *
     * @return keys that are further names of members
     */
    public List<InstanceKey> superseded() {
        return List.copyOf(superseded);
    }

    /**
     * Takes note that a key has no row any more.
     *
     * @param key one of {@link #superseded()}
     */
    public void removed(InstanceKey key) {
        superseded.remove(key);
    }

    /**
     * Gives up what waits of a server.
     *
     * @param key the server
     */
    public void drop(InstanceKey key) {
        pending.remove(key);
    }

    /**
     * Has servers wait that are members, whether or not they were polled since.
     *
     * @param keys the servers
     * @return those that are members
     */
    public List<FleetMember> anew(Collection<InstanceKey> keys) {
        List<FleetMember> members = keys.stream()
                .flatMap(k -> latest.member(k).filter(m -> m.key().equals(k)).stream())
                .toList();
        members.forEach(m -> pending.putIfAbsent(m.key(), m));
        return members;
    }

    /**
     * The fleet as it was last seen.
     *
     * @return the latest snapshot
     */
    public Fleet latest() {
        return latest;
    }

    /**
     * How many servers wait.
     *
     * @return the number
     */
    public int size() {
        return pending.size();
    }
}
