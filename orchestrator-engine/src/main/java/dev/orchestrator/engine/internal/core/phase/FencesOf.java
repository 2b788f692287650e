package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.ServerBefore;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The fences that belong to a recovery. The one on the server that is replaced is written with the record that names the
 * successor, and never without; the one on a successor that died and may be writable also when nobody takes over.
 */
final class FencesOf {
    private FencesOf() {}

    /** On the server that is replaced, if its identity is known, and on a successor that died and may be writable. */
    static List<Fence> recovery(State s) {
        RecoveryRecord record = s.record();
        InstanceKey successor = record.successor();
        List<Fence> fences = new ArrayList<>();
        if (successor != null && !record.failedUuid().isEmpty()) {
            Instant since = record.startedAt();
            fences.add(
                    fence(record, record.failedUuid(), record.failed(), successor, "replaced by " + successor, since));
        }
        InstanceKey fallen = s.memory().fallen();
        String dead = fallen == null ? "" : identity(s, fallen);
        if (fallen != null && !dead.isEmpty() && !fallen.equals(successor)) {
            String why = "it died while it was being promoted and may be writable; "
                    + (successor == null ? "nobody took over" : "replaced by " + successor);
            InstanceKey primary = successor == null ? record.failed() : successor;
            fences.add(fence(record, dead, fallen, primary, why, s.begun().at()));
        }
        return fences;
    }

    /** As it was at the begin: another server may answer there by now. */
    private static String identity(State s, InstanceKey server) {
        return s.terms()
                .before()
                .of(server)
                .map(ServerBefore::serverUuid)
                .filter(uuid -> !uuid.isEmpty())
                .or(() -> s.servers().fleet().instance(server).map(Instance::serverUuid))
                .orElse("");
    }

    private static Fence fence(
            RecoveryRecord record, String uuid, InstanceKey server, InstanceKey primary, String why, Instant since) {
        return new Fence(uuid, server, record.cluster(), primary, record.uid(), FenceState.PENDING, why, since);
    }
}
