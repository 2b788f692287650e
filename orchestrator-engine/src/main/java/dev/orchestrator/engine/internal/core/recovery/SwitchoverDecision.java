package dev.orchestrator.engine.internal.core.recovery;

import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.channel.ChannelSettings;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.internal.core.decision.ChangeGates;
import dev.orchestrator.engine.internal.core.operation.OperationBinding;
import dev.orchestrator.engine.internal.core.operation.TakeoverProposal;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import dev.orchestrator.spi.RecoveryStore.Registration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A switchover that its gates let through, and that is now decided by a dry run of its procedure.
 *
 * @param fleet the fresh snapshot
 * @param terms who takes part
 * @param procedure what is done
 * @param formerLeftStopped whether the former primary is not to replicate at once
 */
public record SwitchoverDecision(Fleet fleet, Terms terms, Procedure procedure, boolean formerLeftStopped) {
    /**
     * Who is read anew before it is decided.
     *
     * @param fleet as servers are known
     * @param primary the primary
     * @return its direct replicas
     */
    public static List<InstanceKey> replicas(Fleet fleet, InstanceKey primary) {
        return fleet.replicasOf(primary).stream().map(FleetMember::key).toList();
    }

    /**
     * The same with the primary itself.
     *
     * @param fleet as servers are known
     * @param primary the primary
     * @return all that are read
     */
    public static List<InstanceKey> everybody(Fleet fleet, InstanceKey primary) {
        List<InstanceKey> all = new ArrayList<>(replicas(fleet, primary));
        all.add(primary);
        return all;
    }

    /**
     * Nobody can say as whom the former primary is to log in.
     *
     * @param proposal what was decided before
     * @param why what asking the successor brought
     * @return the refusal
     */
    public static Decision withoutAccount(TakeoverProposal proposal, String why) {
        return proposal.refusedBy(
                "can the former primary log in at its successor",
                RefusalReason.NO_CREDENTIALS,
                "the account it would replicate by cannot be had: " + why
                        + "; grant SELECT on mysql.slave_master_info to our account on the replicas (with"
                        + " master_info_repository = TABLE), or name a query for it: ReplicationCredentialsQuery");
    }

    /**
     * What is to be done.
     *
     * @param order the order
     * @param proposal who takes over
     * @param settings how the former primary is to connect
     * @param fleet the fresh snapshot
     * @param config the settings
     * @return all that its run is told
     */
    public static SwitchoverDecision of(
            OperationBinding.Switchover order,
            TakeoverProposal proposal,
            ChannelSettings settings,
            Fleet fleet,
            OrchestratorConfig config) {
        Instance primary = Objects.requireNonNull(proposal.primary());
        Instance successor = Objects.requireNonNull(proposal.successor());
        Terms terms =
                RecoveryScope.of(fleet, primary.key(), proposal.leftAlone(), Map.of(), successor.key(), false, config);
        Procedure procedure = Procedures.of(RecoveryType.SWITCHOVER, settings, order.starts());
        return new SwitchoverDecision(fleet, terms, procedure, !order.starts());
    }

    /**
     * The decision.
     *
     * @param proposal the gates before
     * @param now the present
     * @return go with the plan, or refused by what the dry run ran into
     */
    public Decision decide(TakeoverProposal proposal, Instant now) {
        String title = "hand over from " + terms.primary() + " to " + terms.explicit();
        return Preview.of(title, procedure, terms, fleet, now).decide(proposal.verdicts(), proposal.explanation());
    }

    /**
     * What it locks.
     *
     * @return all who take part
     */
    public LockRequest locks() {
        return terms.locks();
    }

    /**
     * Its record, as it is registered.
     *
     * @param beginning who begins it
     * @return the record
     */
    public RecoveryRecord record(Records.Beginning beginning) {
        return Records.ofSwitchover(beginning, terms, fleet).toBuilder()
                .formerLeftStopped(formerLeftStopped)
                .build();
    }

    /**
     * The decision when it cannot be registered.
     *
     * @param decision what was decided before
     * @param answer what registering it brought
     * @return the refusal, empty when it is registered
     */
    public static Optional<Decision> unregistered(Decision decision, Registration answer) {
        return switch (answer.outcome()) {
            case REGISTERED -> Optional.empty();
            case CLUSTER_BUSY ->
                Optional.of(ChangeGates.refused(decision, RefusalReason.RECOVERY_ACTIVE, Records.busy(answer.other())));
            case STALE_EPOCH ->
                Optional.of(ChangeGates.refused(
                        decision,
                        RefusalReason.LOCKED,
                        "the locks of the order ended before it was begun; nothing was changed, order it again"));
        };
    }

    /**
     * What it is run by.
     *
     * @param record as it was registered
     * @return the undertaking
     */
    public Undertaking undertaking(RecoveryRecord record) {
        return Undertaking.of(record, procedure, terms, fleet);
    }
}
