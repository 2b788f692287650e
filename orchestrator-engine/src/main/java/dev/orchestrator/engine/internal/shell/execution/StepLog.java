package dev.orchestrator.engine.internal.shell.execution;

import dev.orchestrator.api.model.InstanceKey;
import org.jspecify.annotations.Nullable;

/** Told of the steps of a plan as they are run. Thread-safe. */
public interface StepLog {
    /** Nobody is told. */
    StepLog NONE = new StepLog() {
        @Override
        public Running begin(String phase, @Nullable InstanceKey instance, String description) {
            return NOBODY;
        }

        @Override
        public void note(String phase, @Nullable InstanceKey instance, String finding) {}
    };

    /** A step that nobody is told of. */
    Running NOBODY = new Running() {
        @Override
        public void done(String result) {}

        @Override
        public void progress(String soFar) {}

        @Override
        public void failed(String why) {}
    };

    /**
     * A step begins.
     *
     * @param phase the phase it belongs to
     * @param instance the server, null for none
     * @param description what is done, for people
     * @return told how it ends
     */
    Running begin(String phase, @Nullable InstanceKey instance, String description);

    /**
     * Something was found or decided.
     *
     * @param phase the phase it belongs to
     * @param instance the server it is about, null for none
     * @param finding for people
     */
    void note(String phase, @Nullable InstanceKey instance, String finding);

    /** A step under way. */
    interface Running {
        /**
         * It is done.
         *
         * @param result what came of it, may be empty
         */
        void done(String result);

        /**
         * It goes on.
         *
         * @param soFar what came of it so far
         */
        void progress(String soFar);

        /**
         * It failed.
         *
         * @param why for people
         */
        void failed(String why);
    }
}
