package dev.orchestrator.examples.spring;

import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.event.OrchestratorEvent.PrimaryPromoted;
import dev.orchestrator.api.event.OrchestratorEvent.RecoveryEnded;
import dev.orchestrator.api.event.OrchestratorEvent.RecoveryStarted;
import dev.orchestrator.api.event.OrchestratorListener;
import dev.orchestrator.api.event.SomeEvents;
import dev.orchestrator.api.recovery.RecoveryRecord;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line in the log when a recovery begins, has promoted a server, and ends. */
final class RecoveryLog implements OrchestratorListener, SomeEvents<Optional<String>> {
    private static final Logger LOG = LoggerFactory.getLogger(RecoveryLog.class);

    @Override
    public void onEvent(OrchestratorEvent event) {
        event.match(this).ifPresent(LOG::info);
    }

    @Override
    public Optional<String> recoveryStarted(RecoveryStarted it) {
        return line(it.recovery(), "begins: " + it.recovery().analysis());
    }

    /** The moment to lead the application's own writers to the new primary. */
    @Override
    public Optional<String> primaryPromoted(PrimaryPromoted it) {
        return line(it.recovery(), "has promoted " + it.recovery().successor());
    }

    @Override
    public Optional<String> recoveryEnded(RecoveryEnded it) {
        RecoveryRecord recovery = it.recovery();
        if (recovery.isActive()) {
            return line(recovery, "is left to the next leader");
        }
        return line(recovery, recovery.successful() ? "has succeeded" : "has failed: " + recovery.errors());
    }

    @Override
    public Optional<String> otherwise(OrchestratorEvent event) {
        return Optional.empty();
    }

    private static Optional<String> line(RecoveryRecord recovery, String what) {
        return Optional.of("recovery " + recovery.uid() + " cluster=" + recovery.clusterAlias() + " of "
                + recovery.failed() + " " + what);
    }
}
