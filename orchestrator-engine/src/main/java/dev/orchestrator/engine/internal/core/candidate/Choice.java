package dev.orchestrator.engine.internal.core.candidate;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which replica takes over, and why.
 *
 * @param chosen the one, null when none may
 * @param catchUpFrom the server that has to bring it what it lacks, null when it lacks nothing that can be brought
 * @param startApplier whether the chosen one's applier stands without an error: it has to be started to drain
 * @param target what the chosen one must have executed before it is promoted
 * @param stranded what was received by servers that cannot hand it on: it will be missing, and is named
 * @param strandedIn where that is
 * @param ranking all that may be chosen, the best first
 * @param excluded the others, with the reason
 * @param cannotFollow the replicas that cannot replicate from the chosen one, with the reason
 * @param explanation the choice in one sentence
 */
public record Choice(
        @Nullable InstanceKey chosen,
        @Nullable InstanceKey catchUpFrom,
        boolean startApplier,
        GtidSet target,
        GtidSet stranded,
        List<InstanceKey> strandedIn,
        List<InstanceKey> ranking,
        Map<InstanceKey, String> excluded,
        Map<InstanceKey, String> cannotFollow,
        String explanation) {
    /** Copies the collections. */
    public Choice {
        strandedIn = List.copyOf(strandedIn);
        ranking = List.copyOf(ranking);
        excluded = Map.copyOf(excluded);
        // It is told as it is: the order of a copied map is another one in each process.
        cannotFollow = Collections.unmodifiableMap(new TreeMap<>(cannotFollow));
    }
}
