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

/**
 * Something that happened. Who wants one kind of it asks {@code event instanceof PrimaryChanged change}; who tells kinds
 * apart gives an answer for {@link #match each} of them, or for {@link SomeEvents some}.
 */
public sealed interface OrchestratorEvent {
    /**
     * Tells the kinds apart.
     *
     * @param cases what to answer for each
     * @param <T> what is answered
     * @return the answer for this one
     */
    <T> T match(Cases<T> cases);

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
     */
    record InstanceDiscovered(Instant at, InstanceKey instance, Cluster cluster) implements OrchestratorEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.instanceDiscovered(this);
        }
    }

    /**
     * A server was removed from the fleet.
     *
     * @param at when
     * @param instance the server
     */
    record InstanceForgotten(Instant at, InstanceKey instance) implements OrchestratorEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.instanceForgotten(this);
        }
    }

    /**
     * A server stopped answering.
     *
     * @param at when
     * @param instance the server
     * @param failure how the first poll failed
     */
    record InstanceLost(Instant at, InstanceKey instance, ProbeFailure failure) implements OrchestratorEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.instanceLost(this);
        }
    }

    /**
     * A server answers again.
     *
     * @param at when
     * @param instance the server
     */
    record InstanceBack(Instant at, InstanceKey instance) implements OrchestratorEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.instanceBack(this);
        }
    }

    /**
     * A server is suspected: its sentinel felt something.
     *
     * @param at when
     * @param instance the server
     * @param sign what was felt, for people
     */
    record InstanceSuspected(Instant at, InstanceKey instance, String sign) implements OrchestratorEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.instanceSuspected(this);
        }
    }

    /**
     * The finding about an instance changed.
     *
     * @param at when
     * @param analysis the new finding
     */
    record AnalysisChanged(Instant at, FailureAnalysis analysis) implements OrchestratorEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.analysisChanged(this);
        }
    }

    /**
     * It was decided whether to do something about a problem. Told when the answer changes.
     *
     * @param at when
     * @param instance the instance with the problem
     * @param decision the decision with its reasons
     */
    record DecisionMade(Instant at, InstanceKey instance, Decision decision) implements OrchestratorEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.decisionMade(this);
        }
    }

    /**
     * A recovery began.
     *
     * @param at when
     * @param recovery its record
     */
    record RecoveryStarted(Instant at, RecoveryRecord recovery) implements OrchestratorEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.recoveryStarted(this);
        }
    }

    /**
     * A step of a recovery began or ended.
     *
     * @param at when
     */
    record RecoveryStepped(Instant at, RecoveryStepRecord step) implements OrchestratorEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.recoveryStepped(this);
        }
    }

    /**
     * A recovery has promoted a server and proven that it is writable: the moment to lead writers there. Its other
     * replicas may still be on their way to it. May be told again by a node that finishes another one's recovery. Where
     * that node has to give up a switchover whose successor was told already, the successor of this record is the former
     * primary, which takes writes again.
     *
     * @param at when
     * @param recovery its record so far, with the successor
     */
    record PrimaryPromoted(Instant at, RecoveryRecord recovery) implements OrchestratorEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.primaryPromoted(this);
        }
    }

    /**
     * A recovery ended on this node.
     *
     * @param at when
     * @param recovery its record; still {@link RecoveryRecord#isActive() active} when this node lost the right to act:
     *     whoever leads goes on with it
     */
    record RecoveryEnded(Instant at, RecoveryRecord recovery) implements OrchestratorEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.recoveryEnded(this);
        }
    }

    /**
     * A cluster has another primary, and the snapshot of the fleet shows it. Told once per change; of a change that a
     * recovery brought, after that recovery's {@link PrimaryPromoted}.
     *
     * @param at when
     * @param former the former primary, null when there was none
     * @param primary the primary now, null when there is none
     */
    record PrimaryChanged(
            Instant at,
            ClusterId cluster,
            @Nullable InstanceKey former,
            @Nullable InstanceKey primary) implements OrchestratorEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.primaryChanged(this);
        }
    }

    /**
     * This node became or ceased to be the leader. May be told late.
     *
     * @param at when
     * @param leading whether it leads
     * @param epoch the epoch of the leadership gained or lost
     */
    record LeadershipChanged(Instant at, boolean leading, long epoch) implements OrchestratorEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.leadershipChanged(this);
        }
    }

    /**
     * The backend was lost, or is back.
     *
     * @param at when
     * @param available whether it answers
     * @param message what happened, for people
     */
    record BackendChanged(Instant at, boolean available, String message) implements OrchestratorEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.backendChanged(this);
        }
    }

    /**
     * One answer for each kind: a kind that is added does not compile before everybody has one for it.
     *
     * @param <T> what is answered
     */
    interface Cases<T> {
        /**
         * The answer for {@link InstanceDiscovered}.
         *
         * @param it the event
         * @return the answer
         */
        T instanceDiscovered(InstanceDiscovered it);

        /**
         * The answer for {@link InstanceForgotten}.
         *
         * @param it the event
         * @return the answer
         */
        T instanceForgotten(InstanceForgotten it);

        /**
         * The answer for {@link InstanceLost}.
         *
         * @param it the event
         * @return the answer
         */
        T instanceLost(InstanceLost it);

        /**
         * The answer for {@link InstanceBack}.
         *
         * @param it the event
         * @return the answer
         */
        T instanceBack(InstanceBack it);

        /**
         * The answer for {@link InstanceSuspected}.
         *
         * @param it the event
         * @return the answer
         */
        T instanceSuspected(InstanceSuspected it);

        /**
         * The answer for {@link AnalysisChanged}.
         *
         * @param it the event
         * @return the answer
         */
        T analysisChanged(AnalysisChanged it);

        /**
         * The answer for {@link DecisionMade}.
         *
         * @param it the event
         * @return the answer
         */
        T decisionMade(DecisionMade it);

        /**
         * The answer for {@link RecoveryStarted}.
         *
         * @param it the event
         * @return the answer
         */
        T recoveryStarted(RecoveryStarted it);

        /**
         * The answer for {@link RecoveryStepped}.
         *
         * @param it the event
         * @return the answer
         */
        T recoveryStepped(RecoveryStepped it);

        /**
         * The answer for {@link PrimaryPromoted}.
         *
         * @param it the event
         * @return the answer
         */
        T primaryPromoted(PrimaryPromoted it);

        /**
         * The answer for {@link RecoveryEnded}.
         *
         * @param it the event
         * @return the answer
         */
        T recoveryEnded(RecoveryEnded it);

        /**
         * The answer for {@link PrimaryChanged}.
         *
         * @param it the event
         * @return the answer
         */
        T primaryChanged(PrimaryChanged it);

        /**
         * The answer for {@link LeadershipChanged}.
         *
         * @param it the event
         * @return the answer
         */
        T leadershipChanged(LeadershipChanged it);

        /**
         * The answer for {@link BackendChanged}.
         *
         * @param it the event
         * @return the answer
         */
        T backendChanged(BackendChanged it);
    }
}
