package dev.orchestrator.engine.internal.core.candidate;

import static java.util.Comparator.comparing;

import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the replica that takes over. First it leaves out those that cannot, each with the reason; then it orders the
 * rest; then it takes the first that holds everything that was received anywhere, or can be brought to hold it.
 *
 * <p>What was received by a server that cannot hand it on (its applier is broken, it is delayed on purpose, it does not
 * log, it does not answer any more) is stranded there: it keeps nobody from taking over, and is named.
 */
public final class CandidateChooser {
    private final ChoiceRequest request;
    private final GtidProvenance lineage;
    private final Map<InstanceKey, String> excluded = new TreeMap<>();
    private final List<Replica> replicas = new ArrayList<>();
    // With the replicas of dead ones, which end below the chosen one, too.
    private final List<Replica> holders = new ArrayList<>();
    private final GtidSet union;
    private final @Nullable Instance failed;
    private final @Nullable SemiSyncLoss loss;

    private CandidateChooser(ChoiceRequest request) {
        this.request = request;
        this.lineage = GtidProvenance.of(request.fleet(), request.failed(), request.fallen());
        this.failed = request.fleet().instance(request.failed()).orElse(null);
        this.loss = SemiSyncLoss.of(request.fleet(), request.failed(), request.replicas())
                .orElse(null);
        request.replicas().forEach(this::read);
        GtidSet all = request.alsoReceived();
        for (Replica holder : holders) {
            all = all.union(holder.received());
        }
        for (InstanceKey key : request.replicas()) {
            all = all.union(lineage.lastKnownReceived(key));
        }
        this.union = all;
    }

    /**
     * Chooses.
     *
     * @param request what the choice is made on
     * @return the choice with its reasons
     */
    public static Choice choose(ChoiceRequest request) {
        return new CandidateChooser(request).choose();
    }

    private void read(InstanceKey key) {
        Optional<FleetMember> member = request.fleet().member(key);
        if (member.isEmpty() || !member.get().isReachable()) {
            excluded.put(
                    key,
                    member.map(FleetMember::failure)
                            .map(f -> "does not answer: " + f.message())
                            .orElse("does not answer"));
            member.ifPresent(this::readBelow);
            return;
        }
        Instance instance = member.get().facts().orElseThrow();
        if (!instance.usesOracleGtid()) {
            excluded.put(key, "does not replicate by GTID auto-position");
            return;
        }
        Replica replica = replica(instance);
        replicas.add(replica);
        holders.add(replica);
    }

    /** The replicas of a dead replica may hold what it had received: they cannot be chosen, but can hand it on. */
    private void readBelow(FleetMember dead) {
        for (FleetMember below : request.fleet().replicasOf(dead.key())) {
            below.facts()
                    .filter(i -> below.isReachable() && i.usesOracleGtid())
                    .filter(i -> holders.stream().noneMatch(h -> h.key().equals(i.key())))
                    .ifPresent(i -> holders.add(replica(i)));
        }
    }

    private Replica replica(Instance instance) {
        PromotionRule rule = request.rules().get(instance.key());
        if (rule == null) {
            rule = instance.detectedPromotionRule();
        }
        return new Replica(
                instance,
                rule == null ? PromotionRule.NEUTRAL : rule,
                lineage.received(instance),
                lineage.errant(instance),
                ReplicationFilters.of(instance, request.policy().acceptedFilters()));
    }

    private Choice choose() {
        if (loss != null
                && request.policy().automatic()
                && loss.refuses(request.policy().semiSyncLoss())) {
            return nobody(loss.refusal());
        }
        List<Replica> fit = new ArrayList<>();
        for (Replica replica : replicas) {
            Optional<String> why = unfit(replica);
            if (why.isPresent()) {
                excluded.put(replica.key(), why.get());
            } else {
                fit.add(replica);
            }
        }
        excludeWhomMostCannotFollow(fit);
        excludeWhoWouldLoseSiblings(fit);
        fit.sort(order());
        keepOnlyWhoWasAskedFor(fit);
        return fit.isEmpty() ? nobody(noneIsFit()) : best(fit);
    }

    /** An operator's choice goes before all, but not at the price of what another one would save. */
    private void keepOnlyWhoWasAskedFor(List<Replica> fit) {
        InstanceKey wanted = request.explicit();
        if (wanted == null) {
            return;
        }
        Optional<Replica> asked = fit.stream().filter(this::isExplicit).findFirst();
        Optional<Replica> fuller = asked.flatMap(a -> fit.stream()
                .filter(o ->
                        union.minus(reach(o)).count() < union.minus(reach(a)).count())
                .findFirst());
        fuller.ifPresent(o -> excluded.put(
                wanted,
                "it lacks " + union.minus(reach(asked.orElseThrow())) + ", which nobody can bring it, while " + o.key()
                        + " could take over without losing it"));
        fit.removeIf(r -> !isExplicit(r) || fuller.isPresent());
    }

