package dev.orchestrator.engine.fake;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.spi.AuditStore;
import dev.orchestrator.spi.Backend;
import dev.orchestrator.spi.FenceStore;
import dev.orchestrator.spi.InstanceStore;
import dev.orchestrator.spi.IntentStore;
import dev.orchestrator.spi.LeaseStore;
import dev.orchestrator.spi.LockStore;
import dev.orchestrator.spi.NodeStore;
import dev.orchestrator.spi.PoolStore;
import dev.orchestrator.spi.RecoveryStore;
import dev.orchestrator.spi.RunStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A backend that remembers in memory and keeps the promises of the stores. Its clock can be given. Several nodes share
 * it by {@link #anotherNode()}: the same memory, but faults of its own.
 */
public final class InMemoryBackend implements Backend {
    private final Memory memory;
    private final AtomicLong calls = new AtomicLong();
    private volatile boolean away;
    private volatile @Nullable CountDownLatch hanging;
    private volatile Runnable beforeCall = () -> {};
    private volatile boolean closed;

    private final InstanceStore instances;
    private final LeaseStore leases;
    private final LockStore locks;
    private final RecoveryStore recoveries;
    private final FenceStore fences;
    private final AuditStore audit;
    private final IntentStore intents;
    private final NodeStore nodes;
    private final PoolStore pools;
    private final RunStore runs;

    /**
     * An empty backend.
     *
     * @param clock the backend's clock
     */
    public InMemoryBackend(InstantSource clock) {
        this(new Memory(clock));
    }

    private InMemoryBackend(Memory memory) {
        this.memory = memory;
        instances = faulty(InstanceStore.class, memory.instances);
        leases = faulty(LeaseStore.class, memory.leases);
        locks = faulty(LockStore.class, memory.locks);
        recoveries = faulty(RecoveryStore.class, memory.recoveries);
        fences = faulty(FenceStore.class, memory.fences);
        audit = faulty(AuditStore.class, memory.audit);
        intents = faulty(IntentStore.class, memory.intents);
        nodes = faulty(NodeStore.class, memory.nodes);
        pools = faulty(PoolStore.class, memory.pools);
        runs = faulty(RunStore.class, memory.runs);
    }

    /**
     * An empty backend on the machine's clock.
     *
     * @return a new backend
     */
    public static InMemoryBackend onSystemClock() {
        return new InMemoryBackend(InstantSource.system());
    }

    /**
     * The same backend as another node reaches it.
     *
     * @return the same memory, with faults of its own
     */
    public InMemoryBackend anotherNode() {
        return new InMemoryBackend(memory);
    }

    /** Every call fails from now on. */
    public void goAway() {
        away = true;
    }

    /** Calls are answered again, and those that hang go on. */
    public void comeBack() {
        away = false;
        CountDownLatch latch = hanging;
        hanging = null;
        if (latch != null) {
            latch.countDown();
        }
    }

    /** Every call hangs from now on, until {@link #comeBack()}. */
    public void hang() {
        hanging = new CountDownLatch(1);
    }

    /**
     * Runs something before each call, on the calling thread.
     *
     * @param action what to run
     */
    public void beforeEachCall(Runnable action) {
        beforeCall = action;
    }

    /** It fails over to a copy that has no recovery and no fence yet. */
    public void loseRecoveries() {
        synchronized (memory) {
            memory.recoveries.lose();
            memory.fences.lose();
        }
    }

    /**
     * How many calls of stores there were.
     *
     * @return the number since this view was made
     */
    public long calls() {
        return calls.get();
    }

    /**
     * Whether somebody closed it.
     *
     * @return true after {@link #close()}
     */
    public boolean isClosed() {
        return closed;
    }

    @Override
    public InstanceStore instances() {
        return instances;
    }

    @Override
    public LeaseStore leases() {
        return leases;
    }

    @Override
    public LockStore locks() {
        return locks;
    }

    @Override
    public RecoveryStore recoveries() {
        return recoveries;
    }

    @Override
    public FenceStore fences() {
        return fences;
    }

    @Override
    public AuditStore audit() {
        return audit;
    }

    @Override
    public IntentStore intents() {
        return intents;
    }

    @Override
    public NodeStore nodes() {
        return nodes;
    }

    @Override
    public PoolStore pools() {
        return pools;
    }

    @Override
    public RunStore runs() {
        return runs;
    }

    @Override
    public String describe() {
        return "memory";
    }

    @Override
    public void ping() {
        passFaults();
    }

    @Override
    public Instant now() {
        passFaults();
        return memory.clock.instant();
    }

    @Override
    public void close() {
        closed = true;
    }

    private void passFaults() {
        calls.incrementAndGet();
        beforeCall.run();
        CountDownLatch latch = hanging;
        if (latch != null) {
            await(latch);
        }
        if (away || closed) {
            throw new OrchestratorException(ErrorCode.BACKEND_UNAVAILABLE, "the backend in memory plays dead");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(Duration.ofMinutes(1).toMillis(), TimeUnit.MILLISECONDS)) {
                throw new OrchestratorException(ErrorCode.BACKEND_UNAVAILABLE, "the backend in memory hung too long");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OrchestratorException(ErrorCode.BACKEND_UNAVAILABLE, "interrupted", e);
        }
    }

    /** One memory, one monitor: each call of a store is a transaction of its own. */
    private <T> T faulty(Class<T> type, T store) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            passFaults();
            synchronized (memory) {
                try {
                    return method.invoke(store, args);
                } catch (InvocationTargetException e) {
                    throw Objects.requireNonNullElse(e.getCause(), e);
                }
            }
        }));
    }

    /** What is remembered. Guarded by its own monitor. */
    private static final class Memory {
        final InstantSource clock;
        final InMemoryInstances instances;
        final InMemoryLeases leases;
        final InMemoryLocks locks;
        final InMemoryRecoveries recoveries;
        final InMemoryFences fences;
        final InMemoryAudit audit;
        final InMemoryIntents intents;
        final InMemoryNodes nodes;
        final InMemoryPools pools;
        final InMemoryRuns runs;

        Memory(InstantSource clock) {
            this.clock = clock;
            instances = new InMemoryInstances(clock);
            leases = new InMemoryLeases(clock);
            locks = new InMemoryLocks(clock);
            InMemoryRights rights = new InMemoryRights(leases, locks);
            recoveries = new InMemoryRecoveries(clock, rights);
            fences = new InMemoryFences(recoveries, rights);
            audit = new InMemoryAudit(clock);
            intents = new InMemoryIntents(clock);
            nodes = new InMemoryNodes(clock);
            pools = new InMemoryPools(clock);
            runs = new InMemoryRuns(clock, nodes);
        }
    }
}
