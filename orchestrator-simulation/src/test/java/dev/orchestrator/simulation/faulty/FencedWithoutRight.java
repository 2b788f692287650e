package dev.orchestrator.simulation.faulty;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.simulation.backend.FenceRule;
import java.util.HashSet;
import java.util.Set;

/** A fence that a service writes which has slept meanwhile is written, and stands, whatever has become of its recovery. */
final class FencedWithoutRight implements FenceRule {
    private final Set<String> late = new HashSet<>();

    @Override
    public boolean mayBeWritten(Fence fence, RecoveryRecord recovery, boolean rightful) {
        if (!FenceRule.super.mayBeWritten(fence, recovery, rightful)) {
            late.add(name(fence));
        }
        return true;
    }

    @Override
    public boolean stands(Fence fence, RecoveryRecord recovery) {
        return late.contains(name(fence)) || FenceRule.super.stands(fence, recovery);
    }

    private static String name(Fence fence) {
        return fence.serverUuid() + " " + fence.recoveryUid();
    }
}
