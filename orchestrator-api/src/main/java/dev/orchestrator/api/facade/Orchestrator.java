package dev.orchestrator.api.facade;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.CancelOutcome;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.LeaderElection;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.RunningChange;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.event.OrchestratorListener;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.recovery.RecoveryOutcome;
import dev.orchestrator.api.recovery.RecoveryRequest;
import java.util.List;
import java.util.Optional;

/**
 * An orchestrator: one node on a backend. Built by {@code OrchestratorEngine.builder()}; does nothing by itself until
 * started. Thread-safe. Methods that reach servers or the backend block.
 */
public interface Orchestrator extends AutoCloseable {
    /**
     * Starts standing for election; once leading, polls all servers and recovers. Returns at once.
     */
    void start();

    /**
     * Reads an instance now and follows its sources and replicas until the whole topology is known.
     *
     * @param seed where to begin
     * @param actor who asks
     * @return the seed as it was seen
     * @throws OrchestratorException with {@code INSTANCE_UNREACHABLE} when the seed does not answer
     */
    FleetMember discover(InstanceKey seed, Actor actor);

    /**
     * Forgets an instance and keeps it from being discovered for a few poll intervals.
     *
     * @param key the instance, exactly
     * @param actor who asks
     * @return whether it was known
     */
    boolean forget(InstanceKey key, Actor actor);

    /**
     * All servers as last seen: on the leader from memory, elsewhere from the backend.
     *
     * @return the snapshot
     */
    Fleet fleet();

    /**
     * Finds a cluster by its id, name or alias, or by a member's key.
     *
     * @param hint what an operator wrote
     * @throws OrchestratorException with {@code UNKNOWN_CLUSTER} when nothing fits
     */
    Cluster cluster(String hint);

    /**
     * What is wrong, at this moment.
     *
     * @return a finding for every instance with a problem or a warning
     */
    List<FailureAnalysis> analyses();

    /**
     * What would be done about a failed instance if it were ordered now. Changes nothing.
     *
     * @param request the order
     * @return the decision, with the plan or the reason why not
     */
    Decision planRecovery(RecoveryRequest request);

    /**
     * Why nothing was, or what was, decided last about an instance by the automatic recovery of this node.
     *
     * @param key the instance
     * @return empty when there was nothing to decide
     */
    Optional<Decision> lastDecision(InstanceKey key);

    /**
     * Recovers a failed instance by an operator's order: configuration filters, downtime, the anti-flapping block and the
     * global switch do not hold it up, locks do. Blocks until it is done.
     *
     * @param request the order
     * @return what came of it
     */
    RecoveryOutcome recover(RecoveryRequest request);

    /**
     * Changes of living topologies by operators' orders.
     *
     * @return plans and runs them
     */
    Operations operations();

    /** Maintenance locks. */
    MaintenanceLocks maintenance();

    /**
     * Leadership.
     *
     * @return this node's part in the election
     */
    LeaderElection leaderElection();

    /** Downtimes of servers. */
    Downtimes downtimes();

    /** Promotion rules of servers. */
    PromotionRules promotionRules();

    /** The global switch of automatic recoveries. */
    RecoverySwitch recoverySwitch();

    /** Aliases of clusters. */
    ClusterAliases clusterAliases();

    /** Recoveries that are remembered. */
    Recoveries recoveries();

    /**
     * The audit trail.
     *
     * @return the trail
     */
    AuditLog audit();

    /** Pools. */
    Pools pools();

    /** Services and commands at work. */
    Nodes nodes();

    /**
     * Everything operators want at present, read at once: who shows many servers asks the backend only this.
     *
     * @return what is in force
     */
    Intents intents();

    /**
     * The former primaries that must not be written.
     *
     * @return the fences that hold
     */
    List<Fence> fences();

    /**
     * The operations and recoveries that are being made at present, by any node.
     *
     * @return in the order they began
     */
    List<RunningChange> running();

    /**
     * Asks a running change to stop, wherever it runs, and waits up to three seconds for what it makes of that: what it
     * did is put back, or, once its record names a successor, it goes on to its end.
     *
     * @param uid its identity
     * @param by who asks
     * @return what it does; it goes on doing it
     * @throws OrchestratorException with {@code INVALID_INPUT} when no such change is running
     */
    CancelOutcome cancel(String uid, Actor by);

    /**
     * What kind of backend this is and where, for people; without secrets.
     *
     * @return such as {@code mysql at db:3306/orchestrator}
     */
    String backendDescription();

    /**
     * The settings.
     *
     * @return the configuration this orchestrator was built with
     */
    OrchestratorConfig config();

    /**
     * Adds a listener.
     *
     * @param listener told what happens
     * @return a handle that removes it
     */
    Registration addListener(OrchestratorListener listener);

    /**
     * Stops detecting, begins no change any more, and lets those that run (recoveries, switchovers, operations) come to
     * their end, or be taken back where that is still possible, for ten seconds. What runs still is left as it is: its
     * record stays active, and whoever leads next goes on with it. Then releases locks and the lease, and frees what was
     * made here. Idempotent.
     */
    @Override
    void close();

    /** A registered listener. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
