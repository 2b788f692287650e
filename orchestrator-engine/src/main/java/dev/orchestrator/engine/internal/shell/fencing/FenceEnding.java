package dev.orchestrator.engine.internal.shell.fencing;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.engine.internal.core.fencing.FenceView;
import dev.orchestrator.engine.internal.core.fencing.Rebuilding;
import dev.orchestrator.engine.internal.shell.execution.Authority;
import dev.orchestrator.engine.internal.shell.execution.RecoveryPorts;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a fence around which people rebuilt the topology. Under the locks of the two servers and with the cluster's slot
 * free, so that nobody is promoted between the last look and the end.
 */
final class FenceEnding {
    private static final Logger log = LoggerFactory.getLogger(FenceEnding.class);
    private static final Duration READ = Duration.ofSeconds(1);

    private final RecoveryPorts ports;
    private final Authority right;

    FenceEnding(RecoveryPorts ports, Authority right) {
        this.ports = ports;
        this.right = right;
    }

    /** Returns what people are told when it ended. */
    Optional<String> end(FenceView view) {
        String purpose = "ending the fence of " + view.fence().instance() + ": the topology was rebuilt";
        try (MaintenanceLock lock = ports.locks().acquire(view.both(), ports.automatic(), purpose)) {
            Fleet fleet = ports.fleet().refresh(view.everybody(), READ);
            Rebuilding now = Rebuilding.in(new FenceView(view.fence(), fleet, view.recovery()));
            if (!now.isSeen()) {
                return Optional.empty();
            }
            lock.check();
            String note = now.note(view.fence());
            return ports.fences().end(view.fence(), note, right.right()) ? Optional.of(note) : Optional.empty();
        } catch (OrchestratorException e) {
            if (e.code() != ErrorCode.LOCKED && e.code() != ErrorCode.LOCK_LOST) {
                throw e;
            }
            log.atInfo()
                    .addKeyValue("instance", view.fence().instance())
                    .addKeyValue("why", e.getMessage())
                    .log("its fence cannot end yet");
            return Optional.empty();
        }
    }
}