    private boolean isExplicit(Replica replica) {
        return replica.key().equals(request.explicit());
    }

    private Optional<String> unfit(Replica r) {
        if (request.banned().containsKey(r.key())) {
            return Optional.of(request.banned().get(r.key()));
        }
        if (r.rule() == PromotionRule.MUST_NOT) {
            return Optional.of("its promotion rule is must_not");
        }
        if (!r.instance().binlogEnabled() || !r.instance().logReplicaUpdates()) {
            return Optional.of("it does not log what it applies");
        }
        if (r.instance().channels().size() > 1) {
            return Optional.of("it replicates from more than one source");
        }
        if (!r.errant().isEmpty()) {
            return Optional.of("it has transactions of its own (errant): " + r.errant());
        }
        if (r.isDelayed()) {
            return Optional.of("it is delayed on purpose by "
                    + r.channel().orElseThrow().configuredDelay().toSeconds() + " s");
        }
        if (r.applierBroken()) {
            return Optional.of("its applier is broken: "
                    + r.channel().orElseThrow().lastApplierErrno() + " "
                    + r.channel().orElseThrow().lastApplierError());
        }
        if (request.receiversStopped() && !r.receiverStopped()) {
            return Optional.of("its receiver has not stopped yet");
        }
        return r.filters().isEmpty() || isExplicit(r)
                ? Optional.empty()
                : Optional.of("it has replication filters, so it may lack data that its GTIDs do not tell of: "
                        + r.filters());
    }

    /**
     * Leaves out who is newer, or logs in a richer format, than most of those that could take over: they could not follow
     * it. Unless it alone can be brought to what was received: a replica can be built anew, a transaction cannot.
     */
    private void excludeWhomMostCannotFollow(List<Replica> fit) {
        Map<InstanceKey, String> why = Compatibility.tooMuchForMost(fit);
        List<Replica> common =
                fit.stream().filter(r -> !why.containsKey(r.key())).toList();
        long least = leastUnreached(common);
        for (Replica r : List.copyOf(fit)) {
            String reason = why.get(r.key());
            if (reason == null || isExplicit(r)) {
                continue;
            }
            boolean needed = union.minus(reach(r)).count() < least;
            if (!needed || !Compatibility.acknowledgementsSuffice(failed, r, replicas)) {
                excluded.put(
                        r.key(),
                        needed
                                ? reason + ", and too few could follow it to acknowledge its commits (semi-sync)"
                                : reason);
                fit.remove(r);
            }
        }
    }

    private long leastUnreached(List<Replica> some) {
        return some.stream().mapToLong(r -> union.minus(reach(r)).count()).min().orElse(Long.MAX_VALUE);
    }

    /**
     * Leaves out who has purged what a sibling lacks, if another one would lose fewer siblings and no transaction more:
     * a replica can be built anew, a transaction cannot.
     */
    private void excludeWhoWouldLoseSiblings(List<Replica> fit) {
        List<Replica> all = List.copyOf(fit);
        for (Replica r : all) {
            List<InstanceKey> lost = cutOffByPurge(r);
            if (lost.isEmpty()) {
                continue;
            }
            GtidSet reached = reach(r).intersection(union);
            Optional<Replica> better = all.stream()
                    .filter(o -> lost.size() > cutOffByPurge(o).size() && lost.containsAll(cutOffByPurge(o)))
                    .filter(o -> reached.isSubsetOf(reach(o)))
                    .findFirst();
            if (better.isPresent()) {
                excluded.put(r.key(), "it has purged binary logs that " + lost + " would need");
                fit.remove(r);
            }
        }
    }

    private List<InstanceKey> cutOffByPurge(Replica source) {
        return holders.stream()
                .filter(r -> r != source)
                .filter(r ->
                        !source.instance().purgedGtids().isSubsetOf(r.instance().receivedGtids()))
                .map(Replica::key)
                .toList();
    }

    private Comparator<Replica> order() {
        return comparing((Replica r) -> !isExplicit(r))
                .thenComparing(Replica::rule)
                .thenComparing(r -> !union.isSubsetOf(r.received()))
                .thenComparing(r -> !sameDataCenter(r))
                .thenComparing(r -> !r.instance().semiSync().replicaEnabled())
                .thenComparing(r -> union.minus(r.received()).count())
                .thenComparing(Replica::toApply)
                .thenComparing(r -> -followers(r))
                .thenComparing(Replica::key);
    }

