package dev.orchestrator.engine.internal.shell.recovery;

/** Ends a recovery before its promotion. The message says why; nothing irreversible has been done. */
final class RecoveryAborted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RecoveryAborted(String message) {
        super(message, null, false, false);
    }
}
