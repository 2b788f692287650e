package dev.orchestrator.simulation.node;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.engine.internal.core.discovery.Candidate;
import dev.orchestrator.engine.internal.core.discovery.ClusterAssembly;
import dev.orchestrator.engine.internal.core.discovery.FleetChange;
import dev.orchestrator.engine.internal.core.discovery.FleetDraft;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one node knows of the servers, put together by the engine's own rules. Not thread-safe. */
final class Snapshot {
    private FleetDraft draft = new FleetDraft(Fleet.empty());
    private final ClusterAssembly assembly;
    private List<Fence> fences = List.of();
    private Fleet current = Fleet.empty();
    private int clusters;

    Snapshot(String node) {
        this.assembly = new ClusterAssembly(() -> node + "-" + ++clusters, Map.of(), () -> Intents.NONE, () -> fences);
    }

    Fleet current() {
        return current;
    }

    /** Takes a poll in; answers which clusters it says something about. */
    Set<ClusterId> observe(Observation observation, Instant now) {
        boolean known = current.member(observation.key()).isPresent();
        observation.match(
                seen -> {
                    if (!known) {
                        draft.admit(seen, now);
                    } else {
                        draft.observe(seen, now);
                    }
                    return seen;
                },
                failed -> {
                    if (known) {
                        draft.observe(failed, now);
                    } else {
                        draft.admitUnseen(new Candidate(failed.key(), Candidate.Origin.SOURCE, null), failed, now);
                    }
                    return failed;
                });
        if (!draft.isChanged()) {
            return Set.of();
        }
        FleetChange change = draft.assemble(assembly);
        current = change.fleet();
        return change.touched();
    }

    /** What others have stored of servers for the leader; answers which clusters it says something about. */
    Set<ClusterId> takeIn(List<FleetMember> shown) {
        shown.forEach(draft::takeIn);
        if (!draft.isChanged()) {
            return Set.of();
        }
        FleetChange change = draft.assemble(assembly);
        current = change.fleet();
        return change.touched();
    }

    void fences(List<Fence> standing) {
        if (!standing.equals(fences)) {
            fences = List.copyOf(standing);
            draft.reassemble();
            current = draft.assemble(assembly).fleet();
        }
    }

    /** What somebody else has stored, with the ids that its clusters have; what was read here later stays. */
    void load(Fleet stored, Instant now) {
        draft = FleetDraft.following(stored, draft.members(), now);
        current = draft.isChanged() ? draft.assemble(assembly).fleet() : stored;
    }
}
