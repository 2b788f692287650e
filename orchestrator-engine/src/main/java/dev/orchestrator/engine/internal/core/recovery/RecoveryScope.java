package dev.orchestrator.engine.internal.core.recovery;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.engine.internal.core.procedure.Before;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who takes part when a server is replaced as a source. */
public final class RecoveryScope {
    private RecoveryScope() {}

    /**
     * What a recovery or a switchover is told.
     *
     * @param fleet a fresh snapshot
     * @param primary the server that is replaced
     * @param leftAlone servers that must not be touched, with the reason
     * @param rules what operators want, by instance
     * @param explicit the server an operator asked for, null to choose
     * @param automatic whether nobody ordered it
     * @param config the settings
     * @return the terms
     */
    public static Terms of(
            Fleet fleet,
            InstanceKey primary,
            Map<InstanceKey, String> leftAlone,
            Map<InstanceKey, PromotionRule> rules,
            @Nullable InstanceKey explicit,
            boolean automatic,
            OrchestratorConfig config) {
        InstanceKey own = fleet.canonical(primary);
        List<InstanceKey> replicas =
                fleet.replicasOf(own).stream().map(FleetMember::key).toList();
        List<InstanceKey> orphans = orphans(fleet, own, replicas);
        List<InstanceKey> all = new ArrayList<>(replicas);
        all.addAll(orphans);
        all.add(own);
        return new Terms(
                own, replicas, orphans, leftAlone, rules, explicit, automatic, false, Before.of(fleet, all), config);
    }

    /**
     * What whoever goes on with an interrupted recovery is told. Only servers of the record take part: of others it is not
     * written down how they were, and replicas of a server that died since are moved by a recovery of their own.
     *
     * @param fleet a fresh snapshot
     * @param primary the server that is replaced
     * @param replicas its direct replicas, by the record
     * @param before how the servers were, by the record
     * @param leftAlone servers that must not be touched, with the reason
     * @param rules what operators want, by instance
     * @param explicit the server that was to take over by an operator's order, null where it was chosen
     * @param config the settings
     * @return the terms
     */
    public static Terms resumed(
            Fleet fleet,
            InstanceKey primary,
            List<InstanceKey> replicas,
            Before before,
            Map<InstanceKey, String> leftAlone,
            Map<InstanceKey, PromotionRule> rules,
            @Nullable InstanceKey explicit,
            OrchestratorConfig config) {
        Set<InstanceKey> orphans = new LinkedHashSet<>();
        before.servers().forEach(b -> orphans.add(b.key()));
        orphans.removeAll(replicas);
        orphans.remove(fleet.canonical(primary));
        orphans.removeIf(k -> fleet.member(k).isEmpty());
        return new Terms(
                primary, replicas, List.copyOf(orphans), leftAlone, rules, explicit, true, true, before, config);
    }

    /** What operators want, by the keys that the servers have in the snapshot. */
    static Map<InstanceKey, PromotionRule> byOwnKey(Fleet fleet, Map<InstanceKey, PromotionRule> rules) {
        Map<InstanceKey, PromotionRule> own = new HashMap<>();
        rules.forEach((key, rule) -> own.put(fleet.canonical(key), rule));
        return own;
    }

    /** The replicas of replicas that do not answer, and of those of them that do not. */
    private static List<InstanceKey> orphans(Fleet fleet, InstanceKey primary, List<InstanceKey> replicas) {
        Set<InstanceKey> seen = new LinkedHashSet<>(replicas);
        seen.add(primary);
        List<InstanceKey> orphans = new ArrayList<>();
        Deque<InstanceKey> dead = new ArrayDeque<>(replicas);
        while (!dead.isEmpty()) {
            InstanceKey source = dead.poll();
            if (fleet.member(source).filter(FleetMember::isReachable).isPresent()) {
                continue;
            }
            for (FleetMember below : fleet.replicasOf(source)) {
                if (seen.add(below.key())) {
                    orphans.add(below.key());
                    dead.add(below.key());
                }
            }
        }
        return orphans;
    }
}