    private boolean sameDataCenter(Replica r) {
        return failed == null || failed.dataCenter().equals(r.instance().dataCenter());
    }

    private long followers(Replica source) {
        return holders.stream().filter(r -> r != source && r.canFollow(source)).count();
    }

    /** The first that reaches all that can be reached; if none reaches it, the first of those that reach most. */
    private Choice best(List<Replica> fit) {
        Replica chosen = fit.get(0);
        long least = Long.MAX_VALUE;
        for (Replica r : fit) {
            long unreached = union.minus(reach(r)).count();
            if (unreached < least) {
                least = unreached;
                chosen = r;
            }
        }
        GtidSet target = reach(chosen).intersection(union);
        GtidSet stranded = union.minus(target);
        InstanceKey source = catchUpSource(chosen, target);
        List<InstanceKey> where = stranded.isEmpty() ? List.of() : placesOf(stranded);
        Map<InstanceKey, String> cannotFollow = Compatibility.cannotFollow(chosen, holders);
        return new Choice(
                chosen.key(),
                source,
                chosen.applierStands(),
                target,
                stranded,
                where,
                fit.stream().map(Replica::key).toList(),
                excluded,
                cannotFollow,
                explain(chosen, source, stranded, where) + reservations(chosen, cannotFollow));
    }

    /** What a candidate holds or can be brought to hold. */
    private GtidSet reach(Replica r) {
        GtidSet reached = r.received();
        for (Replica holder : holders) {
            if (holder != r && r.canFollow(holder)) {
                reached = reached.union(holder.servable());
            }
        }
        return reached;
    }

    private @Nullable InstanceKey catchUpSource(Replica chosen, GtidSet target) {
        GtidSet missing = target.minus(chosen.received());
        if (missing.isEmpty()) {
            return null;
        }
        return holders.stream()
                .filter(h -> h != chosen && chosen.canFollow(h))
                .filter(h -> h.servable().intersects(missing))
                .max(comparing((Replica h) -> h.servable().intersection(missing).count())
                        .thenComparing(h -> -h.toApply())
                        .thenComparing(Replica::key))
                .map(Replica::key)
                .orElse(null);
    }

    private List<InstanceKey> placesOf(GtidSet stranded) {
        return request.replicas().stream()
                .filter(key -> lineage.lastKnownReceived(key).intersects(stranded))
                .toList();
    }

    private String explain(Replica r, @Nullable InstanceKey source, GtidSet stranded, List<InstanceKey> where) {
        StringBuilder text = new StringBuilder()
                .append(r.key())
                .append(": ")
                .append(isExplicit(r) ? "asked for, " : "")
                .append("promotion rule ")
                .append(r.rule().text())
                .append(
                        source == null
                                ? ", holds everything that can be had"
                                : ", lacks " + union.minus(r.received()).count() + " transactions that " + source
                                        + " can bring")
                .append(sameDataCenter(r) ? "" : ", in another data center")
                .append(", ")
                .append(r.toApply())
                .append(" transactions left to apply");
        if (!stranded.isEmpty()) {
            text.append("; out of reach: ").append(stranded).append(where.isEmpty() ? "" : " (in " + where + ")");
        }
        return text.toString();
    }

    /** What an operator has to know of this choice although it is the best. */
    private String reservations(Replica chosen, Map<InstanceKey, String> cannotFollow) {
        StringBuilder text = new StringBuilder();
        if (!chosen.filters().isEmpty()) {
            text.append("; it has replication filters, what they leave out is missing there: ")
                    .append(chosen.filters());
        }
        if (chosen.applierStands()) {
            text.append("; its applier stands and has to be started");
        }
        if (!cannotFollow.isEmpty()) {
            text.append("; these cannot follow it, and there is no way back: ").append(cannotFollow);
        }
        if (loss != null) {
            text.append("; ").append(loss.text());
        }
        return text.toString();
    }

    private String noneIsFit() {
        InstanceKey wanted = request.explicit();
        return wanted == null
                ? "no replica may be promoted: " + excluded
                : wanted + " cannot be promoted: "
                        + excluded.getOrDefault(wanted, "it is no direct replica of " + request.failed());
    }

    private Choice nobody(String why) {
        return new Choice(
                null, null, false, GtidSet.empty(), GtidSet.empty(), List.of(), List.of(), excluded, Map.of(), why);
    }
}
