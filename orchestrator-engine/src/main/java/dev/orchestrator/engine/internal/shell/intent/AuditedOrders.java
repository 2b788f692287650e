package dev.orchestrator.engine.internal.shell.intent;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.topology.Place;
import dev.orchestrator.spi.AuditStore;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all orders have in common: they are about servers that are known, and the trail says who gave them.
 *
 * @param fleet which servers and clusters are known
 * @param audit the trail
 */
record AuditedOrders(Supplier<Fleet> fleet, AuditStore audit) {
    Fleet snapshot() {
        return fleet.get();
    }

    void about(String type, InstanceKey instance, Actor by, String message) {
        append(type, instance, Place.in(snapshot(), instance).clusterName(), by, message);
    }

    void append(String type, @Nullable InstanceKey instance, String cluster, Actor by, String message) {
        audit.append(List.of(new AuditEntry(0, null, type, instance, cluster, by, message)));
    }
}
