package dev.orchestrator.engine.internal.shell.intent;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Downtime;
import dev.orchestrator.api.Downtimes;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.IntentStore;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Downtimes in the backend. */
final class StoredDowntimes implements Downtimes {
    /** Longer is a slip of the finger. Servers that are never to be looked at are to be forgotten. */
    private static final Duration LONGEST = Duration.ofDays(3650);

    private final IntentStore store;
    private final AuditedOrders orders;
    private final Duration unlessSaid;

    StoredDowntimes(IntentStore store, AuditedOrders orders, Duration unlessSaid) {
        this.store = store;
        this.orders = orders;
        this.unlessSaid = unlessSaid;
    }

    @Override
    public void begin(InstanceKey instance, Actor owner, String reason, @Nullable Duration duration) {
        Duration time = duration == null ? unlessSaid : duration;
        if (reason.isBlank()) {
            throw AuditedOrders.invalid("a downtime of " + instance + " needs a reason");
        }
        if (time.isZero() || time.isNegative() || time.compareTo(LONGEST) > 0) {
            throw AuditedOrders.invalid("a downtime of " + instance + " must last longer than nothing and at most "
                    + LONGEST.toDays() + " days");
        }
        InstanceKey key = orders.known(instance, "a downtime").key();
        store.beginDowntime(key, owner, reason, time);
        orders.about("begin-downtime", key, owner, "for " + Spans.text(time) + ": " + reason);
    }

    @Override
    public boolean end(InstanceKey instance, Actor by) {
        InstanceKey key = orders.fleet().canonical(instance);
        boolean ended = store.endDowntime(key);
        if (ended) {
            orders.about("end-downtime", key, by, "ended");
        }
        return ended;
    }

    @Override
    public List<Downtime> active() {
        return store.read().downtimes().values().stream()
                .sorted(Comparator.comparing(Downtime::instance))
                .toList();
    }
}
