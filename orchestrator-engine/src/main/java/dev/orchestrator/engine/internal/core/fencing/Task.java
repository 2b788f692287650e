package dev.orchestrator.engine.internal.core.fencing;

import dev.orchestrator.engine.internal.core.fencing.FenceStep.FenceAction;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is being done about a fence at present.
 *
 * @param stage how far it has come
 * @param action what it is for; of interest as long as it is not sure that the fence stands
 * @param why for people
 * @param begunNanos the ticker reading at which this stage began
 * @param notBeforeNanos the ticker reading before which nothing more is sent
 * @param looks how often the server was compared
 * @param finding what is being written down of it, null while nothing is
 */
record Task(
        Stage stage,
        FenceAction action,
        String why,
        long begunNanos,
        long notBeforeNanos,
        int looks,
        @Nullable Finding finding) {
    static final Task IDLE = new Task(Stage.IDLE, FenceAction.NOTHING, "", 0, 0, 0, null);

    /** How far it has come. */
    enum Stage {
        /** Nothing is to be done until something is seen or ordered. */
        IDLE(false),
        /** Whoever promotes a server frees it from its fence first: only a fence that still stands is carried out. */
        CHECKING(true),
        /** The server is told to be read-only until it has done it. */
        FENCING(true),
        /** It is read-only; does the fence still stand? */
        CONFIRMING(true),
        /** That it is read-only is written down. */
        NOTING(true),
        /** Its clients are sent away. */
        KILLING(true),
        /** It is compared with the primary. */
        LOOKING(true),
        /** What was found is written down. */
        CONCLUDING(true),
        /** It is lifted by rule. */
        FREEING(false),
        /** It is ended, as the topology was rebuilt around it. */
        ENDING(false),
        /** It is lifted, as its recovery promoted nobody. */
        LIFTING(false),
        /** The server becomes writable again if this fence has made it read-only. */
        UNDOING(false);

        private final boolean enforcing;

        Stage(boolean enforcing) {
            this.enforcing = enforcing;
        }

        /** Whether it keeps the server from being written. */
        boolean isEnforcing() {
            return enforcing;
        }

        /** Whether it takes back what was done. */
        boolean isTakingBack() {
            return this == LIFTING || this == UNDOING;
        }
    }

    static Task begin(Stage stage, FenceAction action, String why, long nanos) {
        return new Task(stage, action, why, nanos, nanos, 0, null);
    }

    Task to(Stage next, long nanos) {
        return new Task(next, action, why, nanos, nanos, 0, null);
    }

    Task pause(Duration time, long nanos) {
        return new Task(stage, action, why, begunNanos, nanos + time.toNanos(), looks, finding);
    }

    Task found(Finding what) {
        return new Task(Stage.CONCLUDING, action, why, begunNanos, notBeforeNanos, looks, what);
    }

    Task lookAgain(Duration after, long nanos) {
        return new Task(Stage.LOOKING, action, why, begunNanos, nanos + after.toNanos(), looks + 1, null);
    }
}
