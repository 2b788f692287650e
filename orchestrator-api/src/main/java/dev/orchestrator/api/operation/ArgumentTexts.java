package dev.orchestrator.api.operation;

import org.jspecify.annotations.Nullable;

/** The arguments of an order as an adapter got them. */
public interface ArgumentTexts {
    /**
     * What was written for an argument.
     *
     * @return null when nothing was
     */
    @Nullable
    String text(Argument<?> argument);

    /**
     * Where that is written, for people.
     *
     * @return such as {@code -d}
     */
    String place(Argument<?> argument);
}
