package dev.orchestrator.engine.internal.core.operation;

import dev.orchestrator.api.Intents;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ServerVersion.Flavor;
import dev.orchestrator.api.operation.TakeoverOperation;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.engine.internal.core.candidate.CandidateChooser;
import dev.orchestrator.engine.internal.core.candidate.Choice;
import dev.orchestrator.engine.internal.core.candidate.ChoicePolicy;
import dev.orchestrator.engine.internal.core.candidate.ChoiceRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Decides on a snapshot whether a living primary of an Oracle-GTID topology can hand over, and to which replica. */
public final class TakeoverPlanner {
    private final Fleet fleet;
    private final OrchestratorConfig config;
    private final Intents intents;
    private final Map<InstanceKey, String> locked;

    /**
     * A planner.
     *
     * @param fleet the snapshot
     * @param config the settings
     * @param intents what operators want
     * @param locked replicas that somebody else has locked, with the reason
     */
    public TakeoverPlanner(Fleet fleet, OrchestratorConfig config, Intents intents, Map<InstanceKey, String> locked) {
        this.fleet = fleet;
        this.config = config;
        this.intents = intents;
        this.locked = Map.copyOf(locked);
    }

    /**
     * Plans.
     *
     * @param order the switchover
     * @return the successor, or the refusal
     */
    public TakeoverProposal plan(OperationBinding.Switchover order) {
        Verdicts verdicts = new Verdicts();
        Optional<Instance> found = verdicts.reach(fleet, order.primary());
        boolean fits = found.isPresent()
                && verdicts.ask(
                        "is it a primary that can hand over",
                        RefusalReason.UNSUPPORTED_TOPOLOGY,
                        notAPrimary(found.get()),
                        "it is writable, replicates from nobody and has GTIDs");
        if (!fits) {
            return TakeoverProposal.refused(verdicts.answers());
        }
        Instance primary = found.get();
        List<FleetMember> replicas = fleet.replicasOf(primary.key());
        boolean all = verdicts.ask(
                        "has it replicas", RefusalReason.NO_CANDIDATE, none(primary, replicas), replicas.size() + "")
                && verdicts.ask(
                        "do all replicas answer",
                        RefusalReason.INSTANCE_UNREACHABLE,
                        silent(replicas),
                        "all that are not in downtime")
                && verdicts.ask(
                        "do all replicas follow by GTID",
                        RefusalReason.UNSUPPORTED_TOPOLOGY,
                        withoutGtid(replicas),
                        "all that answer");
        return all ? choose(order, verdicts, primary, replicas) : TakeoverProposal.refused(verdicts.answers());
    }

    private Optional<String> notAPrimary(Instance primary) {
        String key = primary.key().toString();
        Optional<InstanceKey> source = primary.source();
        if (source.isPresent()) {
            return Optional.of(key + " is itself a replica of " + source.get());
        }
        if (!primary.isWritable()) {
            return Optional.of(key + " is read-only: it takes no writes that could be handed over");
        }
        if (primary.version().flavor() == Flavor.MARIADB) {
            return Optional.of(
                    key + " is a MariaDB server; takeovers are done for MySQL GTID only. By hand: set-read-only -i "
                            + key + "; wait until the replica's gtid_current_pos is that of " + key
                            + "; on the replica STOP SLAVE, RESET SLAVE ALL, then set-writeable -i it; on " + key
                            + " SET GLOBAL gtid_slave_pos = @@gtid_current_pos, CHANGE MASTER TO it with MASTER_USE_GTID ="
                            + " slave_pos, START SLAVE; and the same CHANGE MASTER for the other replicas");
        }
        if (!"ON".equalsIgnoreCase(primary.gtidMode()) || primary.serverUuid().isEmpty()) {
            return Optional.of(
                    key + " has gtid_mode " + primary.gtidMode() + "; takeovers are done for MySQL GTID only");
        }
        Optional<InstanceKey> other = fleet.member(primary.key())
                .flatMap(m -> fleet.cluster(m.cluster()))
                .map(Cluster::primary)
                .filter(p -> !p.equals(primary.key()));
        return other.map(p -> p + " is the primary of its cluster, not " + key);
    }

    private static Optional<String> none(Instance primary, List<FleetMember> replicas) {
        return replicas.isEmpty()
                ? Optional.of(primary.key() + " has no replica that could take over")
                : Optional.empty();
    }

    private Optional<String> silent(List<FleetMember> replicas) {
        List<InstanceKey> silent = replicas.stream()
                .filter(m -> !m.isReachable() && intents.downtime(m.key()).isEmpty())
                .map(FleetMember::key)
                .toList();
        return silent.isEmpty()
                ? Optional.empty()
                : Optional.of(silent + " do not answer; mend them, or begin their downtime to leave them behind");
    }

    private static Optional<String> withoutGtid(List<FleetMember> replicas) {
        List<InstanceKey> others = replicas.stream()
                .filter(FleetMember::isReachable)
                .filter(m -> m.facts().filter(Instance::usesOracleGtid).isEmpty())
                .map(FleetMember::key)
                .toList();
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of(others + " do not replicate by GTID auto-position; other ways are not done yet");
    }

