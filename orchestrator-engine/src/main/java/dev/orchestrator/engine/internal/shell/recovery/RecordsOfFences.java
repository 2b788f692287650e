package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.recovery.Losses;
import dev.orchestrator.engine.internal.shell.fencing.FencedRecoveries;
import dev.orchestrator.spi.RecoveryStore;
import dev.orchestrator.spi.Right;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The records of recoveries, which others complete as well, and the book of decisions. */
record RecordsOfFences(RecoveryStore store, Keepers keepers, DecisionBook book) implements FencedRecoveries {
    private static final Logger log = LoggerFactory.getLogger(RecordsOfFences.class);

    @Override
    public void complete(Fence fence, Losses losses, GtidSet held, Right right) {
        UnaryOperator<RecoveryRecord> completed = r -> losses.foundIn(r, fence.serverUuid(), held);
        Optional<RecordKeeper> keeper = keepers.find(fence.recoveryUid());
        if (keeper.isPresent()) {
            keeper.get().complete(completed);
            keeper.get().saveIfPossible();
        } else if (!RecordKeeper.complete(store, right, fence.recoveryUid(), completed)) {
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
