package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.engine.internal.core.recovery.Losses;
import dev.orchestrator.engine.internal.shell.fencing.FencingPorts;
import dev.orchestrator.spi.Right;
import java.util.Optional;

/** What fencing needs of recoveries: their records, which others complete as well, and the book of decisions. */
final class FencingWays implements FencingPorts.Records, FencingPorts.Findings {
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
        Optional<RecordKeeper> keeper = keepers.find(fence.recoveryUid())
                .or(() -> ports.recoveries().find(RecoveryFilter.byUid(fence.recoveryUid())).stream()
                        .findFirst()
                        .map(r -> new RecordKeeper(ports.recoveries()::update, right, r)));
        keeper.filter(k -> k.current().failedUuid().equals(fence.serverUuid())).ifPresent(k -> {
            GtidSet before = k.current().lostGtids();
            GtidSet lost = before == null ? losses.gtids() : losses.gtids().union(before.minus(held));
            k.edit(r -> r.lostGtids(lost).lossNote(losses.note()));
            k.saveIfPossible();
        });
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
