package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure.Kind;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Connecting, under way on another thread. */
final class ConnectAttempt {
    private final InstanceKey key;
    private final CompletableFuture<ServerSession> result = new CompletableFuture<>();

    ConnectAttempt(InstanceKey key) {
        this.key = key;
    }

    /** The work of connecting. */
    interface Work {
        ServerSession connect() throws ServerFailure;
    }

    void run(ExecutorService threads, Work work) {
        threads.execute(() -> {
            try {
                result.complete(work.connect());
            } catch (ServerFailure | RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
    }

    /** Waits for the connection. After a timeout the attempt goes on and can be awaited again. */
    ServerSession await(Deadline deadline) throws ServerFailure {
        try {
            return result.get(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new ServerFailure(
                    Kind.TIMEOUT, key + " did not answer in time: no connection was made before the deadline", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerFailure(Kind.TIMEOUT, "connecting to " + key + " was interrupted", e);
        } catch (ExecutionException e) {
            @Nullable Throwable cause = e.getCause();
            if (cause instanceof ServerFailure failure) {
                throw failure;
            }
            throw new IllegalStateException("connecting to " + key + " failed", cause);
        }
    }

    boolean isDone() {
        return result.isDone();
    }

    /** Nobody will await it any more: what it brings is closed. */
    void abandon() {
        result.thenAccept(ServerSession::close).exceptionally(e -> null);
    }
}
