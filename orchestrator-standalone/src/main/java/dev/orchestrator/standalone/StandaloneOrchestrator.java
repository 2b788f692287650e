package dev.orchestrator.standalone;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.standalone.settings.StandaloneSettings;
import dev.orchestrator.standalone.text.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A complete orchestrator, put together from settings: backend, engine, names, accounts. As a service it waits for a
 * backend that is down; as a command it fails. Thread-safe.
 */
public final class StandaloneOrchestrator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StandaloneOrchestrator.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final StandaloneSettings settings;
    private final Supplier<Assembly.Opened> opener;

    // All guarded by the monitor.
    private Assembly.@Nullable Opened opened;
    private @Nullable OrchestratorException lastFailure;
    private @Nullable Instant failingSince;
    private int attempts;
    private boolean started;
    private boolean closed;

    StandaloneOrchestrator(StandaloneSettings settings, Supplier<Assembly.Opened> opener) {
        this.settings = settings;
        this.opener = opener;
    }

    /**
     * Opens the backend and makes ready what a service needs. When the backend is down this does not fail: it is tried
     * again every second, and {@link #orchestrator()} says since when and why there is none.
     *
     * @param settings the settings
     * @param command what this process is, for the list of nodes
     * @return the orchestrator, not yet started
     */
    public static StandaloneOrchestrator forService(StandaloneSettings settings, String command) {
        settings.warnings().forEach(warning -> LOG.atWarn().log(warning));
        StandaloneOrchestrator standalone =
                new StandaloneOrchestrator(settings, () -> Assembly.service(settings, command));
        standalone.openOrRetry();
        return standalone;
    }

    /**
     * Opens the backend for one command: no pool, and nothing is started.
     *
     * @param settings the settings
     * @param command what this process is, for the list of nodes
     * @return the orchestrator
     * @throws OrchestratorException with {@code BACKEND_UNAVAILABLE} when the backend does not answer
     */
    public static StandaloneOrchestrator forCommand(StandaloneSettings settings, String command) {
        StandaloneOrchestrator standalone =
                new StandaloneOrchestrator(settings, () -> Assembly.command(settings, command));
        standalone.open();
        return standalone;
    }

    /** Opens now, else goes on trying in the background. */
    void openOrRetry() {
        try {
            open();
        } catch (OrchestratorException e) {
            if (e.code() == ErrorCode.INVALID_CONFIGURATION) {
                throw e;
            }
            noteFailure(e);
            Thread thread = new Thread(this::retry, "orc-open-1");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void open() {
        Assembly.Opened made = opener.get();
        boolean start;
        synchronized (this) {
            if (closed) {
                made.close();
                return;
            }
            opened = made;
            lastFailure = null;
            start = started;
        }
        if (start) {
            made.orchestrator().start();
        }
    }

    private void retry() {
        while (waitForRetry()) {
            try {
                open();
                LOG.atInfo()
                        .addKeyValue("backend", settings.backend().describe())
                        .log("the backend answers now");
                return;
            } catch (OrchestratorException e) {
                noteFailure(e);
            } catch (RuntimeException e) {
                noteFailure(new OrchestratorException(ErrorCode.BACKEND_UNAVAILABLE, e.toString(), e));
            }
        }
    }

    private synchronized boolean waitForRetry() {
        Instant until = Instant.now().plus(RETRY);
        try {
            while (!closed) {
                long left = Duration.between(Instant.now(), until).toMillis();
                if (left <= 0) {
                    return true;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private synchronized void noteFailure(OrchestratorException e) {
        attempts++;
        if (failingSince == null) {
            failingSince = Instant.now();
        }
        String reason = String.valueOf(e.getMessage());
        // Said at once, when the reason changes, and then about every minute.
        if (lastFailure == null || !reason.equals(lastFailure.getMessage()) || attempts % 60 == 0) {
            LOG.atError()
                    .addKeyValue("backend", settings.backend().describe())
                    .addKeyValue("since", Timestamps.utc(failingSince))
                    .addKeyValue("attempts", attempts)
                    .addKeyValue("reason", reason)
                    .log("the backend cannot be used; trying again every second");
        }
        lastFailure = e;
    }

    /**
     * The settings it was made from.
     *
     * @return the settings
     */
    public StandaloneSettings settings() {
        return settings;
    }

    /** Starts the engine, at once or as soon as the backend answers. Idempotent. */
    public void start() {
        Assembly.Opened ready;
        synchronized (this) {
            started = true;
            ready = opened;
        }
        if (ready != null) {
            ready.orchestrator().start();
        }
    }

    /**
     * The orchestrator.
     *
     * @return the engine
     * @throws OrchestratorException with {@code BACKEND_UNAVAILABLE} while the backend has not answered yet, saying since
     *     when and why; with {@code NOT_RUNNING} after closing
     */
    public synchronized Orchestrator orchestrator() {
        if (closed) {
            throw new OrchestratorException(ErrorCode.NOT_RUNNING, "this orchestrator is closed");
        }
        if (opened != null) {
            return opened.orchestrator();
        }
        OrchestratorException failure = lastFailure;
        throw new OrchestratorException(
                ErrorCode.BACKEND_UNAVAILABLE,
                "the backend (" + settings.backend().describe() + ") cannot be used since "
                        + Timestamps.utc(failingSince) + " UTC, tried " + attempts + " times: "
                        + (failure == null ? "not opened yet" : failure.getMessage()),
                failure);
    }

    /** Stops the engine and closes the backend. Idempotent. */
    @Override
    public void close() {
        Assembly.Opened ending;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            ending = opened;
            notifyAll();
        }
        if (ending != null) {
            ending.close();
        }
    }
}
