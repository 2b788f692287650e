package dev.orchestrator.api;

import dev.orchestrator.api.model.InstanceKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
 * @param silent whether nothing was heard of that process for {@value #SILENT_SECONDS} s: it is gone, or stands still
 * @param cancellation that somebody asked it to stop, null when nobody did
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
        boolean silent,
        @Nullable Cancellation cancellation) {
    /** How long a process that makes a change may say nothing; it says something every two seconds. */
    public static final int SILENT_SECONDS = 10;

    /**
     * That a change was asked to stop.
     *
     * @param by who asked
     * @param at when that was
     * @param outcome what it does since, null when it has not said yet
     */
    public record Cancellation(
            Actor by, Instant at, @Nullable CancelOutcome outcome) {}

    /** Copies the instances. */
    public RunningChange {
        instances = List.copyOf(instances);
    }

    /**
     * One that begins.
     *
     * @param uid its identity
     * @param kind what kind of change
     * @param description what it does, for people
     * @param instances the servers it changes
     * @param actor who ordered it
     * @param node the node that makes it
     * @param since when it began
     * @return the change, in no phase yet
     */
    public static RunningChange beginning(
            String uid,
            String kind,
            String description,
            List<InstanceKey> instances,
            Actor actor,
            Node node,
            Instant since) {
        return new RunningChange(
                uid, kind, description, instances, actor, node.hostname(), node.token(), since, "", false, null);
    }

    /**
     * What it does since it was asked to stop.
     *
     * @return empty when nobody asked, or it has not said yet
     */
    public Optional<CancelOutcome> cancelOutcome() {
        return Optional.ofNullable(cancellation).map(Cancellation::outcome);
    }
}
