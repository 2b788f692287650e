package dev.orchestrator.engine.internal.shell.fencing;

import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.engine.internal.shell.execution.Authority;
import dev.orchestrator.spi.Right;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down how far a fence has come, under the leader's right where there is one, and tells people. */
final class FenceWriter {
    private static final Logger log = LoggerFactory.getLogger(FenceWriter.class);

    private final FencingPorts ports;
    private final Fence fence;
    private final Authority operation;

    FenceWriter(FencingPorts ports, Fence fence, Authority operation) {
        this.ports = ports;
        this.fence = fence;
        this.operation = operation;
    }

    Fence fence() {
        return fence;
    }

    /** Until when commands may be given; throws when there is no right any more. */
    long until() {
        return ports.leadership().held().map(h -> h.deadlineNanos()).orElseGet(operation::check);
    }

    /** The right to write; throws when there is none. */
    Right right() {
        return ports.leadership()
                .held()
                .<Right>map(h -> new Right.UnderLease(h.lease()))
                .orElseGet(operation::right);
    }

    /** Whether it was written: not when the fence is lifted, is another recovery's, or the right has ended. */
    boolean remember(FenceState state, String note) {
        boolean written = ports.fences().update(fence, state, note, right());
        if (!written) {
            log.atInfo()
                    .addKeyValue("instance", fence.instance())
                    .addKeyValue("recovery", fence.recoveryUid())
                    .log("this fence is somebody else's now, or was lifted; it is left alone");
        }
        return written;
    }

    void tell(String type, String message) {
        log.atWarn()
                .addKeyValue("instance", fence.instance())
                .addKeyValue("recovery", fence.recoveryUid())
                .log(message);
        String cluster = ports.fleet()
                .current()
                .cluster(fence.cluster())
                .map(Cluster::name)
                .orElse("");
        ports.audit().record(new AuditEntry(0, null, type, fence.instance(), cluster, ports.self(), message));
    }
}
