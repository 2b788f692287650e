package dev.orchestrator.engine.internal.core.analysis;

import dev.orchestrator.api.config.OrchestratorConfig;
import java.time.Duration;

/**
 * What the analysis takes for long, old or wrong.
 *
 * @param lagThreshold above this a replica counts as lagging
 * @param readingLimit a reading older than this says nothing about the present
 * @param refutationHolds how long a receiver test that found the source alive stands against all other signs
 * @param lockedSemiSyncAfter how long a primary's binary log stands still before it is believed to be locked
 * @param enforceExactSemiSyncReplicas whether more semi-sync replicas than wanted are a problem
 * @param recoverNonWriteablePrimary whether a read-only primary is a problem rather than a warning
 */
public record AnalysisPolicy(
        Duration lagThreshold,
        Duration readingLimit,
        Duration refutationHolds,
        Duration lockedSemiSyncAfter,
        boolean enforceExactSemiSyncReplicas,
        boolean recoverNonWriteablePrimary) {
    private static final Duration REFUTATION_HOLDS = Duration.ofSeconds(30);

    /**
     * The policy that a configuration asks for.
     *
     * @param config the configuration
     * @return the policy
     */
    public static AnalysisPolicy of(OrchestratorConfig config) {
        return new AnalysisPolicy(
                config.lagThreshold(),
                config.pollInterval().plus(config.pollTimeout()).plus(Duration.ofSeconds(1)),
                REFUTATION_HOLDS,
                config.lagThreshold(),
                false,
                false);
    }
}
