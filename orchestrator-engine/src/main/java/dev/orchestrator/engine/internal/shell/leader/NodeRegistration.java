package dev.orchestrator.engine.internal.shell.leader;

import dev.orchestrator.api.Node;
import dev.orchestrator.engine.internal.shell.audit.BackendHealth;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import dev.orchestrator.spi.NodeStore;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node registered, and as the leader removes those that vanished. Its heartbeat is also what notices that the
 * backend went away or is back, on a node that has nothing else to do.
 */
public final class NodeRegistration implements AutoCloseable {
    /** How often a node says that it lives. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(NodeRegistration.class);
    private static final Duration LAST_WORD = Duration.ofSeconds(1);
    private static final Duration VANISHED_AFTER = Duration.ofSeconds(30);
    private static final int BEATS_BETWEEN_PURGES = 15;

    private final NodeStore store;
    private final Node self;
    private final Leadership leadership;
    private final BackendHealth health;
    private final ScheduledExecutorService thread = NamedExecutors.untilClosed("node", 1);
    private final AtomicBoolean started = new AtomicBoolean();

    // Owned by the thread.
    private int beats;

    /**
     * A registration that begins with {@link #start()}.
     *
     * @param store where nodes are
     * @param self this node; its times are not used
     * @param leadership whether this node leads
     * @param health told whether the backend answers
     */
    public NodeRegistration(NodeStore store, Node self, Leadership leadership, BackendHealth health) {
        this.store = store;
        this.self = self;
        this.leadership = leadership;
        this.health = health;
    }

    /** Begins to register the node, if that was not begun already. Returns at once. */
    public void start() {
        if (started.compareAndSet(false, true)) {
            thread.scheduleWithFixedDelay(this::beat, 0, HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Says that the node ends, if it was registered. */
    @Override
    public void close() {
        if (!started.get()) {
            thread.shutdownNow();
            return;
        }
        try {
            thread.submit(() -> store.remove(self.token())).get(LAST_WORD.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (CancellationException e) {
            log.atDebug().setCause(e).log("closed already");
        } catch (ExecutionException | TimeoutException e) {
            log.atInfo().setCause(e).log("the node could not be removed from the backend; it will be missed there");
        }
        thread.shutdownNow();
    }

    void beat() {
        try {
            store.heartbeat(self);
            if (++beats % BEATS_BETWEEN_PURGES == 0 && leadership.held().isPresent()) {
                purge();
            }
            health.answered();
        } catch (RuntimeException e) {
            health.silent(e);
        }
    }

    private void purge() {
        store.purge(VANISHED_AFTER)
                .forEach(node -> log.atInfo()
                        .addKeyValue("node", node.hostname())
                        .addKeyValue("token", node.token())
                        .addKeyValue("lastSeen", node.lastSeen())
                        .log("a node vanished"));
    }
}
