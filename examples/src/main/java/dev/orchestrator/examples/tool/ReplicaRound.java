package dev.orchestrator.examples.tool;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.LeaderElection;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The job: one replica after the other, each under its maintenance lock, so that no operation of anybody else changes it
 * meanwhile. The locks are short: a recovery that needs the replica waits for them.
 */
final class ReplicaRound implements Runnable {
    private final Orchestrator orchestrator;
    private final LeaderElection job;
    private final Actor actor;
    private final Consumer<String> out;

    /**
     * Makes one.
     *
     * @param orchestrator knows the servers and the locks
     * @param job whether it is this host's turn
     * @param actor in whose name the locks are taken
     * @param out takes what is reported
     */
    ReplicaRound(Orchestrator orchestrator, LeaderElection job, Actor actor, Consumer<String> out) {
        this.orchestrator = orchestrator;
        this.job = job;
        this.actor = actor;
        this.out = out;
    }

    @Override
    public void run() {
        try {
            if (isOurs()) {
                report(orchestrator.fleet());
            }
        } catch (OrchestratorException e) {
            // Such as a backend that is away. The next round tries again; a timer would not, after an exception.
            out.accept("round ended early (" + e.code() + "): " + e.getMessage());
        }
    }

    /** Certain for this moment only: asked again before each replica. */
    private boolean isOurs() {
        return job.standing() == LeaderElection.Standing.LEADING;
    }

    private void report(Fleet fleet) {
        List<FleetMember> replicas = fleet.members().stream()
                .filter(m -> m.facts().flatMap(Instance::mainChannel).isPresent())
                .sorted(Comparator.comparing(FleetMember::key))
                .toList();
        for (FleetMember replica : replicas) {
            if (!isOurs()) {
                return;
            }
            visit(fleet, replica);
        }
    }

    private void visit(Fleet fleet, FleetMember replica) {
        try (MaintenanceLock lock = orchestrator.maintenance().acquire(List.of(replica.key()), actor, "report")) {
            String report = ReplicaSummary.of(fleet, replica).line();
            // A job that changes a server asks this before each change: a lock can run out, or be ended by an operator.
            lock.check();
            out.accept(report);
        } catch (OrchestratorException e) {
            if (e.code() != ErrorCode.LOCKED) {
                throw e;
            }
            out.accept(replica.key() + " skipped: " + e.getMessage());
        }
    }
}
