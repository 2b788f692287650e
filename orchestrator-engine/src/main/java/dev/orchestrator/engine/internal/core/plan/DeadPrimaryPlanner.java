package dev.orchestrator.engine.internal.core.plan;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.plan.Plan;
import dev.orchestrator.api.plan.Plan.Stage;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.engine.internal.core.candidate.Choice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Plans the phases of replacing a dead primary. Each phase is planned from the picture read after the one before it; the
 * preview plans all of them from the present picture, for people.
 */
public final class DeadPrimaryPlanner {
    /** A stop that hangs in Connecting takes about two seconds; longer means that the server itself hangs. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(5);

    private final OrchestratorConfig config;
    private final InstanceKey failed;

    /**
     * Plans for one failed primary.
     *
     * @param config the settings
     * @param failed the failed primary
     */
    public DeadPrimaryPlanner(OrchestratorConfig config, InstanceKey failed) {
        this.config = config;
        this.failed = failed;
    }

    /**
     * Stops the receivers that are not stopped already.
     *
     * @param fleet the picture
     * @param replicas the replicas that take part
     * @return steps that need not all succeed
     */
    public Stage stopReceivers(Fleet fleet, Collection<InstanceKey> replicas) {
        return stage(Phases.STOP_RECEIVERS, fleet, replicas, (i, c) -> {
            boolean stopped = c.receiver() == ReplicationThreadState.STOPPED;
            return stopped
                    ? Optional.empty()
                    : Optional.of(step(i, new InstanceCommand.StopReceiver(c.name()), STOP_TIMEOUT, false));
        });
    }

    /**
     * Starts the receivers again, from where they read before.
     *
     * @param fleet the picture
     * @param replicas the replicas whose receivers were stopped
     * @return steps that need not all succeed
     */
    public Stage restore(Fleet fleet, Collection<InstanceKey> replicas) {
        return stage(
                Phases.RESTORE,
                fleet,
                replicas,
                (i, c) -> Optional.of(step(i, new InstanceCommand.StartReceiver(c.name()), COMMAND_TIMEOUT, false)));
    }

    /**
     * Points one server at another and starts its receiver: for the chosen one that has to catch up, and for the others
     * once the new primary stands.
     *
     * @param phase the phase
     * @param replica the server; its receiver is stopped
     * @param source its new source
     * @return the steps, one after the other; empty for a server that is no replica
     */
    public List<Stage> repoint(String phase, Instance replica, InstanceKey source) {
        return replica.mainChannel()
                .map(c -> List.of(
                        new Stage(
                                phase,
                                List.of(step(
                                        replica,
                                        new InstanceCommand.Repoint(c.name(), source),
                                        COMMAND_TIMEOUT,
                                        true))),
                        new Stage(
                                phase,
                                List.of(step(
                                        replica, new InstanceCommand.StartReceiver(c.name()), COMMAND_TIMEOUT, true)))))
                .orElse(List.of());
    }

    /**
     * Starts the applier of a server that must execute something, if it stands still without an error.
     *
     * @param phase the phase
     * @param instance the server
     * @return the step, empty when it runs or is broken
     */
    public Optional<PlanStep> startApplier(String phase, Instance instance) {
        return instance.mainChannel()
                .filter(c -> c.applier() == ReplicationThreadState.STOPPED && c.lastApplierErrno() == 0)
                .map(c -> step(instance, new InstanceCommand.StartApplier(c.name()), COMMAND_TIMEOUT, false));
    }

    /**
     * Waits until a server has executed something.
     *
     * @param instance the server
     * @param target what
     * @param slice how long at most
     * @return the step
     */
    public PlanStep await(Instance instance, GtidSet target, Duration slice) {
        return step(instance, new InstanceCommand.AwaitExecuted(target), slice, true);
    }

    /**
     * Makes the drained server the primary. It is made writable before it forgets its source: making it writable can be
     * taken back, forgetting cannot, and by then the promotion has succeeded.
     *
     * @param chosen the server; everything it received is executed
     * @param former the failed primary as it was last read, null when it never was
     * @return the steps, one after the other
     */
    public List<Stage> promote(Instance chosen, @Nullable Instance former) {
        List<PlanStep> steps = new ArrayList<>();
        SemiSyncState own = chosen.semiSync();
        if (former != null && former.semiSync().sourceEnabled() && own.available() && !own.sourceEnabled()) {
            steps.add(step(chosen, new InstanceCommand.SetSemiSync(true, own.replicaEnabled()), COMMAND_TIMEOUT, true));
        }
        steps.add(step(chosen, new InstanceCommand.SetReadOnly(false), COMMAND_TIMEOUT, true));
        chosen.mainChannel()
                .ifPresent(c -> steps.add(new PlanStep(
                        chosen.key(),
                        chosen.serverUuid(),
                        new InstanceCommand.ResetReplication(c.name()),
                        COMMAND_TIMEOUT,
                        false,
                        true)));
        return steps.stream().map(s -> new Stage(Phases.PROMOTE, List.of(s))).toList();
    }

