package dev.orchestrator.spi;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Recoveries: the slot that allows one at a time per cluster, the record, its steps and acknowledgements. */
public interface RecoveryStore {
    /**
     * Registers a recovery, which takes its cluster's slot.
     *
     * @param recovery the record as it begins
     * @param right by what right it is done; refused when it has ended
     * @return whether it was registered, or why not
     */
    Registration register(RecoveryRecord recovery, Right right);

    /**
     * Writes the record's present state, if its version is greater than that of the state that is there. Ends the slot when
     * the record says that it is over.
     *
     * @param recovery the record
     * @param right as in {@link #register}; who ended it, and any leader, may complete what has ended
     * @return false when the right has ended, somebody else has ended the recovery, or has written a later state of it:
     *     nothing was written
     */
    boolean update(RecoveryRecord recovery, Right right);

    /**
     * Writes one step, when it begins and again when it ends. A row that arrives late overwrites no later one.
     *
     * @param step the step; (recovery, number) identifies it
     */
    void saveStep(RecoveryStepRecord step);

    /**
     * Reads recoveries, the newest first.
     *
     * @param filter which
     */
    List<RecoveryRecord> find(RecoveryFilter filter);

    /**
     * Reads the steps of a recovery, in order.
     *
     * @param uid the recovery
     */
    List<RecoveryStepRecord> steps(String uid);

    /**
     * The recoveries that may still block another one of the same intermediate source: not acknowledged, and ended within
     * the period. They block nothing else.
     *
     * @param failed the intermediate source
     * @param period the anti-flapping period
     * @return all of them, the newest first: a late one that failed may block for a shorter time than an earlier one
     */
    List<RecoveryRecord> blockingIntermediate(InstanceKey failed, Duration period);

    /**
     * The recoveries of a cluster's primary that may still block another one: not acknowledged, and ended within the
     * period.
     *
     * @param period the anti-flapping period
     * @return all of them, the newest first
     */
    List<RecoveryRecord> blocking(ClusterId cluster, Duration period);

    /**
     * Finds what may keep a recovery from being begun: within its block scope, see {@link RecoveryType#blockScope()}.
     *
     * @param type what kind of recovery it would be
     * @param cluster of which cluster
     * @param failed of which instance
     * @param period how long a recovery blocks the next one
     * @return the newest first
     */
    default List<RecoveryRecord> blocking(RecoveryType type, ClusterId cluster, InstanceKey failed, Duration period) {
        return type.blockScope() == RecoveryType.BlockScope.INSTANCE
                ? blockingIntermediate(failed, period)
                : blocking(cluster, period);
    }

    /**
     * Acknowledges recoveries, which lifts their block.
     *
     * @param filter which; only those not yet acknowledged are
     * @param by who
     * @param comment why
     * @return how many
     */
    int acknowledge(RecoveryFilter filter, Actor by, String comment);

    /**
     * Removes records and their steps that ended longer ago than given.
     *
     * @param age how long ago
     * @return how many recoveries were removed
     */
    int purge(Duration age);

    /**
     * The answer to a registration.
     *
     * @param outcome what came of it
     * @param other the active recovery that holds the slot, null unless {@code CLUSTER_BUSY}
     */
    record Registration(Outcome outcome, @Nullable RecoveryRecord other) {
        /** What came of a registration. */
        public enum Outcome {
            /** The slot is ours. */
            REGISTERED,
            /** Another recovery of the cluster is active. */
            CLUSTER_BUSY,
            /** The right to do it has ended. */
            STALE_EPOCH
        }
    }
}
