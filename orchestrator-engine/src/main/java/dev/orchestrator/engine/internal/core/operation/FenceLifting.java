package dev.orchestrator.engine.internal.core.operation;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.Operation.Kind;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.engine.internal.core.phase.LiftFence;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a person may lift the fence of a former primary. Lifting changes no server: the former primary stays read-only
 * until somebody makes it writable. But from then on nobody keeps it so, through a restart with other settings for
 * instance; therefore the cluster must have no other writer, unless the person says that it does not matter.
 */
public final class FenceLifting {
    private final Fleet fleet;
    private final OrchestratorConfig config;
    private final List<Fence> fences;

    /**
     * The rules on a picture.
     *
     * @param fleet the picture
     * @param config the settings
     * @param fences the fences that stand
     */
    public FenceLifting(Fleet fleet, OrchestratorConfig config, List<Fence> fences) {
        this.fleet = fleet;
        this.config = config;
        this.fences = List.copyOf(fences);
    }

    /**
     * The fence that stands on a server, by its identity, or by its name where the identity is not known.
     *
     * @param wanted the server
     * @return empty when there is none
     */
    public Optional<Fence> fenceOf(InstanceKey wanted) {
        InstanceKey key = fleet.canonical(wanted);
        Optional<String> uuid = fleet.member(key).flatMap(FleetMember::facts).map(Instance::serverUuid);
        return fences.stream()
                .filter(f -> f.state() != FenceState.LIFTED)
                .filter(f -> uuid.map(f.serverUuid()::equals)
                        .orElseGet(() -> fleet.canonical(f.instance()).equals(key)))
                .findFirst();
    }

    /**
     * Who may be written in the cluster of a fence besides the fenced server: to be read anew before the decision.
     *
     * @param fence the fence
     * @return the members of its cluster, and the server that took over
     */
    public List<InstanceKey> others(Fence fence) {
        Set<InstanceKey> keys = new LinkedHashSet<>();
        primary(fence).ifPresent(keys::add);
        fleet.membersOf(fence.cluster()).stream().map(FleetMember::key).forEach(keys::add);
        keys.remove(fleet.canonical(fence.instance()));
        return List.copyOf(keys);
    }

    /**
     * Plans to lift.
     *
     * @param wish to lift the fence of a server, or to do so by force
     * @param actor who wants it, for people
     * @return a procedure that changes no server, or the refusal
     */
    Proposal propose(Operation wish, String actor) {
        Verdicts verdicts = new Verdicts();
        InstanceKey key = fleet.canonical(wish.instance());
        Optional<Fence> found = fenceOf(key);
        boolean fenced = verdicts.ask(
                "is it fenced",
                RefusalReason.NOT_FENCED,
                found.isPresent() ? Optional.empty() : Optional.of("no fence stands on " + key),
                found.map(f -> "it is a former primary: " + f.successor() + " took over at " + f.since())
                        .orElse(""));
        if (!fenced) {
            return Proposal.refused(verdicts.answers());
        }
        Fence fence = found.get();
        Optional<String> writer = otherWriter(fence, key);
        boolean forced = wish.kind() == Kind.FORCE_LIFT_FENCE;
        boolean may = verdicts.ask(
                "would it be the only writer of its cluster",
                RefusalReason.OTHER_WRITER,
                writer.filter(w -> !forced)
                        .map(w -> w + "; with " + key + " free there could be two writers. "
                                + "If that does not matter, order " + Kind.FORCE_LIFT_FENCE.command()),
                writer.map(w -> "forced, although " + w).orElse("no other server of it can be written"));
        return may ? lifted(verdicts, fence, key, actor) : Proposal.refused(verdicts.answers());
    }

    private Proposal lifted(Verdicts verdicts, Fence fence, InstanceKey key, String actor) {
        List<InstanceKey> touched = new ArrayList<>(List.of(key));
        // Locked too, so that no recovery and no switchover promotes somebody between the look and the deed.
        primary(fence).filter(p -> !p.equals(key)).ifPresent(touched::add);
        Procedure procedure = new Procedure(
                "lift the fence of " + key,
                List.of(new LiftFence(fence, "lifted by " + actor + "; " + fence.note())),
                List.of());
        return new Proposal(
                verdicts.answers(),
                new Proposal.Work(
                        fence.cluster(),
                        procedure,
                        Proposal.terms(fleet, key, key, config),
                        touched,
                        List.of(),
                        List.of("no server is changed: it stays as it is until " + Kind.SET_WRITEABLE.command())));
    }

    private Optional<InstanceKey> primary(Fence fence) {
        return fleet.cluster(fence.cluster())
                .map(Cluster::primary)
                .or(() -> Optional.of(fence.successor()))
                .map(fleet::canonical);
    }

    /** Somebody who can be written; who is the primary and does not answer may be writable as well. */
    private Optional<String> otherWriter(Fence fence, InstanceKey fenced) {
        if (followsItsCluster(fence, fenced)) {
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

    /** A read-only replica below its cluster's primary is free already; its fence is only not forgotten yet. */
    private boolean followsItsCluster(Fence fence, InstanceKey fenced) {
        Optional<FleetMember> member = fleet.member(fenced).filter(FleetMember::isReachable);
        return member.flatMap(FleetMember::facts).filter(Instance::readOnly).isPresent()
                && member.flatMap(fleet::sourceOf)
                        .filter(s -> s.cluster().equals(fence.cluster()))
                        .isPresent();
    }
}
