package dev.orchestrator.bench.drill;

import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.testkit.ContinuousWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a drill, seen from outside.
 *
 * @param injuredAt when the primary was injured
 * @param recovery the orchestrator's own record
 * @param firstWriteAt when the application's first write was acknowledged by the new primary, null when none was
 * @param writable whether the new primary says that it is writable
 * @param replicating how many of the other replicas were seen to replicate from the new primary, and to apply its writes
 * @param repointedAfter how long after the promotion the last of them was seen to do so, null when not all did
 * @param acknowledged how many writes were acknowledged to the application
 * @param lost acknowledged writes the new primary does not have
 * @param unnamed those of the lost whose GTID the recovery's record does not name
 * @param fencedAfter how long after its return the former primary was seen to be super-read-only, null when it did not return
 */
public record DrillResult(
        Instant injuredAt,
        RecoveryRecord recovery,
        @Nullable Instant firstWriteAt,
        boolean writable,
        int replicating,
        @Nullable Duration repointedAfter,
        int acknowledged,
        List<ContinuousWriter.Write> lost,
        List<ContinuousWriter.Write> unnamed,
        @Nullable Duration fencedAfter) {
    DrillResult afterReturn(RecoveryRecord record, List<ContinuousWriter.Write> stillUnnamed, Duration fenced) {
        return new DrillResult(
                injuredAt,
                record,
                firstWriteAt,
                writable,
                replicating,
                repointedAfter,
                acknowledged,
                lost,
                stillUnnamed,
                fenced);
    }

    /**
     * From the injury to the new primary seen to be writable.
     *
     * @return null when none was promoted
     */
    public @Nullable Duration outage() {
        Instant promoted = recovery.promotedAt();
        return promoted == null ? null : Duration.between(injuredAt, promoted);
    }
}
