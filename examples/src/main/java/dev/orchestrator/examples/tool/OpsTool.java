package dev.orchestrator.examples.tool;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.LeaderElection;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.engine.Elections;
import dev.orchestrator.engine.OrchestratorEngine;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.spi.Backend;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Reports on the replicas of several clusters again and again. Start it on any number of hosts: one of them works, and
 * when that one ends or dies, another one goes on. It changes nothing on any server.
 */
public final class OpsTool implements AutoCloseable {
    private static final String JOB = "replica-reports";
    /** When the host that works has died, another one begins after this time. */
    private static final Duration JOB_TTL = Duration.ofSeconds(10);

    private static final Duration JOB_RENEWAL = Duration.ofSeconds(2);
    private static final Duration LAST_REPLICA = Duration.ofSeconds(10);

    private final Backend backend;
    private final Orchestrator orchestrator;
    private final LeaderElection job;
    private final ScheduledExecutorService timer;

    private OpsTool(Backend backend, Orchestrator orchestrator, LeaderElection job, ScheduledExecutorService timer) {
        this.backend = backend;
        this.orchestrator = orchestrator;
        this.job = job;
        this.timer = timer;
    }

    /**
     * Runs it until the process is told to end.
     *
     * @param args none; everything is in the environment, see {@link ToolSettings#of}
     * @throws InterruptedException when the main thread is interrupted; it does nothing but wait
     */
    public static void main(String[] args) throws InterruptedException {
        OpsTool tool = start(ToolSettings.of(System.getenv()), System.out::println);
        Runtime.getRuntime().addShutdownHook(new Thread(tool::close, "ops-tool-close"));
        new CountDownLatch(1).await();
    }

    /**
     * Starts it.
     *
     * @param settings what it needs to know
     * @param out takes what it reports, line by line
     * @return the running tool; to be closed
     */
    static OpsTool start(ToolSettings settings, Consumer<String> out) {
        Backend backend = JooqBackend.mysql(settings.backend(), JooqBackendOptions.forService());
        Orchestrator orchestrator = OrchestratorEngine.builder()
                .backend(backend)
                .credentials(server -> settings.account())
                .config(OrchestratorConfig.builder()
                        .nodeName(settings.node())
                        .observeOnly(true)
                        // A leader that only observes recovers nothing: beside a service that recovers, leave it the
                        // lead.
                        .candidate(!settings.besideService())
                        .seeds(settings.seeds())
                        .build())
                .command("ops-tool")
                .build();
        orchestrator.start();
        // Another lease than the orchestrator's own: the host that polls and the host that works may be two.
        LeaderElection job = Elections.join(backend, JOB, settings.node(), JOB_TTL, JOB_RENEWAL);
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        Actor actor = new Actor("ops-tool", Origin.API, settings.node());
        timer.scheduleWithFixedDelay(
                new ReplicaRound(orchestrator, job, actor, out),
                0,
                settings.interval().toMillis(),
                TimeUnit.MILLISECONDS);
        return new OpsTool(backend, orchestrator, job, timer);
    }

    /** Lets the replica at hand be finished, gives the job to another host, and frees everything. */
    @Override
    public void close() {
        job.close();
        timer.shutdown();
        try {
            if (!timer.awaitTermination(LAST_REPLICA.toMillis(), TimeUnit.MILLISECONDS)) {
                timer.shutdownNow();
            }
        } catch (InterruptedException e) {
            timer.shutdownNow();
            Thread.currentThread().interrupt();
        }
        orchestrator.close();
        backend.close();
    }
}
