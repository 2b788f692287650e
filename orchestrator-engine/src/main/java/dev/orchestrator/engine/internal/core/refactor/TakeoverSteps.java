package dev.orchestrator.engine.internal.core.refactor;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.plan.Plan;
import dev.orchestrator.api.plan.Plan.Stage;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.engine.internal.core.plan.DeadPrimaryPlanner;
import dev.orchestrator.engine.internal.core.plan.Phases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The steps of handing a living primary over, beyond those of replacing a dead one. */
public final class TakeoverSteps {
    /** The former primary takes no writes any more. */
    public static final String DEMOTE = "demote";

    /** The successor executes what the former primary wrote to the end. */
    public static final String CATCH_UP = "catch up";

    /** The former primary becomes a replica. */
    public static final String REJOIN = "rejoin";

    /** Setting it waits a second for commits and table locks before it kills who holds them. */
    private static final Duration READ_ONLY_TIMEOUT = Duration.ofSeconds(15);

    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(5);

    private TakeoverSteps() {}

    /**
     * Takes the primary's writes away: read-only first, then those that were begun.
     *
     * @param primary the primary
     * @return the steps, one after the other
     */
    public static List<PlanStep> demote(Instance primary) {
        return List.of(
                step(primary, new InstanceCommand.SetReadOnly(true), READ_ONLY_TIMEOUT, true),
                step(primary, new InstanceCommand.KillClients(), KILL_TIMEOUT, false));
    }

    /**
     * Gives the primary its writes back.
     *
     * @param primary the primary
     * @return the step
     */
    public static PlanStep writable(Instance primary) {
        return step(primary, new InstanceCommand.SetReadOnly(false), COMMAND_TIMEOUT, true);
    }

    /**
     * Makes the former primary a replica of the new one. Its semi-sync sides change only here: by now everything it
     * committed is held by its successor.
     *
     * @param former the former primary
     * @param successor the new primary, as it was before it was promoted
     * @param attach makes it one, with the account and the options that the successor's own channel had
     * @param start whether it replicates at once
     * @return the steps, one after the other
     */
    public static List<PlanStep> rejoin(
            Instance former, Instance successor, InstanceCommand.AttachTo attach, boolean start) {
        List<PlanStep> steps = new ArrayList<>();
        steps.add(step(former, attach, COMMAND_TIMEOUT, true));
        SemiSyncState own = former.semiSync();
        boolean acknowledges = successor.semiSync().replicaEnabled() || own.replicaEnabled();
        if (own.available() && (own.sourceEnabled() || acknowledges != own.replicaEnabled())) {
            steps.add(step(former, new InstanceCommand.SetSemiSync(false, acknowledges), COMMAND_TIMEOUT, false));
        }
        if (start) {
            steps.add(step(former, new InstanceCommand.StartReplication(""), COMMAND_TIMEOUT, true));
            steps.add(step(former, new InstanceCommand.AwaitReceiver(""), COMMAND_TIMEOUT, true));
        }
        return steps;
    }

    /**
     * The whole takeover as it would go now, for people.
     *
     * @param fleet the picture
     * @param proposal a proposal that passed
     * @param planner plans promotion and repointing
     * @param attach makes the former primary a replica
     * @param start whether the former primary replicates at once
     * @return the plan
     */
    public static Plan preview(
            Fleet fleet,
            TakeoverProposal proposal,
            DeadPrimaryPlanner planner,
            InstanceCommand.AttachTo attach,
            boolean start) {
        Instance primary = java.util.Objects.requireNonNull(proposal.primary());
        Instance successor = java.util.Objects.requireNonNull(proposal.successor());
        List<Stage> stages = new ArrayList<>();
        demote(primary).forEach(s -> stages.add(new Stage(DEMOTE, List.of(s))));
        stages.add(new Stage(CATCH_UP, List.of(planner.await(successor, primary.executedGtids(), COMMAND_TIMEOUT))));
        stages.add(planner.stopReceivers(fleet, List.of(successor.key())));
        stages.addAll(planner.promote(successor, primary));
        List<InstanceKey> siblings = proposal.replicas().stream()
                .filter(k -> !k.equals(successor.key()) && !proposal.leftAlone().containsKey(k))
                .toList();
        stages.add(planner.stopReceivers(fleet, siblings));
        siblings.stream()
                .flatMap(k -> fleet.member(k).flatMap(FleetMember::facts).stream())
                .forEach(i -> stages.addAll(planner.repoint(Phases.REPOINT, i, successor.key())));
        rejoin(primary, successor, attach, start).forEach(s -> stages.add(new Stage(REJOIN, List.of(s))));
        List<String> notes = new ArrayList<>();
        notes.add("the successor would be " + proposal.explanation());
        proposal.leftAlone().forEach((k, why) -> notes.add(k + " would stay below " + primary.key() + ": " + why));
        return new Plan(
                "hand over from " + primary.key() + " to " + successor.key(),
                fleet.member(primary.key()).orElseThrow().cluster(),
                stages.stream().filter(s -> !s.steps().isEmpty()).toList(),
                notes);
    }

    private static PlanStep step(Instance server, InstanceCommand command, Duration timeout, boolean required) {
        return new PlanStep(server.key(), server.serverUuid(), command, timeout, required, false);
    }
}
