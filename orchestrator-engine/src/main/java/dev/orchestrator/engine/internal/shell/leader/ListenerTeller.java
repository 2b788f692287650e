package dev.orchestrator.engine.internal.shell.leader;

import dev.orchestrator.api.LeaderElection;
import dev.orchestrator.engine.internal.core.leader.Told;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    // Owned by the thread.
    private Told told = Told.NOTHING;

    ListenerTeller(String lease, Supplier<OptionalLong> epoch) {
        this.lease = lease;
        this.epoch = epoch;
        this.thread = NamedExecutors.untilClosed("lease-tell", 1);
    }

    void add(LeaderElection.Listener listener) {
        thread.execute(() -> {
            listeners.add(listener);
            Told.NOTHING.until(told.epoch()).forEach(gain -> contained(listener, gain));
        });
    }

    /** Looks at the standing soon, and again when it is going to change by itself. */
    void look(@Nullable Duration again) {
        thread.execute(this::tell);
        ScheduledFuture<?> former = nextLook;
        if (former != null) {
            former.cancel(false);
        }
        if (again != null) {
            nextLook = thread.schedule(this::tell, Math.max(0, again.toNanos()) + 1, TimeUnit.NANOSECONDS);
        }
    }

    void close(Duration limit) {
        try {
            thread.submit(this::tell).get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            log.atWarn().addKeyValue("lease", lease).setCause(e).log("a listener did not return in time");
        } catch (ExecutionException | CancellationException e) {
            log.atWarn().addKeyValue("lease", lease).setCause(e).log("listeners could not be told of the end");
        }
        thread.shutdownNow();
    }

    private void tell() {
        OptionalLong now = epoch.get();
        List<Told.News> news = told.until(now);
        told = new Told(now);
        for (Told.News one : news) {
            log.atInfo()
                    .addKeyValue("lease", lease)
                    .addKeyValue("epoch", one.epoch())
                    .log(one.gained() ? "gained" : "lost");
            listeners.forEach(listener -> contained(listener, one));
        }
    }

    private void contained(LeaderElection.Listener listener, Told.News news) {
        try {
            if (news.gained()) {
                listener.gained(news.epoch());
            } else {
                listener.lost(news.epoch());
            }
        } catch (RuntimeException e) {
            log.atWarn().addKeyValue("lease", lease).setCause(e).log("a listener failed");
        }
    }
}
