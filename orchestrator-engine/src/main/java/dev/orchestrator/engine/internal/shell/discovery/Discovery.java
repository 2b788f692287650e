package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.engine.internal.core.discovery.ClusterAssembly;
import dev.orchestrator.engine.internal.core.discovery.Lane;
import dev.orchestrator.engine.internal.core.discovery.PollSchedule;
import dev.orchestrator.engine.internal.core.discovery.PollTiming;
import dev.orchestrator.engine.internal.core.discovery.SeedAnswer;
import dev.orchestrator.engine.internal.core.discovery.ServerNames;
import dev.orchestrator.engine.internal.shell.audit.BackendHealth;
import dev.orchestrator.engine.internal.shell.leader.Leadership;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import dev.orchestrator.spi.InstanceStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Observing as a whole. While it leads, it polls the fleet, keeps the snapshot and writes it to the backend; otherwise
 * it shows what the leader wrote, and reads servers only when asked to. Thread-safe.
 */
public final class Discovery implements FleetView, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Discovery.class);
    private static final Duration CRAWL_LIMIT = Duration.ofSeconds(10);
    private static final Duration LAST_FLUSH = Duration.ofSeconds(2);
    private static final int FORGET_INTERVALS = 3;

    private final OrchestratorConfig config;
    private final DiscoveryPorts ports;
    private final ServerNames names;
    private final ScheduledExecutorService background = NamedExecutors.untilClosed("discovery", 2);
    private final ScheduledExecutorService snapshots = NamedExecutors.untilClosed("fleet", 1);
    private final FleetState keeper;
    private final PollScheduler scheduler;
    private final Observer observer;
    private final Crawler crawler;
    private final SentinelManager sentinels;
    private final WriteBehind writes;
    private final IntentsCache intents;
    private final FleetSync sync;
    private final BackendFleetReader reader;
    private final Housekeeping housekeeping;
    private final LeaderTasks chores;
    private final ReentrantLock transition = new ReentrantLock();
    private volatile boolean wanted;
    private volatile boolean leading;
    private volatile boolean closed;

    /** Makes one that waits to lead; leadership is asked before everything that is written. */
    public Discovery(OrchestratorConfig config, DiscoveryPorts ports, Leadership leadership) {
        this.config = config;
        this.ports = ports;
        this.names = new ServerNames(config.serverNaming(), ports.resolver()::resolve);
        InstanceStore store = ports.backend().instances();
        BackendHealth health = ports.health();
        this.intents =
                new IntentsCache(ports.backend().intents(), ports.backend().fences(), health, this::intentsChanged);
        this.keeper = newKeeper();
        this.scheduler = new PollScheduler(
                PollTiming.of(config),
                ports.ticker(),
                new Prober(ports.gateway(), config.pollTimeout(), ports.clock()),
                this::polled);
        this.writes = new WriteBehind(
                store, health, () -> leading && leadership.held().isPresent(), ports.ticker());
        this.sync = new FleetSync(store, writes, keeper, health, ports.clock(), forgetBlock());
        this.crawler = newCrawler(keeper);
        this.observer = new Observer(keeper, ports, scheduler, crawler, config.pollInterval(), background);
        this.sentinels = new SentinelManager(ports.gateway(), observer, ports.clock(), config.maxSentinels());
        this.reader = new BackendFleetReader(store, keeper, ports.ticker());
        keeper.addListener(observer::changed);
        keeper.addListener(sentinels::changed);
        keeper.addListener(change -> {
            if (leading) {
                writes.changed(change);
            }
        });
        this.housekeeping = new Housekeeping(ports.backend(), config, keeper, ports.clock());
        this.chores = new LeaderTasks(
                config,
                new LeaderTasks.Chores(writes, intents, sync, housekeeping, crawler),
                keeper,
                ports,
                () -> leading && leadership.held().isPresent());
    }

    private FleetState newKeeper() {
        return new FleetState(
                new ClusterAssembly(
                        () -> UUID.randomUUID().toString(), config.clusterNameToAlias(), intents, intents::fences),
                ports.events(),
                ports.clock(),
                ports.ticker(),
                snapshots);
    }

    private Crawler newCrawler(FleetState into) {
        return new Crawler(
                into,
                key -> scheduler.demand(key, Lane.CRAWL),
                names,
                sync::isForgotten,
                ports.clock(),
                ports.ticker());
    }

    private PollSchedule.Ending polled(Observation observation) {
        return observer.polled(observation);
    }

    private void intentsChanged() {
        keeper.submit(draft -> {
            draft.reassemble();
            return true;
        });
    }

    private Duration forgetBlock() {
        return config.pollInterval().multipliedBy(FORGET_INTERVALS);
    }

    /** Has something done soon, or after a pause, on another thread; not at all once it is closed. */
    void later(Duration pause, Runnable work) {
        background.schedule(work, pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** What operators want, as last read while leading. */
    public IntentsCache intents() {
        return intents;
    }

    /**
     * Adds a listener, told of every new snapshot while this node leads, on the thread that made the snapshot.
     *
     * @param listener takes the snapshot and the clusters that observations arrived for; must not block
     */
    public void addListener(BiConsumer<Fleet, Set<ClusterId>> listener) {
        keeper.addListener(change -> {
            if (leading) {
                listener.accept(change.fleet(), change.touched());
            }
        });
    }

    /** Begins to lead: takes the fleet from the backend and polls it. Returns at once. */
    public void startLeading() {
        wanted = true;
        background.execute(this::takeOver);
    }

    private void takeOver() {
        if (!wanted || leading || closed) {
            return;
        }
        try {
            ports.clock().setBy(ports.backend());
            Fleet stored = ports.backend().instances().readFleet();
            intents.refresh();
            begin(stored);
        } catch (RuntimeException e) {
            log.warn("the fleet could not be read from the backend; it is tried again", e);
            background.schedule(this::takeOver, 500, TimeUnit.MILLISECONDS);
        }
    }

    private void begin(Fleet stored) {
        transition.lock();
        try {
            if (!wanted || leading || closed) {
                return;
            }
            crawler.startAfresh();
            writes.load(stored);
            keeper.takeOver(stored);
            housekeeping.leadingBegins();
            leading = true;
            observer.start(stored);
            if (config.sentinels()) {
                sentinels.start(stored);
            }
            log.atInfo()
                    .addKeyValue("instances", stored.members().size())
                    .addKeyValue("clusters", stored.clusters().size())
                    .log("polling begins with the fleet that the backend holds");
        } finally {
            transition.unlock();
        }
    }

    /** Ceases to lead: polls nothing any more and writes nothing any more. Returns soon. */
    public void stopLeading() {
        wanted = false;
        transition.lock();
        try {
            if (leading) {
                leading = false;
                observer.stop();
                sentinels.stop();
                reader.expire();
                log.info("polling ends");
            }
        } finally {
            transition.unlock();
        }
    }

    /** Whether this node polls: from shortly after {@link #startLeading()} to {@link #stopLeading()}. */
    public boolean isLeading() {
        return leading;
    }

    @Override
    public Fleet current() {
        return leading ? keeper.current() : reader.get();
    }

    /** The snapshot with all that has come in until now. */
    Fleet settled() {
        current();
        return keeper.settle();
    }

    @Override
    public Fleet known() {
        return keeper.current();
    }

    @Override
    public Fleet refresh(Collection<InstanceKey> keys, Duration deadline) {
        Fleet known = leading ? keeper.current() : reader.known();
        askForTime();
        keys.forEach(k -> known.member(k).ifPresent(m -> ports.clock().saw(m.lastAttempt())));
        Instant asked = ports.clock().instant();
        long end = ports.ticker().nanos() + deadline.toNanos();
        Map<InstanceKey, CompletableFuture<Observation>> answers = new LinkedHashMap<>();
        keys.forEach(k -> answers.computeIfAbsent(known.canonical(k), own -> scheduler.demand(own, Lane.URGENT)));
        List<InstanceKey> silent = new ArrayList<>();
        answers.forEach((key, answer) -> {
            if (!arrives(answer, end)) {
                silent.add(key);
            }
        });
        silent.forEach(key -> keeper.observe(SeedAnswer.silence(key, asked, deadline), false));
        return keeper.settle();
    }

    /** A node that leads asks now and then anyway. */
    private void askForTime() {
        if (!leading) {
            ports.clock().setBy(ports.backend());
        }
    }

    private boolean arrives(CompletableFuture<Observation> answer, long end) {
        try {
            answer.get(Math.max(0, end - ports.ticker().nanos()), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException | CancellationException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void became(Instance server) {
        keeper.observe(new Observation.Seen(server, ports.clock().instant(), Duration.ZERO), false);
    }

    @Override
    public void suspect(InstanceKey key, String sign) {
        if (leading) {
            observer.suspect(key, sign);
        }
    }

    /**
     * Reads a server and follows its sources and replicas until nothing new turns up, at most ten seconds; what takes
     * longer goes on in the background while this node leads. The seed joins the fleet only if it answers.
     *
     * @param seed where to begin
     * @return the seed as it was seen
     * @throws OrchestratorException with {@code INSTANCE_UNREACHABLE} when the seed does not answer, {@code REFUSED}
     *     when it was forgotten a moment ago
     */
    public FleetMember discover(InstanceKey seed) {
        InstanceKey key = names.resolved(seed);
        InstanceStore store = ports.backend().instances();
        if (sync.isForgotten(key) || store.forgotten().contains(key)) {
            throw SeedAnswer.forgotten(key, forgetBlock());
        }
        Observation.Seen seen = readSeed(key);
        if (leadsAndIsReady()) {
            crawler.startAfresh();
            crawler.settle(seen);
            crawler.awaitQuiet(CRAWL_LIMIT);
            keeper.settle();
            // Leadership may have been lost meanwhile, and the snapshot in memory with it: then it is read once more
            // and written directly, so that what was reported as discovered is in the backend.
            if (writes.flush(true) || leading) {
                return SeedAnswer.found(keeper.current(), key);
            }
        }
        intents.refresh();
        FleetState own = newKeeper();
        Fleet fleet = new DiscoveryResult(own, newCrawler(own), store).run(seen, CRAWL_LIMIT);
        reader.expire();
        return SeedAnswer.found(fleet, key);
    }

    /** Waits out a takeover: what joins the fleet before the observer has begun would not be polled regularly. */
    private boolean leadsAndIsReady() {
        transition.lock();
        try {
            return leading;
        } finally {
            transition.unlock();
        }
    }

    private Observation.Seen readSeed(InstanceKey key) {
        Observation first = pollSeed(key);
        return SeedAnswer.seen(SeedAnswer.isSlow(first) ? pollSeed(key) : first);
    }

    private Observation pollSeed(InstanceKey key) {
        askForTime();
        Instant asked = ports.clock().instant();
        Duration patience = config.pollTimeout().multipliedBy(3);
        CompletableFuture<Observation> answer = scheduler.demand(key, Lane.CRAWL);
        if (!arrives(answer, ports.ticker().nanos() + patience.toNanos())) {
            throw SeedAnswer.unreachable(SeedAnswer.silence(key, asked, patience));
        }
        return answer.join();
    }

    /**
     * Forgets a server and keeps it from being discovered for three poll intervals.
     *
     * @param server the server, by any of its names
     * @return whether it was known
     */
    public boolean forget(InstanceKey server) {
        boolean known = leading ? sync.forget(server) : sync.forgetRows(server, reader.get());
        reader.expire();
        return known;
    }

    /** Writes what has come in at once, if this node leads. */
    void flush() {
        writes.flush(true);
    }

    /** Ceases to lead, writes what is left for at most two seconds, and ends its threads. Idempotent. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (leading) {
            lastFlush();
        }
        stopLeading();
        chores.close();
        sentinels.close();
        scheduler.close();
        background.shutdownNow();
        snapshots.shutdownNow();
    }

    private void lastFlush() {
        try {
            background.submit(() -> writes.flush(true)).get(LAST_FLUSH.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("the last observations could not be written", e);
        }
    }
}
