package dev.orchestrator.engine.internal.shell.audit;

import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.event.OrchestratorListener;
import dev.orchestrator.api.facade.Orchestrator.Registration;
import dev.orchestrator.engine.internal.core.backlog.Backlog;
import dev.orchestrator.engine.internal.core.event.PrimaryOrder;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings events to the listeners, in order, on one thread; changes of a primary in the order of {@link PrimaryOrder}. What a slow listener leaves unread beyond a bound is dropped,
 * the oldest first, counted and logged: telling must never hold up acting.
 */
public final class EventBus implements EventSink, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EventBus.class);
    private static final int CAPACITY = 10_000;

    private final int capacity;
    private final List<Subscription> listeners = new CopyOnWriteArrayList<>();
    private final ExecutorService thread = NamedExecutors.pool("events", 1);

    // Guarded by the monitor, like all below.
    private final PrimaryOrder primaries = new PrimaryOrder();
    private final Backlog<Long, OrchestratorEvent> waiting;
    private long numbers;
    private boolean draining;
    private boolean closed;
    private long droppedLogged;

    /** A bus with room for ten thousand events. */
    public EventBus() {
        this(CAPACITY);
    }

    EventBus(int capacity) {
        this.capacity = capacity;
        this.waiting = new Backlog<>(capacity);
    }

    @Override
    public synchronized void publish(OrchestratorEvent event) {
        // Also while nobody listens: who begins to listen hears only of what is news from then on.
        List<OrchestratorEvent> told = primaries.admit(event);
        if (!closed && !listeners.isEmpty()) {
            told.forEach(this::queue);
        }
    }

    // the caller holds the monitor
    private void queue(OrchestratorEvent event) {
        waiting.put(numbers++, event);
        if (!draining) {
            draining = true;
            thread.execute(this::drain);
        }
    }

    /**
     * Adds a listener. It is told of events published from now on.
     *
     * @param listener the listener
     * @return a handle that removes it
     */
    public Registration add(OrchestratorListener listener) {
        Subscription subscription = new Subscription(Objects.requireNonNull(listener, "listener"));
        listeners.add(subscription);
        return () -> listeners.remove(subscription);
    }

    /**
     * How many events were dropped because listeners were too slow.
     *
     * @return the number since the start
     */
    public synchronized long dropped() {
        return waiting.dropped();
    }

    /** Tells what is waiting, for a moment, and ends. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        if (!NamedExecutors.end(thread, Duration.ofSeconds(1))) {
            log.atWarn().log("a listener did not return in time: events are left untold");
        }
    }

    private void drain() {
        for (OrchestratorEvent event = next(); event != null; event = next()) {
            OrchestratorEvent told = event;
            listeners.forEach(subscription -> tell(subscription.listener, told));
        }
    }

    private synchronized @Nullable OrchestratorEvent next() {
        long dropped = waiting.dropped();
        if (dropped > droppedLogged) {
            log.atWarn()
                    .addKeyValue("dropped", dropped - droppedLogged)
                    .addKeyValue("capacity", capacity)
                    .log("listeners are too slow: events were dropped");
            droppedLogged = dropped;
        }
        List<Map.Entry<Long, OrchestratorEvent>> turn = waiting.next(1);
        waiting.written(turn);
        draining = !turn.isEmpty();
        return draining ? turn.get(0).getValue() : null;
    }

    private static void tell(OrchestratorListener listener, OrchestratorEvent event) {
        try {
            listener.onEvent(event);
        } catch (RuntimeException | AssertionError e) {
            log.atWarn()
                    .addKeyValue("event", event.getClass().getSimpleName())
                    .setCause(e)
                    .log("a listener failed");
        }
    }

    /** The same listener may be added twice: what is removed is one registration. */
    private static final class Subscription {
        private final OrchestratorListener listener;

        private Subscription(OrchestratorListener listener) {
            this.listener = listener;
        }
    }
}
