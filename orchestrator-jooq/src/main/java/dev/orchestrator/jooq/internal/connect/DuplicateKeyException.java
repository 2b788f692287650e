package dev.orchestrator.jooq.internal.connect;

/** A unique key stood in the way of a statement, which has changed nothing. */
public final class DuplicateKeyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DuplicateKeyException(Throwable cause) {
        super(cause);
    }
}
