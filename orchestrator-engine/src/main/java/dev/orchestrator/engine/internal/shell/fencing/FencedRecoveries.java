package dev.orchestrator.engine.internal.shell.fencing;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.engine.internal.core.record.DataLoss;
import dev.orchestrator.spi.Right;

/** The recoveries behind fences, and what is decided about fenced servers. */
public interface FencedRecoveries {
    /**
     * Completes the record of a recovery with what the former primary turned out to hold alone.
     *
     * @param fence its fence
     * @param losses what is missing in the primary
     * @param held what the primary holds
     * @param right by what right
     */
    void complete(Fence fence, DataLoss losses, GtidSet held, Right right);

    /**
     * Says why nothing is done about a finding, once per change of the reason: in the audit, the log and as the last
     * decision about that server.
     *
     * @param key the server
     * @param clusterName its cluster's name
     * @param decision the refusal
     */
    void notActedOn(InstanceKey key, String clusterName, Decision decision);
}
