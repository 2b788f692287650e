package dev.orchestrator.engine.internal.core.operation;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.Operation;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How an operation is carried out. */
public sealed interface OperationBinding {
    /**
     * Tells the ways apart.
     *
     * @param cases what to answer for each
     * @param <T> what is answered
     * @return the answer for this one
     */
    <T> T match(Cases<T> cases);

    /**
     * By a procedure that keeps no record.
     *
     * @param reads the servers on whose present state the answer depends, by what is known of them
     * @param proposal the procedure on a fresh snapshot, or the refusal
     */
    record Direct(
            Function<OperationContext, List<InstanceKey>> reads, Function<OperationContext, PlannedOperation> proposal)
            implements OperationBinding {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.direct(this);
        }
    }

    /**
     * As a switchover, which is recorded as a recovery.
     *
     * @param operation the operation
     * @param primary the living primary
     * @param successor the replica to take over, null where that is not said
     * @param chooses whether one is chosen where that is not said and there are several
     * @param starts whether the former primary replicates at once
     */
    record Switchover(
            Operation operation,
            InstanceKey primary,
            @Nullable InstanceKey successor,
            boolean chooses,
            boolean starts) implements OperationBinding {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.switchover(this);
        }
    }

    /**
     * One answer for each way.
     *
     * @param <T> what is answered
     */
    interface Cases<T> {
        /**
         * The answer for {@link Direct}.
         *
         * @param it the binding
         * @return the answer
         */
        T direct(Direct it);

        /**
         * The answer for {@link Switchover}.
         *
         * @param it the binding
         * @return the answer
         */
        T switchover(Switchover it);
    }
}
