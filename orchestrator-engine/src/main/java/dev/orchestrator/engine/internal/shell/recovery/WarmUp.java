package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import dev.orchestrator.engine.internal.core.recovery.Preview;
import dev.orchestrator.engine.internal.core.recovery.Procedures;
import dev.orchestrator.engine.internal.core.recovery.RecoveryScope;
import dev.orchestrator.engine.internal.core.simulation.RehearsalCluster;
import dev.orchestrator.engine.internal.shell.execution.DryRunner;
import dev.orchestrator.engine.internal.shell.schedule.Clocks;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Runs a whole recovery once, dry, when a process starts: the first failover of a process is usually its only one, and
 * loading and linking all that it needs would cost the outage a quarter of a second. Touches no server and no backend,
 * tells nobody.
 */
final class WarmUp {
    private final OrchestratorConfig config;
    private final Clocks clocks;
    private final Executor threads;

    WarmUp(OrchestratorConfig config, Clocks clocks, Executor threads) {
        this.config = config;
        this.clocks = clocks;
        this.threads = threads;
    }

    /** Runs it; whether it came to its happy end. */
    boolean run() {
        Fleet fleet = RehearsalCluster.at(clocks.instant());
        Terms terms = RecoveryScope.of(fleet, RehearsalCluster.PRIMARY, Map.of(), Map.of(), null, true, config);
        Preview preview = Preview.of("warm up", Procedures.deadPrimary(), terms, fleet, clocks.instant());
        return preview.result().succeeded()
                && new DryRunner(clocks, threads).run(Procedures.deadPrimary(), preview.begin());
    }
}
