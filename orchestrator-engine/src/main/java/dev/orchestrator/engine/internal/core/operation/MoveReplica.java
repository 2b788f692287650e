package dev.orchestrator.engine.internal.core.operation;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
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

    Proposal propose(InstanceKey wanted, InstanceKey destination) {
        Verdicts verdicts = new Verdicts();
        Optional<Instance> me = verdicts.reach(fleet, wanted);
        Optional<Instance> other = me.flatMap(m -> verdicts.reach(fleet, destination));
        if (me.isEmpty() || other.isEmpty()) {
            return Proposal.refused(verdicts.answers());
        }
        Instance replica = me.get();
        Instance source = other.get();
        Legality legality = new Legality(fleet, config);
        boolean legal = verdicts.ask(
                        "is it a replica of one source", RefusalReason.NOT_A_REPLICA, notOneSource(replica), "it is")
                && verdicts.ask(
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
        return legal ? moved(verdicts, replica, source) : Proposal.refused(verdicts.answers());
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

    private Proposal moved(Verdicts verdicts, Instance replica, Instance source) {
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
        return new Proposal(
                verdicts.answers(),
                new Proposal.Work(
                        fleet.member(replica.key()).orElseThrow().cluster(),
                        procedure,
                        Proposal.terms(fleet, replica.key(), fleet.canonical(channel.source()), config),
                        List.of(replica.key()),
                        List.of(source.key()),
                        notes));
    }
}
