package dev.orchestrator.api.facade;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Downtime;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Times in which problems of a server are expected: it is not recovered. Thread-safe; all methods ask the backend. */
public interface Downtimes {
    /**
     * Begins or replaces a downtime.
     *
     * @param instance a known server
     * @param owner who
     * @param reason why; must say something
     * @param duration how long, at most ten years; null for the configured time
     * @throws OrchestratorException with {@code UNKNOWN_INSTANCE} when no such server is known, with
     *     {@code INVALID_INPUT} when reason or duration will not do; nothing has changed then
     */
    void begin(InstanceKey instance, Actor owner, String reason, @Nullable Duration duration);

    /**
     * Ends a downtime.
     *
     * @param instance the server
     * @param by who
     * @return whether there was one
     */
    boolean end(InstanceKey instance, Actor by);

    /**
     * The downtimes in force.
     *
     * @return ordered by instance
     */
    List<Downtime> active();
}
