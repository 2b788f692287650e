package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.shell.execution.RecoveryPorts;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the real backend once what a recovery asks of it, for a cluster that does not exist and under a lease that nobody
 * holds: every write is refused, and nothing is stored. The stage of {@link Rehearsal} has no backend.
 */
final class BackendRehearsal {
    private static final Logger log = LoggerFactory.getLogger(BackendRehearsal.class);
    private static final String NOBODY = "rehearsal";

    private final RecoveryPorts ports;

    BackendRehearsal(RecoveryPorts ports) {
        this.ports = ports;
    }

    void play() {
        ClusterId nowhere = new ClusterId(NOBODY);
        Right expired = new Right.UnderLease(new Lease(NOBODY, NOBODY, NOBODY, 0, Duration.ofSeconds(1)));
        RecoveryRecord record = RecoveryRecord.builder(
                        NOBODY,
                        nowhere,
                        AnalysisCode.DEAD_PRIMARY,
                        new InstanceKey(NOBODY + ".invalid", InstanceKey.DEFAULT_PORT),
                        ports.automatic(),
                        ports.clocks().instant())
                .build();
        try {
            ports.intents().read();
            ports.locks().active();
            ports.recoveries().blocking(nowhere, ports.config().recoveryBlockPeriod());
            ports.recoveries().register(record, expired);
            ports.recoveries().update(record, expired);
            ports.fences().standing();
            ports.fences().add(fence(record), expired);
        } catch (OrchestratorException e) {
            log.atDebug().setCause(e).log("the backend does not answer: the first recovery will be slower");
        }
    }

    private static Fence fence(RecoveryRecord record) {
        return new Fence(
                NOBODY,
                record.failed(),
                record.cluster(),
                record.failed(),
                record.uid(),
                FenceState.PENDING,
                "",
                record.startedAt());
    }
}
