package dev.orchestrator.simulation.node;

import dev.orchestrator.api.Intents;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.internal.core.decision.Attempt;
import dev.orchestrator.engine.internal.core.decision.GateFacts;
import dev.orchestrator.engine.internal.core.decision.LockImpact;
import dev.orchestrator.simulation.backend.Rows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * What the backend says before a change of a cluster.
 *
 * @param recent its recoveries, the newest first
 * @param locks all that hold
 */
record Said(List<RecoveryRecord> recent, List<LockInfo> locks) {
    static final Said NOTHING = new Said(List.of(), List.of());

    static Said by(Rows rows, long now, ClusterId cluster) {
        List<RecoveryRecord> all = new ArrayList<>(rows.recoveries());
        all.removeIf(r -> !r.cluster().equals(cluster));
        Collections.reverse(all);
        return new Said(all, rows.locks().active(now));
    }

    /** What the locks mean for a recovery. */
    LockImpact impact(InstanceKey failed, Collection<InstanceKey> followers) {
        return LockImpact.of(failed, followers, locks);
    }

    GateFacts.BackendFacts facts(Attempt attempt, LockImpact impact) {
        RecoveryType type = attempt.type();
        RecoveryType.BlockScope scope = type.blockScope();
        List<RecoveryRecord> blocking = recent.stream()
                .filter(r -> !r.isActive() && !r.acknowledged() && r.type().blockScope() == scope)
                .filter(r ->
                        scope != RecoveryType.BlockScope.INSTANCE || r.failed().equals(attempt.failed()))
                .toList();
        return GateFacts.BackendFacts.of(Intents.NONE, blocking, recent, type, attempt.failed(), impact.refusing());
    }
}
