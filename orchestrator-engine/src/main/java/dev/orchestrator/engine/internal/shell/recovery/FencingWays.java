package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.recovery.Losses;
import dev.orchestrator.engine.internal.shell.fencing.FencingPorts;
import dev.orchestrator.spi.Right;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What fencing needs of recoveries: their records, which others complete as well, and the book of decisions. */
final class FencingWays implements FencingPorts.Records, FencingPorts.Findings {
    private static final Logger log = LoggerFactory.getLogger(FencingWays.class);

    private final RecoveryPorts ports;
    private final Keepers keepers;
    private final DecisionBook book;

    FencingWays(RecoveryPorts ports, Keepers keepers, DecisionBook book) {
        this.ports = ports;
        this.keepers = keepers;
        this.book = book;
    }

    FencingPorts ports() {
        return new FencingPorts(
                ports.config().observeOnly(),
                ports.config().pollInterval(),
                ports.gateway(),
                ports.fleet(),
                ports.fences(),
                ports.recoveries(),
                ports.locks(),
                ports.leadership(),
                ports.audit(),
                ports.automatic(),
                ports.clock(),
                ports.ticker(),
                this,
                this);
    }

    @Override
    public void complete(Fence fence, Losses losses, GtidSet held, Right right) {
        UnaryOperator<RecoveryRecord> completed = r -> completed(r, fence, losses, held);
        Optional<RecordKeeper> keeper = keepers.find(fence.recoveryUid());
        if (keeper.isPresent()) {
            keeper.get().complete(completed);
            keeper.get().saveIfPossible();
        } else if (!RecordKeeper.complete(ports.recoveries(), right, fence.recoveryUid(), completed)) {
            log.atWarn()
                    .addKeyValue("recovery", fence.recoveryUid())
                    .log("its record was not completed: it is not there, or others write it");
        }
    }

    /** The note is about the server that was replaced; what a successor that died holds alone stands beside it. */
    private static RecoveryRecord completed(RecoveryRecord record, Fence fence, Losses losses, GtidSet held) {
        RecoveryRecord.Builder next = record.toBuilder().lostGtids(losses.beside(record.lostGtids(), held));
        if (record.failedUuid().equals(fence.serverUuid())) {
            return next.lossNote(losses.note()).build();
        }
        if (record.errors().contains(losses.note())) {
            return next.build();
        }
        List<String> errors = new ArrayList<>(record.errors());
        errors.add(losses.note());
        return next.errors(errors).build();
    }

    @Override
    public Optional<FailureAnalysis> analyze(Fleet fleet, InstanceKey key) {
        return ports.reanalysis().analyze(fleet, key);
    }

    @Override
    public void notActedOn(InstanceKey key, String clusterName, Decision decision) {
        book.record(key, clusterName, decision);
    }
}
