package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.internal.core.decision.Stored;
import dev.orchestrator.spi.RecoveryStore.Registration;
import dev.orchestrator.spi.Right;
import java.util.Optional;

/**
 * What one recovery finds stored and where it writes down what it does: in the backend, or in memory and a journal while
 * the backend is away.
 */
interface RecoveryStores {
    /**
     * What a recovery of that type is decided by.
     *
     * @throws dev.orchestrator.api.OrchestratorException when it cannot be read in time
     */
    Stored read(RecoveryType type, ClusterId cluster, InstanceKey failed);

    /** Locks servers for the recovery. */
    MaintenanceLock lock(LockRequest request, Actor owner, String reason);

    /** Takes the cluster's slot. */
    Registration register(RecoveryRecord recovery, Right right);

    /** Writes the record; false when the right is gone or somebody else has ended the recovery. */
    boolean update(RecoveryRecord recovery, Right right);

    /** The record as it stands there. */
    Optional<RecoveryRecord> find(String uid);

    /** Writes a step. */
    void saveStep(RecoveryStepRecord step);

    /** Writes a fence; false when the right is gone. */
    boolean add(Fence fence, Right right);

    /** Writes what became of a fence; false when the right is gone. */
    boolean update(Fence fence, FenceState state, String note, Right right);
}
