package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.model.InstanceKey;
import org.jspecify.annotations.Nullable;

/** Told of the steps of a plan as they are run. Thread-safe. */
public interface StepLog {
    /**
     * A step begins.
     *
     * @param phase the phase it belongs to
     * @param instance the server, null for none
     * @param description what is done, for people
     * @return told how it ends
     */
    Running begin(String phase, @Nullable InstanceKey instance, String description);

    /** A step under way. */
    interface Running {
        /**
         * It is done.
         *
         * @param result what came of it, may be empty
         */
        void done(String result);

        /**
         * It failed.
         *
         * @param why for people
         */
        void failed(String why);
    }
}
