package dev.orchestrator.engine.internal.shell.intent;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.facade.Recoveries;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.internal.core.intent.OrderChecks;
import dev.orchestrator.spi.RecoveryStore;
import java.time.Duration;
import java.util.List;

/** Recoveries in the backend. */
record StoredRecoveries(RecoveryStore store, AuditedOrders orders, Duration blockPeriod) implements Recoveries {
    @Override
    public List<RecoveryRecord> find(RecoveryFilter filter) {
        return store.find(filter);
    }

    @Override
    public List<RecoveryStepRecord> steps(String uid) {
        return store.steps(uid);
    }

    @Override
    public List<RecoveryRecord> blocking(FailureAnalysis finding) {
        RecoveryType type = RecoveryType.recovering(finding.code()).orElse(RecoveryType.DEAD_PRIMARY);
        return store.blocking(type, finding.cluster(), finding.instance(), blockPeriod);
    }

    @Override
    public int acknowledge(RecoveryFilter filter, Actor by, String comment) {
        OrderChecks.acknowledgement(comment);
        int acknowledged = store.acknowledge(filter, by, comment);
        if (acknowledged > 0) {
            orders.append("acknowledge-recovery", filter.failed(), "", by, acknowledged + " recoveries: " + comment);
        }
        return acknowledged;
    }
}
