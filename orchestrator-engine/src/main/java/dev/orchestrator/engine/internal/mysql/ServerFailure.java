package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.model.ProbeFailure;
import org.jspecify.annotations.Nullable;

/** A server could not be asked. Never leaves the package. */
final class ServerFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final ProbeFailure.Kind kind;

    ServerFailure(ProbeFailure.Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    ProbeFailure.Kind kind() {
        return kind;
    }

    ProbeFailure asProbeFailure() {
        return new ProbeFailure(kind, String.valueOf(getMessage()));
    }
}
