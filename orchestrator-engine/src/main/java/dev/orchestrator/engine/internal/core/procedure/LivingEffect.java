package dev.orchestrator.engine.internal.core.procedure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Something that a {@link LivingState} wants. */
public interface LivingEffect {
    /**
     * How long nothing is to be done.
     *
     * @return null when it is not a pause but something to be carried out
     */
    default @Nullable Duration pause() {
        return null;
    }

    /**
     * Whether carrying it out waits for servers or the backend.
     *
     * @return false when it is done at once, in the order in which it is wanted
     */
    boolean mayTakeLong();
}
