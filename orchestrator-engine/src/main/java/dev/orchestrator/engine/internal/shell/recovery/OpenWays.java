package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.shell.execution.ProcedureRunner;
import dev.orchestrator.spi.Guard;
import dev.orchestrator.spi.Ticker;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the way to the replicas of a failed server while the backend is still being asked, by a command that changes
 * nothing: a new connection takes as long as the whole decision.
 */
final class OpenWays {
    private static final Logger log = LoggerFactory.getLogger(OpenWays.class);

    private final ProcedureRunner.Commands servers;
    private final Ticker ticker;
    private final Executor threads;

    OpenWays(ProcedureRunner.Commands servers, Ticker ticker, Executor threads) {
        this.servers = servers;
        this.ticker = ticker;
        this.threads = threads;
    }

    /** Begins; never waits. */
    void open(InstanceKey failed, Fleet fleet) {
        fleet.replicasOf(failed).stream()
                .filter(FleetMember::isReachable)
                .flatMap(m -> m.facts().stream())
                .forEach(i -> threads.execute(() -> open(i)));
    }

    private void open(Instance replica) {
        Guard guard = new Guard(replica.serverUuid(), ticker.nanos() + Gatekeeper.READ.toNanos());
        InstanceCommand nothing = new InstanceCommand.AwaitExecuted(GtidSet.empty());
        try {
            servers.command(replica.key(), guard, nothing, Gatekeeper.READ);
        } catch (OrchestratorException e) {
            log.atDebug().addKeyValue("instance", replica.key()).setCause(e).log("no connection in advance");
        }
    }
}
