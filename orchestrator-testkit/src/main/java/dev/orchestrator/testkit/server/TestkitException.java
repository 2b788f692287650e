package dev.orchestrator.testkit.server;

import org.jspecify.annotations.Nullable;

/** A server, a topology or a tool of the testkit could not do what was asked; the message says what to do about it. */
public class TestkitException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * @param message what was attempted, on what, why it failed and what to do
     */
    public TestkitException(String message) {
        super(message);
    }

    /**
     * @param message what was attempted, on what, why it failed and what to do
     * @param cause what was thrown below, or null
     */
    public TestkitException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