    /**
     * The whole recovery as it would go now.
     *
     * @param fleet the picture
     * @param cluster the cluster
     * @param replicas the replicas that take part
     * @param choice the choice as it would be now
     * @return the plan; its notes say what may turn out differently
     */
    public Plan preview(Fleet fleet, ClusterId cluster, Collection<InstanceKey> replicas, Choice choice) {
        List<Stage> stages = new ArrayList<>();
        stages.add(stopReceivers(fleet, replicas));
        InstanceKey successor = choice.chosen();
        Optional<Instance> chosen = successor == null ? Optional.empty() : fleet.instance(successor);
        chosen.ifPresent(c -> {
            InstanceKey source = choice.catchUpFrom();
            if (source != null) {
                stages.addAll(repoint(Phases.CATCH_UP, c, source));
            }
            startApplier(Phases.DRAIN, c).ifPresent(s -> stages.add(new Stage(Phases.DRAIN, List.of(s))));
            stages.add(new Stage(Phases.DRAIN, List.of(await(c, choice.target(), config.drainTimeout()))));
            stages.addAll(promote(c, fleet.instance(failed).orElse(null)));
            stages.addAll(repointOthers(fleet, replicas, c.key()));
            fleet.instance(failed)
                    .ifPresent(f -> stages.add(new Stage(
                            Phases.FENCE,
                            List.of(step(f, new InstanceCommand.SetReadOnly(true), COMMAND_TIMEOUT, false)))));
        });
        return new Plan(
                successor == null
                        ? "replace the dead primary " + failed
                        : "replace the dead primary " + failed + " by " + successor,
                cluster,
                stages,
                notes(choice));
    }

    /**
     * The whole recovery of a dead intermediate source as it would go now: nobody is promoted.
     *
     * @param fleet the picture
     * @param cluster the cluster
     * @param replicas the replicas that take part
     * @param source who is to feed them
     * @return the plan
     */
    public Plan previewMove(Fleet fleet, ClusterId cluster, Collection<InstanceKey> replicas, InstanceKey source) {
        List<Stage> stages = new ArrayList<>();
        stages.add(stopReceivers(fleet, replicas));
        stages.addAll(repointOthers(fleet, replicas, source));
        return new Plan(
                "move the replicas of the dead intermediate source " + failed + " below " + source,
                cluster,
                stages,
                List.of());
    }

    private List<Stage> repointOthers(Fleet fleet, Collection<InstanceKey> replicas, InstanceKey successor) {
        List<List<Stage>> each = replicas.stream()
                .filter(k -> !k.equals(successor))
                .flatMap(k -> fleet.member(k).stream())
                .filter(FleetMember::isReachable)
                .flatMap(m -> m.facts().stream())
                .filter(Instance::usesOracleGtid)
                .map(i -> repoint(Phases.REPOINT, i, successor))
                .toList();
        List<Stage> sideBySide = new ArrayList<>();
        for (int n = 0; n < each.stream().mapToInt(List::size).max().orElse(0); n++) {
            int number = n;
            sideBySide.add(new Stage(
                    Phases.REPOINT,
                    each.stream().flatMap(s -> s.get(number).steps().stream()).toList()));
        }
        return sideBySide;
    }

    private static List<String> notes(Choice choice) {
        List<String> notes = new ArrayList<>();
        notes.add("the choice is made again after the receivers have stopped; now it would be " + choice.explanation());
        Map<InstanceKey, String> excluded = new TreeMap<>(choice.excluded());
        excluded.forEach((key, why) -> notes.add(key + " would not be chosen: " + why));
        if (!choice.stranded().isEmpty()) {
            notes.add("would be missing: " + choice.stranded() + ", held by " + choice.strandedIn());
        }
        return notes;
    }

    private interface StepFor {
        Optional<PlanStep> of(Instance instance, ReplicationChannel channel);
    }

    private static Stage stage(String phase, Fleet fleet, Collection<InstanceKey> replicas, StepFor stepFor) {
        return new Stage(
                phase,
                replicas.stream()
                        .flatMap(k -> fleet.member(k).stream())
                        .filter(FleetMember::isReachable)
                        .flatMap(m -> m.facts().stream())
                        .flatMap(i -> i.mainChannel().flatMap(c -> stepFor.of(i, c)).stream())
                        .toList());
    }

    private static PlanStep step(Instance instance, InstanceCommand command, Duration timeout, boolean required) {
        return new PlanStep(instance.key(), instance.serverUuid(), command, timeout, required, false);
    }
}
