package dev.orchestrator.api;

import dev.orchestrator.api.model.InstanceKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

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
public record AuditEntry(
        long id,
        @Nullable Instant at,
        String type,
        @Nullable InstanceKey instance,
        String clusterName,
        Actor actor,
        String message) {}
