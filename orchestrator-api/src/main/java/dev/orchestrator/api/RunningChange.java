package dev.orchestrator.api;

import dev.orchestrator.api.model.InstanceKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change that is being made: an operation or a recovery.
 *
 * @param uid its identity; of a recovery, the recovery's
 * @param kind what kind of change
 * @param description what it does, for people
 * @param instances the servers it changes
 * @param actor who ordered it
 * @param node the node that makes it
 * @param nodeToken tells processes of that node apart
 * @param since when it began, by the backend's clock
 * @param phase where it is, empty while it has not said
 * @param cancelledBy who asked it to stop, null when nobody did
 * @param cancelledAt when that was, null when nobody did
 * @param cancelOutcome what it does since, null when nobody asked or it has not said yet
 */
public record RunningChange(
        String uid,
        String kind,
        String description,
        List<InstanceKey> instances,
        Actor actor,
        String node,
        String nodeToken,
        Instant since,
        String phase,
        @Nullable Actor cancelledBy,
        @Nullable Instant cancelledAt,
        @Nullable CancelOutcome cancelOutcome) {
    /** Copies the instances. */
    public RunningChange {
        instances = List.copyOf(instances);
    }
}
