package dev.orchestrator.spi;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The audit trail: who did what, when, through which door. */
public interface AuditStore {
    /**
     * Adds entries. The backend's clock stamps them.
     *
     * @param entries what happened
     */
    void append(List<Entry> entries);

    /**
     * Reads entries, the newest first.
     *
     * @param instance only of this instance, null for all
     * @param offset how many to skip
     * @param limit how many at most
     * @return the entries
     */
    List<Entry> read(@Nullable InstanceKey instance, int offset, int limit);

    /**
     * Removes old entries.
     *
     * @param age how old
     * @return how many were removed
     */
    int purge(Duration age);

    /**
     * One entry.
     *
     * @param id its number, 0 before it is stored
     * @param at when, by the backend's clock; null before it is stored
     * @param type what kind of thing, in the predecessor's words
     * @param instance the instance it was about, null for none
     * @param clusterName the name of the cluster it was about, empty for none
     * @param actor who
     * @param message what happened, for people
     */
    record Entry(
            long id,
            @Nullable Instant at,
            String type,
            @Nullable InstanceKey instance,
            String clusterName,
            Actor actor,
            String message) {}
}
