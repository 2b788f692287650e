package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.simulation.RehearsalCluster;
import dev.orchestrator.engine.internal.shell.execution.RecoveryPorts;
import dev.orchestrator.spi.Right;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the real backend once what a recovery asks of it, for a cluster that does not exist and under a lease that nobody
 * holds: every write is refused, and nothing is stored. The stage of {@link Rehearsal} has no backend.
 */
final class BackendRehearsal {
    private static final Logger log = LoggerFactory.getLogger(BackendRehearsal.class);

    private final RecoveryPorts ports;

    BackendRehearsal(RecoveryPorts ports) {
        this.ports = ports;
    }

    void play() {
        Right expired = RehearsalCluster.noRight();
        RecoveryRecord record =
                RehearsalCluster.record(ports.automatic(), ports.clocks().instant());
        try {
            ports.intents().read();
            ports.locks().active();
            ports.recoveries().blocking(record.cluster(), ports.config().recoveryBlockPeriod());
            ports.recoveries().register(record, expired);
            ports.recoveries().update(record, expired);
            ports.fences().standing();
            ports.fences().add(RehearsalCluster.fence(record), expired);
        } catch (OrchestratorException e) {
            log.atDebug().setCause(e).log("the backend does not answer: the first recovery will be slower");
        }
    }
}
