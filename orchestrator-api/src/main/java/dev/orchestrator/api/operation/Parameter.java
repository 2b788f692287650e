package dev.orchestrator.api.operation;

import org.jspecify.annotations.Nullable;

/**
 * An argument in the row of an operation.
 *
 * @param required whether it cannot be left out
 * @param accessor reads it from an operation
 * @param <O> the operation
 */
public record Parameter<O extends Operation>(Argument<?> argument, boolean required, Accessor<O> accessor) {
    /**
     * Reads an argument from an operation.
     *
     * @param <O> the operation
     */
    @FunctionalInterface
    public interface Accessor<O extends Operation> {
        /**
         * Reads it.
         *
         * @return null when it was left out
         */
        @Nullable
        Object of(O operation);
    }
}
