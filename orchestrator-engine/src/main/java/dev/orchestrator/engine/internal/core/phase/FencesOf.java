package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The fences that belong to a recovery: they are written with the record that names the successor, and never without. */
final class FencesOf {
    private FencesOf() {}

    /** On the server that is replaced, if its identity is known, and on a successor that died and may be writable. */
    static List<Fence> recovery(State s) {
        RecoveryRecord record = s.record();
        InstanceKey successor = record.successor();
        List<Fence> fences = new ArrayList<>();
        if (successor == null) {
            return fences;
        }
        if (!record.failedUuid().isEmpty()) {
            fences.add(fence(
                    record, record.failedUuid(), record.failed(), "replaced by " + successor, record.startedAt()));
        }
        InstanceKey fallen = s.memory().fallen();
        Instance dead =
                fallen == null ? null : s.servers().fleet().instance(fallen).orElse(null);
        if (dead != null && !dead.serverUuid().isEmpty() && !dead.key().equals(successor)) {
            String why = "it died while it was being promoted and may be writable; replaced by " + successor;
            fences.add(
                    fence(record, dead.serverUuid(), dead.key(), why, s.begun().at()));
        }
        return fences;
    }

    private static Fence fence(RecoveryRecord record, String uuid, InstanceKey server, String why, Instant since) {
        InstanceKey successor = java.util.Objects.requireNonNull(record.successor());
        return new Fence(uuid, server, record.cluster(), successor, record.uid(), FenceState.PENDING, why, since);
    }
}
