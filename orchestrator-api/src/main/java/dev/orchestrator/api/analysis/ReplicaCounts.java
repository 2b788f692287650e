package dev.orchestrator.api.analysis;

/**
 * The direct replicas of an analysed instance, counted.
 *
 * @param total all of them
 * @param reachable those whose last poll succeeded
 * @param replicating reachable ones with both threads at work
 * @param failingToConnect reachable ones whose receiver cannot connect
 * @param lagging reachable ones that lag beyond the threshold
 * @param delayed reachable ones with an intended delay
 * @param downtimed those in downtime
 * @param logging reachable ones that log what they apply
 * @param statementLogging logging ones with statement format
 * @param mixedLogging logging ones with mixed format
 * @param rowLogging logging ones with row format
 * @param semiSyncEnabled reachable ones with the acknowledging side on
 * @param majorVersions number of distinct major versions among the logging ones
 */
public record ReplicaCounts(
        int total,
        int reachable,
        int replicating,
        int failingToConnect,
        int lagging,
        int delayed,
        int downtimed,
        int logging,
        int statementLogging,
        int mixedLogging,
        int rowLogging,
        int semiSyncEnabled,
        int majorVersions) {}
