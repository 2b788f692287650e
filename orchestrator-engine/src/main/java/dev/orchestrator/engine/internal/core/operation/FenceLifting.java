package dev.orchestrator.engine.internal.core.operation;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.FenceOperation;
import dev.orchestrator.api.operation.WriteOperation;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.engine.internal.core.phase.LiftFence;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether an operator may lift the fence of a former primary. Lifting changes no server: the former primary stays read-only
 * until somebody makes it writable. But from then on nobody keeps it so, through a restart with other settings for
 * instance; therefore the cluster must have no other writer, unless the operator says that it does not matter.
 */
final class FenceLifting {
    private final Fleet fleet;
    private final OrchestratorConfig config;
    private final List<Fence> fences;
    private final String actor;

    FenceLifting(OperationContext context) {
        this.fleet = context.fleet();
        this.config = context.config();
        this.fences = context.fences();
        this.actor = context.actor();
    }

    /** The server, and who may be written in its cluster besides: to be read anew before the decision. */
    List<InstanceKey> concerned(InstanceKey server) {
        List<InstanceKey> keys = new ArrayList<>(List.of(server));
        fenceOf(server).map(this::others).ifPresent(keys::addAll);
        return keys;
    }

    /** The fence that stands on a server, by its identity, or by its name where the identity is not known. */
    private Optional<Fence> fenceOf(InstanceKey wanted) {
        InstanceKey key = fleet.canonical(wanted);
        Optional<String> uuid = fleet.member(key).flatMap(FleetMember::facts).map(Instance::serverUuid);
        return fences.stream()
                .filter(f -> f.state() != FenceState.LIFTED)
                .filter(f -> uuid.map(f.serverUuid()::equals)
                        .orElseGet(() -> fleet.canonical(f.instance()).equals(key)))
                .findFirst();
    }

    /** Members of the cluster of a fence, and the server that took over. */
    private List<InstanceKey> others(Fence fence) {
        Set<InstanceKey> keys = new LinkedHashSet<>();
        primary(fence).ifPresent(keys::add);
        fleet.membersOf(fence.cluster()).stream().map(FleetMember::key).forEach(keys::add);
        keys.remove(fleet.canonical(fence.instance()));
        return List.copyOf(keys);
    }

    PlannedOperation lift(InstanceKey server) {
        return propose(server, false);
    }

    PlannedOperation liftByForce(InstanceKey server) {
        return propose(server, true);
    }

    /** A procedure that changes no server, or the refusal. */
    private PlannedOperation propose(InstanceKey server, boolean forced) {
        Verdicts verdicts = new Verdicts();
        InstanceKey key = fleet.canonical(server);
        Optional<Fence> found = fenceOf(key);
        boolean fenced = verdicts.ask(
                "is it fenced",
                RefusalReason.NOT_FENCED,
                found.isPresent() ? Optional.empty() : Optional.of("no fence stands on " + key),
                found.map(f -> "it is a former primary: " + f.successor() + " took over at " + f.since())
                        .orElse(""));
        if (!fenced) {
            return PlannedOperation.refused(verdicts.answers());
        }
        Fence fence = found.get();
        Optional<String> writer = otherWriter(fence, key);
        boolean may = verdicts.ask(
                "would it be the only writer of its cluster",
                RefusalReason.OTHER_WRITER,
                writer.filter(w -> !forced)
                        .map(w -> w + "; with " + key + " free there could be two writers. "
                                + "If that does not matter, order " + FenceOperation.ForceLiftFence.TYPE.command()),
                writer.map(w -> "forced, although " + w).orElseGet(() -> whyNot(fence, key)));
        return may ? lifted(verdicts, fence, key) : PlannedOperation.refused(verdicts.answers());
    }

    private String whyNot(Fence fence, InstanceKey key) {
        return followed(fence, key)
                .map(s -> "it is a read-only replica of " + s + " and takes no writes")
                .orElse("no other server of it can be written");
    }

    private PlannedOperation lifted(Verdicts verdicts, Fence fence, InstanceKey key) {
        List<InstanceKey> touched = new ArrayList<>(List.of(key));
        // Locked too, so that no recovery and no switchover promotes somebody between the look and the action.
        primary(fence).filter(p -> !p.equals(key)).ifPresent(touched::add);
        Procedure procedure = new Procedure(
                "lift the fence of " + key,
                List.of(new LiftFence(fence, "lifted by " + actor + "; " + fence.note())),
                List.of());
        return new PlannedOperation(
                verdicts.answers(),
                new PlannedOperation.Work(
                        fence.cluster(),
                        procedure,
                        PlannedOperation.terms(fleet, key, key, config),
                        touched,
                        List.of(),
                        List.of("no server is changed: it stays as it is until "
                                + WriteOperation.SetWriteable.TYPE.command())));
    }

    private Optional<InstanceKey> primary(Fence fence) {
        return fleet.cluster(fence.cluster())
                .map(Cluster::primary)
                .or(() -> Optional.of(fence.successor()))
                .map(fleet::canonical);
    }

    /** Somebody who can be written; who is the primary and does not answer may be writable as well. */
    private Optional<String> otherWriter(Fence fence, InstanceKey fenced) {
        if (followed(fence, fenced).isPresent()) {
            return Optional.empty();
        }
        for (InstanceKey other : others(fence)) {
            Optional<Instance> facts =
                    fleet.member(other).filter(FleetMember::isReachable).flatMap(FleetMember::facts);
            if (facts.isEmpty() && primary(fence).filter(other::equals).isPresent()) {
                return Optional.of(other + " took over and does not answer: it may be writable");
            }
            if (facts.filter(Instance::isWritable).isPresent()) {
                return Optional.of(other + " is writable");
            }
        }
        return Optional.empty();
    }

    /**
     * The source of a read-only replica of its own cluster: such a one is free already, its fence is only not forgotten
     * yet.
     */
    private Optional<InstanceKey> followed(Fence fence, InstanceKey fenced) {
        return fleet.member(fenced)
                .filter(FleetMember::isReachable)
                .filter(m -> m.facts().filter(Instance::readOnly).isPresent())
                .flatMap(fleet::sourceOf)
                .filter(s -> s.cluster().equals(fence.cluster()))
                .map(FleetMember::key);
    }
}
