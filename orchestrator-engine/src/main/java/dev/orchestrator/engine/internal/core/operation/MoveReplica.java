package dev.orchestrator.engine.internal.core.operation;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.engine.internal.core.phase.AllFollow;
import dev.orchestrator.engine.internal.core.phase.Repoint;
import dev.orchestrator.engine.internal.core.phase.Restore;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Has a replica replicate from another server, by GTID. */
final class MoveReplica {
    private final Fleet fleet;
    private final OrchestratorConfig config;

    MoveReplica(OperationContext context) {
        this.fleet = context.fleet();
        this.config = context.config();
    }

    PlannedOperation propose(InstanceKey wanted, InstanceKey destination) {
        Verdicts verdicts = new Verdicts();
        Optional<Instance> replica = replica(verdicts, fleet, wanted);
        return replica.isPresent()
                ? below(verdicts, replica.get(), destination)
                : PlannedOperation.refused(verdicts.answers());
    }

    /** One level up: below the source of its source, whether that answers or not. */
    PlannedOperation up(InstanceKey wanted) {
        Verdicts verdicts = new Verdicts();
        Optional<Instance> replica = replica(verdicts, fleet, wanted);
        if (replica.isEmpty()) {
            return PlannedOperation.refused(verdicts.answers());
        }
        Optional<FleetMember> source = sourceOf(replica.get().key());
        Optional<FleetMember> above = source.flatMap(fleet::sourceOf);
        boolean known = verdicts.ask(
                "is a server above its source known",
                RefusalReason.ILLEGAL_MOVE,
                above.isPresent() ? Optional.empty() : Optional.of(nobodyAbove(replica.get(), source)),
                above.map(a -> "its source replicates from " + a.key()).orElse(""));
        return known
                ? below(verdicts, replica.get(), above.orElseThrow().key())
                : PlannedOperation.refused(verdicts.answers());
    }

    private static String nobodyAbove(Instance replica, Optional<FleetMember> source) {
        InstanceKey below = replica.channels().get(0).source();
        return source.map(s -> s.facts().map(f -> f.channels().isEmpty()).orElse(false)
                        ? "its source " + s.key() + " replicates from nobody"
                        : "it is not known what its source " + s.key() + " replicates from; discover it first")
                .orElseGet(() -> "its source " + below + " is not known; discover it first");
    }

    /** A replica, its source and the source of that, as far as they are known. */
    List<InstanceKey> withAllAbove(InstanceKey replica) {
        List<InstanceKey> all = new ArrayList<>(List.of(replica));
        Optional<FleetMember> source = sourceOf(replica);
        source.map(FleetMember::key).ifPresent(all::add);
        source.flatMap(fleet::sourceOf).map(FleetMember::key).ifPresent(all::add);
        return all;
    }

    private Optional<FleetMember> sourceOf(InstanceKey replica) {
        return fleet.member(replica).flatMap(fleet::sourceOf);
    }

    /** The facts of a replica of one source that answers; else notes why not. */
    static Optional<Instance> replica(Verdicts verdicts, Fleet fleet, InstanceKey wanted) {
        return verdicts.reach(fleet, wanted)
                .filter(replica -> verdicts.ask(
                        "is it a replica of one source", RefusalReason.NOT_A_REPLICA, notOneSource(replica), "it is"));
    }

    private PlannedOperation below(Verdicts verdicts, Instance replica, InstanceKey destination) {
        Optional<Instance> other = verdicts.reach(fleet, destination);
        if (other.isEmpty()) {
            return PlannedOperation.refused(verdicts.answers());
        }
        Instance source = other.get();
        ReplicationRules legality = new ReplicationRules(fleet, config);
        boolean legal = verdicts.ask(
                        "may it be moved there",
                        RefusalReason.ILLEGAL_MOVE,
                        legality.forbidden(replica, source),
                        "no circle arises")
                && verdicts.ask(
                        "can it replicate from there",
                        RefusalReason.ILLEGAL_MOVE,
                        legality.cannotReplicateFrom(replica, source),
                        "versions, formats and identities fit")
                && verdicts.ask(
                        "can it be moved by GTID",
                        RefusalReason.ILLEGAL_MOVE,
                        legality.cannotMoveByGtid(replica, source),
                        "it replicates by auto-position, and nothing it needs is purged there");
        return legal ? moved(verdicts, replica, source) : PlannedOperation.refused(verdicts.answers());
    }

    private static Optional<String> notOneSource(Instance replica) {
        int channels = replica.channels().size();
        if (channels == 1) {
            return Optional.empty();
        }
        return Optional.of(
                channels == 0
                        ? replica.key() + " replicates from nobody"
                        : replica.key() + " replicates from " + channels + " sources, and which is meant is not said");
    }

    private PlannedOperation moved(Verdicts verdicts, Instance replica, Instance source) {
        ReplicationChannel channel = replica.channels().get(0);
        List<String> notes = new ArrayList<>();
        if (channel.applier() != ReplicationThreadState.RUNNING) {
            notes.add("its applier does not run and is left as it is");
        }
        boolean there = fleet.canonical(channel.source()).equals(source.key());
        if (there) {
            notes.add("it replicates from there already");
        }
        Procedure procedure = new Procedure(
                (there ? "keep " : "move ") + replica.key() + " below " + source.key(),
                List.of(
                        Repoint.below(
                                s -> s.servers().fleet().instance(source.key()).orElseThrow()),
                        new AllFollow()),
                List.of(new Restore(false)));
        return new PlannedOperation(
                verdicts.answers(),
                new PlannedOperation.Work(
                        fleet.member(replica.key()).orElseThrow().cluster(),
                        procedure,
                        PlannedOperation.terms(fleet, replica.key(), fleet.canonical(channel.source()), config),
                        List.of(replica.key()),
                        List.of(source.key()),
                        notes));
    }
}
