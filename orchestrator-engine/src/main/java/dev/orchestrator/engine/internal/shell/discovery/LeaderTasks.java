package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.engine.internal.core.clock.RemoteTime;
import dev.orchestrator.engine.internal.core.discovery.Candidate;
import dev.orchestrator.engine.internal.core.discovery.SyncPace;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the leader does regularly beside polling. Each kind of chore has a thread, so that a slow one delays no other. */
final class LeaderTasks implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LeaderTasks.class);
    private static final int CHORES = 5;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    /** What others stored is to be seen within a second. */
    private static final long LOOK = Duration.ofMillis(800).toNanos();

    private final BooleanSupplier leading;
    private final ScheduledExecutorService threads = NamedExecutors.scheduler("leader-chore", CHORES);

    /**
     * The chores.
     *
     * @param writes writes the fleet
     * @param intents reads what operators want
     * @param sync reads what others stored
     * @param housekeeping tidies the backend
     * @param crawler goes to the configured seeds until each has answered
     */
    record Chores(
            WriteBehind writes, IntentsCache intents, FleetSync sync, Housekeeping housekeeping, Crawler crawler) {}

    LeaderTasks(
            OrchestratorConfig config,
            Chores chores,
            FleetState keeper,
            DiscoveryPorts ports,
            BooleanSupplier leading) {
        this.leading = leading;
        SyncPace pace =
                new SyncPace(config.pollInterval().toNanos(), ports.ticker().nanos());
        Runnable look = () -> {
            chores.intents.refresh();
            boolean due;
            synchronized (pace) {
                due = pace.isDue(
                        chores.intents.get().rosterMark(), ports.ticker().nanos());
            }
            if (due) {
                chores.sync.run();
            }
        };
        // What others read is at most an interval and a second old: all that has come in goes along.
        every(SECOND, SECOND, () -> {
            keeper.settle();
            if (chores.writes.hasClusters()) {
                // Who is primary must not be told by readings that others know to be over.
                look.run();
                keeper.settle();
            }
            chores.writes.flush();
        });
        every(0, Math.min(LOOK, config.pollInterval().toNanos() / 2), look);
        every(0, RemoteTime.TRUSTED.toNanos(), () -> ports.clock().closeUpTo(ports.backend()));
        every(
                0,
                config.pollInterval().toNanos(),
                () -> config.seeds()
                        .forEach(seed -> chores.crawler.explore(new Candidate(seed, Candidate.Origin.SEED, null))));
        every(60 * SECOND, 300 * SECOND, chores.housekeeping::run);
    }

    private void every(long first, long period, Runnable chore) {
        threads.scheduleAtFixedRate(
                () -> {
                    try {
                        if (leading.getAsBoolean()) {
                            chore.run();
                        }
                    } catch (RuntimeException e) {
                        log.error("a chore of the leader failed; it is tried again", e);
                    }
                },
                first,
                period,
                TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
