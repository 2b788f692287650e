package dev.orchestrator.engine.internal.shell.intent;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.AuditStore;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What all orders have in common: the server is a known one, and the trail says who gave them. */
final class AuditedOrders {
    private final Supplier<Fleet> fleet;
    private final AuditStore audit;

    AuditedOrders(Supplier<Fleet> fleet, AuditStore audit) {
        this.fleet = fleet;
        this.audit = audit;
    }

    Fleet fleet() {
        return fleet.get();
    }

    /** The key that the backend knows the server by. */
    FleetMember known(InstanceKey key, String wish) {
        return fleet().member(key)
                .orElseThrow(() -> new OrchestratorException(
                        ErrorCode.UNKNOWN_INSTANCE,
                        wish + " of " + key + " is refused: no such instance is known (discover it first)"));
    }

    void about(String type, InstanceKey instance, Actor by, String message) {
        Fleet picture = fleet();
        String cluster = picture.member(instance)
                .flatMap(m -> picture.cluster(m.cluster()))
                .map(Cluster::name)
                .orElse("");
        append(type, instance, cluster, by, message);
    }

    void append(String type, @Nullable InstanceKey instance, String cluster, Actor by, String message) {
        audit.append(List.of(new AuditEntry(0, null, type, instance, cluster, by, message)));
    }

    static OrchestratorException invalid(String message) {
        return new OrchestratorException(ErrorCode.INVALID_INPUT, message);
    }
}
