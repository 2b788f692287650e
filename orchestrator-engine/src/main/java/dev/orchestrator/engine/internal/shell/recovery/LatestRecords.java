package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.record.DataLoss;
import dev.orchestrator.engine.internal.shell.fencing.FencedRecoveries;
import dev.orchestrator.spi.RecoveryStore;
import dev.orchestrator.spi.Right;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of the latest recoveries of this process: several hands complete them after their end (the first write, the
 * former primary's return), and each must see what the others have written. Thread-safe.
 */
final class LatestRecords implements FencedRecoveries {
    private static final Logger log = LoggerFactory.getLogger(LatestRecords.class);
    private static final int KEPT = 100;

    private final RecoveryStore store;
    private final DecisionBook book;
    // Guarded by the monitor.
    private final Map<String, RecoveryRecordWriter> latest = new LinkedHashMap<>();

    LatestRecords(RecoveryStore store, DecisionBook book) {
        this.store = store;
        this.book = book;
    }

    synchronized void add(RecoveryRecordWriter keeper) {
        latest.put(keeper.current().uid(), keeper);
        if (latest.size() > KEPT) {
            latest.remove(latest.keySet().iterator().next());
        }
    }

    private synchronized @Nullable RecoveryRecordWriter find(String uid) {
        return latest.get(uid);
    }

    @Override
    public void complete(Fence fence, DataLoss losses, GtidSet held, Right right) {
        UnaryOperator<RecoveryRecord> completed = r -> losses.foundIn(r, fence.serverUuid(), held);
        RecoveryRecordWriter keeper = find(fence.recoveryUid());
        if (keeper != null) {
            keeper.complete(completed);
            keeper.saveIfPossible();
        } else if (!RecoveryRecordWriter.complete(store, right, fence.recoveryUid(), completed)) {
            log.atWarn()
                    .addKeyValue("recovery", fence.recoveryUid())
                    .log("its record was not completed: it is not there, or others write it");
        }
    }

    @Override
    public void notActedOn(InstanceKey key, String clusterName, Decision decision) {
        book.record(key, clusterName, decision);
    }
}
