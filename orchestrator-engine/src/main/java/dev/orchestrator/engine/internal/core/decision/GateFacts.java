package dev.orchestrator.engine.internal.core.decision;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the gates look at.
 *
 * @param instance the instance that is to be recovered
 * @param analysis what was found about it on the latest reading, null for nothing
 * @param fleet the snapshot the finding was made on
 * @param config the settings
 * @param automatic whether nobody ordered it
 * @param leading whether this node leads
 * @param now the present, for what is said about times
 * @param backend what the backend said, null when it was not asked yet: the gates that need it are then not asked
 */
public record GateFacts(
        InstanceKey instance,
        @Nullable FailureAnalysis analysis,
        Fleet fleet,
        OrchestratorConfig config,
        boolean automatic,
        boolean leading,
        Instant now,
        @Nullable BackendFacts backend) {
    /**
     * What the backend said.
     *
     * @param intents what operators want
     * @param blocking all recoveries that may still block another one, the newest first
     * @param failedAttempts how many recoveries of the cluster failed, one after the other, up to that one
     * @param active the recovery of the cluster that is under way, null for none
     * @param lock the lock that stands in the way, null for none
     * @param fences the fences that stand
     */
    public record BackendFacts(
            Intents intents,
            List<RecoveryRecord> blocking,
            int failedAttempts,
            @Nullable RecoveryRecord active,
            @Nullable LockInfo lock,
            List<Fence> fences) {
        private static final int RECENT = 20;

        /**
         * Which recoveries are read for it beside those that may block: so many are enough to count failures.
         *
         * @param cluster the cluster
         * @return its latest recoveries
         */
        public static RecoveryFilter recent(ClusterId cluster) {
            return new RecoveryFilter(null, null, cluster, null, null, false, false, 0, RECENT);
        }

        /**
         * Counts and picks out of what was read.
         *
         * @param stored what was read
         * @param type what kind of recovery is to be begun
         * @param failed of which instance
         * @param lock the lock that stands in the way, null for none
         * @return the facts
         */
        public static BackendFacts of(Stored stored, RecoveryType type, InstanceKey failed, @Nullable LockInfo lock) {
            List<RecoveryRecord> recent = stored.recent();
            RecoveryType.BlockScope scope = type.blockScope();
            boolean alone = scope == RecoveryType.BlockScope.INSTANCE;
            RecoveryRecord active =
                    recent.stream().filter(RecoveryRecord::isActive).findFirst().orElse(null);
            int failures = (int) recent.stream()
                    .filter(r -> !r.isActive() && r.type().blockScope() == scope)
                    .filter(r -> !alone || r.failed().equals(failed))
                    .takeWhile(r -> !r.successful() && !r.acknowledged())
                    .count();
            return new BackendFacts(stored.intents(), stored.blocking(), failures, active, lock, stored.fences());
        }
    }

    /**
     * The same facts with what the backend said.
     *
     * @param said what it said
     * @return new facts
     */
    public GateFacts with(BackendFacts said) {
        return new GateFacts(instance, analysis, fleet, config, automatic, leading, now, said);
    }
}
