package dev.orchestrator.api.event;

import dev.orchestrator.api.event.OrchestratorEvent.AnalysisChanged;
import dev.orchestrator.api.event.OrchestratorEvent.BackendChanged;
import dev.orchestrator.api.event.OrchestratorEvent.DecisionMade;
import dev.orchestrator.api.event.OrchestratorEvent.InstanceBack;
import dev.orchestrator.api.event.OrchestratorEvent.InstanceDiscovered;
import dev.orchestrator.api.event.OrchestratorEvent.InstanceForgotten;
import dev.orchestrator.api.event.OrchestratorEvent.InstanceLost;
import dev.orchestrator.api.event.OrchestratorEvent.InstanceSuspected;
import dev.orchestrator.api.event.OrchestratorEvent.LeadershipChanged;
import dev.orchestrator.api.event.OrchestratorEvent.PrimaryChanged;
import dev.orchestrator.api.event.OrchestratorEvent.PrimaryPromoted;
import dev.orchestrator.api.event.OrchestratorEvent.RecoveryEnded;
import dev.orchestrator.api.event.OrchestratorEvent.RecoveryStarted;
import dev.orchestrator.api.event.OrchestratorEvent.RecoveryStepped;

/**
 * An answer of their own for some kinds of events, and one for all others, also for those that are added later.
 *
 * @param <T> what is answered
 */
public interface SomeEvents<T> extends OrchestratorEvent.Cases<T> {
    /**
     * The answer for every kind that has none of its own.
     *
     * @return the answer
     */
    T otherwise(OrchestratorEvent event);

    @Override
    default T instanceDiscovered(InstanceDiscovered it) {
        return otherwise(it);
    }

    @Override
    default T instanceForgotten(InstanceForgotten it) {
        return otherwise(it);
    }

    @Override
    default T instanceLost(InstanceLost it) {
        return otherwise(it);
    }

    @Override
    default T instanceBack(InstanceBack it) {
        return otherwise(it);
    }

    @Override
    default T instanceSuspected(InstanceSuspected it) {
        return otherwise(it);
    }

    @Override
    default T analysisChanged(AnalysisChanged it) {
        return otherwise(it);
    }

    @Override
    default T decisionMade(DecisionMade it) {
        return otherwise(it);
    }

    @Override
    default T recoveryStarted(RecoveryStarted it) {
        return otherwise(it);
    }

    @Override
    default T recoveryStepped(RecoveryStepped it) {
        return otherwise(it);
    }

    @Override
    default T primaryPromoted(PrimaryPromoted it) {
        return otherwise(it);
    }

    @Override
    default T recoveryEnded(RecoveryEnded it) {
        return otherwise(it);
    }

    @Override
    default T primaryChanged(PrimaryChanged it) {
        return otherwise(it);
    }

    @Override
    default T leadershipChanged(LeadershipChanged it) {
        return otherwise(it);
    }

    @Override
    default T backendChanged(BackendChanged it) {
        return otherwise(it);
    }
}
