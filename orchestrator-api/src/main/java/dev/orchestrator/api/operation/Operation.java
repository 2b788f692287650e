package dev.orchestrator.api.operation;

import dev.orchestrator.api.model.InstanceKey;

/**
 * An operator's order to change a living topology: what is wanted, not how. One record for each, with its own arguments;
 * {@code Operations} plans and runs it. What is known of all operations of a kind stands in their {@link OperationType}.
 */
public sealed interface Operation
        permits FenceOperation, MoveOperation, ReplicationOperation, TakeoverOperation, WriteOperation {
    /**
     * Its row: names, routes, help, arguments, audit.
     *
     * @return the same for all operations of its class
     */
    OperationType<?> type();

    /**
     * The server it is about.
     *
     * @return the one under whose name it is audited; of a takeover the present primary
     */
    InstanceKey server();

    /**
     * Tells the operations apart.
     *
     * @param cases what to answer for each
     * @param <T> what is answered
     * @return the answer for this one
     */
    <T> T match(Cases<T> cases);

    /**
     * The order as it is written on the command line, for people.
     *
     * @return such as {@code relocate db3:3306 db2:3306}
     */
    default String describe() {
        return type().describe(this);
    }

    /**
     * One answer for each operation: one that is added does not compile before everybody has an answer for it.
     *
     * @param <T> what is answered
     */
    interface Cases<T>
            extends FenceOperation.Cases<T>,
                    MoveOperation.Cases<T>,
                    ReplicationOperation.Cases<T>,
                    TakeoverOperation.Cases<T>,
                    WriteOperation.Cases<T> {}
}
