package dev.orchestrator.engine.internal.shell.intent;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Downtime;
import dev.orchestrator.api.facade.Downtimes;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.intent.OrderChecks;
import dev.orchestrator.engine.internal.core.intent.Spans;
import dev.orchestrator.spi.IntentStore;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Downtimes in the backend. */
record StoredDowntimes(IntentStore store, AuditedOrders orders, Duration unlessSaid) implements Downtimes {
    @Override
    public void begin(InstanceKey instance, Actor owner, String reason, @Nullable Duration duration) {
        Duration time = duration == null ? unlessSaid : duration;
        OrderChecks.downtime(instance, reason, time);
        InstanceKey key = OrderChecks.known(orders.snapshot(), instance, "a downtime");
        store.beginDowntime(key, owner, reason, time);
        orders.about("begin-downtime", key, owner, "for " + Spans.text(time) + ": " + reason);
    }

    @Override
    public boolean end(InstanceKey instance, Actor by) {
        InstanceKey key = orders.snapshot().canonical(instance);
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