    private TakeoverProposal choose(
            OperationBinding.Switchover order, Verdicts verdicts, Instance primary, List<FleetMember> members) {
        List<InstanceKey> replicas = members.stream().map(FleetMember::key).toList();
        Map<InstanceKey, String> banned = new TreeMap<>(locked);
        members.stream().filter(m -> !m.isReachable()).forEach(m -> banned.put(m.key(), "does not answer"));
        InstanceKey designated = designated(order, replicas);
        boolean said = verdicts.ask(
                "is it said who takes over",
                RefusalReason.CANDIDATE_UNFIT,
                unsaid(order, designated, replicas),
                designated == null ? "it is to be chosen" : designated + " is asked for");
        if (!said) {
            return TakeoverProposal.refused(verdicts.answers());
        }
        Choice choice = CandidateChooser.choose(new ChoiceRequest(
                fleet,
                primary.key(),
                List.of(),
                replicas,
                rules(),
                banned,
                designated,
                false,
                GtidSet.empty(),
                ChoicePolicy.of(config, fleet, primary.key(), false)));
        Optional<Instance> chosen = Optional.ofNullable(choice.chosen()).flatMap(fleet::instance);
        boolean fit = verdicts.ask(
                        "is there a replica that can take over",
                        designated == null ? RefusalReason.NO_CANDIDATE : RefusalReason.CANDIDATE_UNFIT,
                        chosen.isPresent() ? Optional.empty() : Optional.of(choice.explanation()),
                        choice.explanation())
                && verdicts.ask(
                        "does it keep up",
                        RefusalReason.CANDIDATE_UNFIT,
                        behind(chosen.get()),
                        "receiver and applier run, the lag is small")
                && verdicts.ask(
                        "can the former primary follow it",
                        RefusalReason.CANDIDATE_UNFIT,
                        new ReplicationRules(fleet, config).cannotReplicateFrom(primary, withoutSource(chosen.get())),
                        "versions, formats and identities fit");
        if (!fit) {
            return TakeoverProposal.refused(verdicts.answers());
        }
        return new TakeoverProposal(
                verdicts.answers(),
                primary,
                chosen.get(),
                replicas,
                leftAlone(banned, chosen.get(), members),
                choice.explanation());
    }

    private @Nullable InstanceKey designated(OperationBinding.Switchover order, List<InstanceKey> replicas) {
        InstanceKey wanted = order.successor();
        if (wanted != null) {
            return fleet.canonical(wanted);
        }
        return !order.chooses() && replicas.size() == 1 ? replicas.get(0) : null;
    }

    private static Optional<String> unsaid(
            OperationBinding.Switchover order, @Nullable InstanceKey designated, List<InstanceKey> replicas) {
        if (designated == null) {
            return order.chooses()
                    ? Optional.empty()
                    : Optional.of("it has " + replicas.size() + " replicas; say which one is to take over, or use "
                            + TakeoverOperation.GracefulTakeoverAuto.TYPE.command());
        }
        return replicas.contains(designated)
                ? Optional.empty()
                : Optional.of(designated + " is no direct replica of " + order.primary());
    }

    private Map<InstanceKey, PromotionRule> rules() {
        Map<InstanceKey, PromotionRule> rules = new HashMap<>();
        intents.promotionRules().forEach((key, rule) -> rules.put(fleet.canonical(key), rule));
        return rules;
    }

    private Optional<String> behind(Instance chosen) {
        ReplicationChannel channel = chosen.mainChannel().orElseThrow();
        if (!channel.isReplicating()) {
            return Optional.of(chosen.key() + " does not replicate: its receiver is " + channel.receiver()
                    + ", its applier " + channel.applier());
        }
        Duration lag = channel.lag();
        return lag == null || lag.compareTo(config.lagThreshold()) > 0
                ? Optional.of(chosen.key() + " lags by " + (lag == null ? "an unknown time" : lag.toSeconds() + " s")
                        + ", more than " + config.lagThreshold().toSeconds() + " s")
                : Optional.empty();
    }

    /** As it will be once it is the primary. */
    private static Instance withoutSource(Instance chosen) {
        return chosen.toBuilder().channels(List.of()).build();
    }

    /** Who cannot follow the new primary stays below the former one, and gets everything through it. */
    private Map<InstanceKey, String> leftAlone(
            Map<InstanceKey, String> banned, Instance chosen, List<FleetMember> members) {
        Map<InstanceKey, String> leftAlone = new TreeMap<>(banned);
        ReplicationRules legality = new ReplicationRules(fleet, config);
        for (FleetMember member : members) {
            Optional<Instance> sibling =
                    member.facts().filter(i -> !i.key().equals(chosen.key()) && !leftAlone.containsKey(i.key()));
            sibling.flatMap(s -> legality.cannotFollow(s, chosen)).ifPresent(why -> leftAlone.put(member.key(), why));
        }
        return leftAlone;
    }
}
