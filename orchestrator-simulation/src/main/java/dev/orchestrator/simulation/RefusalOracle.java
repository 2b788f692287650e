package dev.orchestrator.simulation;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.simulation.kind.ServerKind;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServer.Running;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * Whether it was right to do nothing, by the whole world, which no service sees. Nothing is lost by who does nothing, so all
 * else that must hold would hold for an engine that always refuses.
 */
final class RefusalOracle {
    /** What was broken for a while is mended by then, and all who live have seen it. */
    private static final Duration SETTLED = Duration.ofSeconds(30);

    /** They say of a finding why no recovery is for it, or that it has passed. */
    private static final Set<RefusalReason> EXPLAINING =
            EnumSet.of(RefusalReason.SUPERSEDED, RefusalReason.UNSUPPORTED_TOPOLOGY, RefusalReason.NO_PROBLEM);

    /** What stands in the way for a moment must not stand there for ever. */
    private static final Set<RefusalReason> PASSING = EnumSet.of(RefusalReason.LOCKED, RefusalReason.RECOVERY_ACTIVE);

    private final Schedule world;
    private final Duration faultsEnd;

    RefusalOracle(Schedule world, Duration faultsEnd) {
        this.world = world;
        this.faultsEnd = faultsEnd;
    }

    void judge(Decision decision, GateVerdict refusal) {
        RefusalReason reason = refusal.refusal();
        if (decision.analysis() == null || EXPLAINING.contains(reason)) {
            return;
        }
        SimulatedServer failed = world.servers().get(decision.analysis().instance());
        boolean died = failed.process() == Running.DOWN;
        if (world.isSingleFault() && (died || reason != RefusalReason.NOT_CONFIRMED)) {
            throw new Violation("refused though only one thing went wrong: " + refusal.facts());
        }
        if (world.events().now() < faultsEnd.plus(SETTLED).toNanos()) {
            return;
        }
        if (reason == RefusalReason.LOCKED && world.chores().errands().custody().isInMaintenance(failed.key())) {
            return;
        }
        if (PASSING.contains(reason)) {
            throw new Violation("still refused long after the faults have ended: " + refusal.facts());
        }
        boolean promotes = RecoveryType.about(decision.analysis().code())
                .filter(RecoveryType::promotes)
                .isPresent();
        if (reason == RefusalReason.NO_CANDIDATE && promotes && died && canBeReplaced(failed.key())) {
            throw new Violation("refused though a replica could take over: " + refusal.facts());
        }
    }

    /**
     * Without semi-sync nobody knows of anything that only the dead have: whoever lives, read from it and filters nothing
     * may take over.
     */
    private boolean canBeReplaced(InstanceKey failed) {
        boolean semiSync = world.servers().all().iterator().next().settings().semiSyncSource();
        return !semiSync
                && world.with(Running.UP).stream()
                        .filter(s -> world.servers().outside().stream().noneMatch(o -> s.reads(o.key())))
                        .anyMatch(s -> s.reads(failed) && isFit(s));
    }

    private boolean isFit(SimulatedServer server) {
        ServerKind kind = server.settings().kind();
        return server.isReadOnly()
                && !server.replication().wasLeftStopped()
                && !world.chores().errands().custody().isInMaintenance(server.key())
                && !world.mustNot().isOf(server)
                && !hasWhatWasLost(server)
                && world.ailments().areSparing(server)
                && kind.filters().isEmpty()
                && kind.binlogFilters().isEmpty();
    }

    /** People have made one the primary again that did not have it: it is errant now. */
    private boolean hasWhatWasLost(SimulatedServer server) {
        return !server.held().intersection(world.rebuilders().lost()).isEmpty();
    }

    /** One thing went wrong, and there is no writer. */
    void atTheEnd() {
        boolean written = world.with(Running.UP).stream().anyMatch(s -> !s.isReadOnly());
        if (!written && world.isSingleFault()) {
            throw new Violation("nobody takes writes though only one thing went wrong");
        }
    }
}
