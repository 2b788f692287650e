package dev.orchestrator.engine.internal.shell.recovery;

import static dev.orchestrator.engine.internal.shell.recovery.ScriptedFleet.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.engine.internal.core.record.DataLoss;
import dev.orchestrator.engine.internal.shell.execution.RecoveryPorts;
import dev.orchestrator.engine.internal.shell.fencing.FenceEnforcer;
import dev.orchestrator.engine.internal.shell.fencing.FencedRecoveries;
import dev.orchestrator.spi.FenceStore;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** A successor is freed of the fences of its past, while the leader may lift them by rule. */
class ReleasedFenceTest {
    private static final Fence OLD = new Fence(
            ScriptedFleet.uuid(2), key(2), new ClusterId("c"), key(1), "r1", FenceState.CLEAN, "", Instant.EPOCH);

    @Test
    void whatTheLeaderLiftedInTheSameMomentIsReleased() {
        assertThat(isReleased(new LiftedBehind(1))).isTrue();
    }

    @Test
    void whatStillStandsIsNot() {
        assertThat(isReleased(new LiftedBehind(Integer.MAX_VALUE))).isFalse();
    }

    private static boolean isReleased(FenceStore fences) {
        try (RecoveryWorld world = new RecoveryWorld(new ScriptedFleet(2));
                FenceEnforcer keeper =
                        new FenceEnforcer(on(world.ports, fences), new Nobody(), ForkJoinPool.commonPool())) {
            return keeper.release(OLD.serverUuid(), world.authority(), "promoted");
        }
    }

    private static RecoveryPorts on(RecoveryPorts p, FenceStore fences) {
        return new RecoveryPorts(
                p.config(),
                p.node(),
                p.nodeToken(),
                p.gateway(),
                p.fleet(),
                p.recoveries(),
                fences,
                p.intents(),
                p.locks(),
                p.leadership(),
                p.events(),
                p.audit(),
                p.runs(),
                p.reanalysis(),
                p.clocks());
    }

    /** A fence that is read as standing so many times, and that nobody can write any more. */
    private static final class LiftedBehind implements FenceStore {
        private int readings;

        LiftedBehind(int readings) {
            this.readings = readings;
        }

        @Override
        public List<Fence> standing() {
            return readings-- > 0 ? List.of(OLD) : List.of();
        }

        @Override
        public boolean add(Fence fence, Right right) {
            return false;
        }

        @Override
        public boolean update(Fence fence, FenceState state, String note, Right right) {
            return false;
        }

        @Override
        public boolean end(Fence fence, String note, Right right) {
            return false;
        }

        @Override
        public int purge(Duration age) {
            return 0;
        }
    }

    /** Nobody wants to know what a fence finds out. */
    private static final class Nobody implements FencedRecoveries {
        @Override
        public void complete(Fence fence, DataLoss losses, GtidSet held, Right right) {}

        @Override
        public void notActedOn(InstanceKey key, String clusterName, Decision decision) {}
    }
}
