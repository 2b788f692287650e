package dev.orchestrator.engine.internal.shell.leader;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import dev.orchestrator.spi.Backend;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes from the backend what nobody needs any more. Done by the leader only. */
public final class Housekeeping implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration NODES_EVERY = Duration.ofSeconds(30);
    private static final Duration NODE_SILENT_FOR = Duration.ofSeconds(30);
    private static final Duration ROWS_EVERY = Duration.ofMinutes(10);

    private final Backend backend;
    private final OrchestratorConfig config;
    private final Leadership leadership;
    private final ScheduledExecutorService thread = NamedExecutors.scheduler("housekeeping", 1);

    /**
     * Housekeeping that begins with {@link #start()}.
     *
     * @param backend what is kept
     * @param config how long things are kept
     * @param leadership whether this node leads
     */
    public Housekeeping(Backend backend, OrchestratorConfig config, Leadership leadership) {
        this.backend = backend;
        this.config = config;
        this.leadership = leadership;
    }

    /** Begins. Returns at once. */
    public void start() {
        every(NODES_EVERY, this::purgeNodes);
        every(ROWS_EVERY, this::purgeRows);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    void purgeNodes() {
        contained("nodes", () -> {
            var gone = backend.nodes().purge(NODE_SILENT_FOR);
            gone.forEach(node -> log.atInfo()
                    .addKeyValue("node", node.hostname())
                    .addKeyValue("token", node.token())
                    .addKeyValue("lastSeen", node.lastSeen())
                    .log("node vanished"));
            return gone.size();
        });
    }

    void purgeRows() {
        Duration age = config.auditRetention();
        contained("audit", () -> backend.audit().purge(age));
        contained("locks", () -> backend.locks().purge(age));
        // A recovery that still blocks the next one is kept whatever the retention says.
        Duration block = config.recoveryBlockPeriod();
        contained("recoveries", () -> backend.recoveries().purge(block.compareTo(age) > 0 ? block : age));
    }

    private void every(Duration interval, Runnable task) {
        thread.scheduleWithFixedDelay(
                () -> {
                    if (leadership.held().isPresent()) {
                        task.run();
                    }
                },
                interval.toMillis() / 3,
                interval.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private static void contained(String what, IntSupplier purge) {
        try {
            int removed = purge.getAsInt();
            log.atDebug()
                    .addKeyValue("what", what)
                    .addKeyValue("removed", removed)
                    .log("purged");
        } catch (RuntimeException e) {
            log.atWarn().addKeyValue("what", what).setCause(e).log("could not be purged; trying again later");
        }
    }
}
