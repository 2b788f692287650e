package dev.orchestrator.engine.internal.shell.leader;

import dev.orchestrator.api.LeaderElection;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners of gains and losses, in order, on a thread of its own: the thread that asks the backend may hang
 * exactly when a loss has to be told.
 */
final class ListenerTeller {
    private static final Logger log = LoggerFactory.getLogger(ListenerTeller.class);

    private final String lease;
    private final Supplier<OptionalLong> epoch;
    private final List<LeaderElection.Listener> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService thread;
    private volatile @Nullable ScheduledFuture<?> nextLook;

    // Owned by the thread. Null: what was told last is that nothing is held.
    private @Nullable Long told;

    ListenerTeller(String lease, Supplier<OptionalLong> epoch) {
        this.lease = lease;
        this.epoch = epoch;
        this.thread = NamedExecutors.scheduler("lease-tell", 1);
    }

    void add(LeaderElection.Listener listener) {
        submit(() -> {
            listeners.add(listener);
            Long standing = told;
            if (standing != null) {
                contained(listener, l -> l.gained(standing));
            }
        });
    }

    /** Looks at the standing soon, and again when it is going to change by itself. */
    void look(@Nullable Duration again) {
        submit(this::tell);
        ScheduledFuture<?> former = nextLook;
        if (former != null) {
            former.cancel(false);
        }
        if (again != null && !thread.isShutdown()) {
            try {
                nextLook = thread.schedule(this::tell, Math.max(0, again.toNanos()) + 1, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                log.atDebug().addKeyValue("lease", lease).log("closed while a look was planned");
            }
        }
    }

    void close(Duration limit) {
        try {
            thread.submit(this::tell).get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            log.atWarn().addKeyValue("lease", lease).setCause(e).log("a listener did not return in time");
        } catch (ExecutionException | RejectedExecutionException e) {
            log.atWarn().addKeyValue("lease", lease).setCause(e).log("listeners could not be told of the end");
        }
        thread.shutdownNow();
    }

    private void submit(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            log.atDebug().addKeyValue("lease", lease).log("closed: nobody is told any more");
        }
    }

    private void tell() {
        OptionalLong now = epoch.get();
        Long before = told;
        if (before != null && (now.isEmpty() || now.getAsLong() != before)) {
            told = null;
            log.atInfo()
                    .addKeyValue("lease", lease)
                    .addKeyValue("epoch", before)
                    .log("lost");
            listeners.forEach(listener -> contained(listener, l -> l.lost(before)));
        }
        if (now.isPresent() && told == null) {
            long gained = now.getAsLong();
            told = gained;
            log.atInfo()
                    .addKeyValue("lease", lease)
                    .addKeyValue("epoch", gained)
                    .log("gained");
            listeners.forEach(listener -> contained(listener, l -> l.gained(gained)));
        }
    }

    private void contained(LeaderElection.Listener listener, Consumer<LeaderElection.Listener> call) {
        try {
            call.accept(listener);
        } catch (RuntimeException e) {
            log.atWarn().addKeyValue("lease", lease).setCause(e).log("a listener failed");
        }
    }
}
