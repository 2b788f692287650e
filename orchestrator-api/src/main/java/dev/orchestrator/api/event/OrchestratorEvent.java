package dev.orchestrator.api.event;

import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something that happened. */
public sealed interface OrchestratorEvent {
    /**
     * When it was noticed.
     *
     * @return wall-clock time of this process
     */
    Instant at();

    /**
     * A server was added to the fleet.
     *
     * @param at when
     * @param instance the server
     * @param cluster its cluster
     */
    record InstanceDiscovered(Instant at, InstanceKey instance, Cluster cluster) implements OrchestratorEvent {}

    /**
     * A server was removed from the fleet.
     *
     * @param at when
     * @param instance the server
     */
    record InstanceForgotten(Instant at, InstanceKey instance) implements OrchestratorEvent {}

    /**
     * A server stopped answering.
     *
     * @param at when
     * @param instance the server
     * @param failure how the first poll failed
     */
    record InstanceLost(Instant at, InstanceKey instance, ProbeFailure failure) implements OrchestratorEvent {}

    /**
     * A server answers again.
     *
     * @param at when
     * @param instance the server
     */
    record InstanceBack(Instant at, InstanceKey instance) implements OrchestratorEvent {}

    /**
     * A server is suspected: its sentinel felt something.
     *
     * @param at when
     * @param instance the server
     * @param sign what was felt, for people
     */
    record InstanceSuspected(Instant at, InstanceKey instance, String sign) implements OrchestratorEvent {}

    /**
     * The finding about an instance changed.
     *
     * @param at when
     * @param analysis the new finding
     */
    record AnalysisChanged(Instant at, FailureAnalysis analysis) implements OrchestratorEvent {}

    /**
     * It was decided whether to do something about a problem. Told when the answer changes.
     *
     * @param at when
     * @param instance the instance with the problem
     * @param decision the decision with its reasons
     */
    record DecisionMade(Instant at, InstanceKey instance, Decision decision) implements OrchestratorEvent {}

    /**
     * A recovery began.
     *
     * @param at when
     * @param recovery its record
     */
    record RecoveryStarted(Instant at, RecoveryRecord recovery) implements OrchestratorEvent {}

    /**
     * A step of a recovery began or ended.
     *
     * @param at when
     * @param step the step
     */
    record RecoveryStepped(Instant at, RecoveryStepRecord step) implements OrchestratorEvent {}

    /**
     * A recovery has promoted a server and proven that it is writable: the moment to lead writers there. Its other
     * replicas may still be on their way to it. May be told again by a node that finishes another one's recovery.
     *
     * @param at when
     * @param recovery its record so far, with the successor
     */
    record PrimaryPromoted(Instant at, RecoveryRecord recovery) implements OrchestratorEvent {}

    /**
     * A recovery ended.
     *
     * @param at when
     * @param recovery its record
     */
    record RecoveryEnded(Instant at, RecoveryRecord recovery) implements OrchestratorEvent {}

    /**
     * A cluster has another primary, and the picture of the fleet shows it. Told once per change; of a change that a
     * recovery brought, after that recovery's {@link PrimaryPromoted}.
     *
     * @param at when
     * @param cluster the cluster
     * @param former the former primary, null when there was none
     * @param primary the primary now, null when there is none
     */
    record PrimaryChanged(
            Instant at,
            ClusterId cluster,
            @Nullable InstanceKey former,
            @Nullable InstanceKey primary) implements OrchestratorEvent {}

    /**
     * This node became or ceased to be the leader. May be told late.
     *
     * @param at when
     * @param leading whether it leads
     * @param epoch the epoch of the leadership gained or lost
     */
    record LeadershipChanged(Instant at, boolean leading, long epoch) implements OrchestratorEvent {}

    /**
     * The backend was lost, or is back.
     *
     * @param at when
     * @param available whether it answers
     * @param message what happened, for people
     */
    record BackendChanged(Instant at, boolean available, String message) implements OrchestratorEvent {}
}
