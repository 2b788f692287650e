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
    private final Lineage lineage;
    private final Map<InstanceKey, String> excluded = new TreeMap<>();
    private final List<Replica> replicas = new ArrayList<>();
    private final List<Replica> holders = new ArrayList<>();
    private final GtidSet union;
    private final @Nullable Instance failed;

    private CandidateChooser(ChoiceRequest request) {
        this.request = request;
        this.lineage = new Lineage(request.fleet(), request.failed());
        this.failed = request.fleet().instance(request.failed()).orElse(null);
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
                lineage.errant(instance));
    }

    private Choice choose() {
        List<Replica> fit = new ArrayList<>();
        for (Replica replica : replicas) {
            Optional<String> why = unfit(replica);
            if (why.isPresent()) {
                excluded.put(replica.key(), why.get());
            } else {
                fit.add(replica);
            }
        }
        excludeWhoWouldLoseSiblings(fit);
        fit.sort(order());
        keepOnlyWhoWasAskedFor(fit);
        return fit.isEmpty() ? nobody() : best(fit);
    }

    /** A person's choice goes before all, but not at the price of what another one would save. */
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
        return tooNewForMost(r).or(() -> formatTooRichForMost(r));
    }

    private Optional<String> tooNewForMost(Replica r) {
        Replica common = mostCommon(comparing(Replica::version, Replica::compareMajor));
        return Replica.compareMajor(r.version(), common.version()) <= 0
                ? Optional.empty()
                : Optional.of("its version " + r.version() + " is newer than most of its siblings accept ("
                        + common.version().majorVersion() + ")");
    }

    private Optional<String> formatTooRichForMost(Replica r) {
        Replica common = mostCommon(Comparator.comparingInt(Replica::formatRank));
        return r.formatRank() <= common.formatRank()
                ? Optional.empty()
                : Optional.of("its binlog_format " + r.instance().binlogFormat() + " is more than most of its siblings"
                        + " can follow (" + common.instance().binlogFormat() + ")");
    }

    /** The most common kind; of equally common ones the smallest. */
    private Replica mostCommon(Comparator<Replica> kind) {
        return replicas.stream()
                .max(comparing((Replica r) -> replicas.stream()
                                .filter(o -> kind.compare(o, r) == 0)
                                .count())
                        .thenComparing(kind.reversed()))
                .orElseThrow();
    }

    /**
     * Leaves out who has purged what a sibling lacks, if another one would lose fewer siblings and no transaction more:
     * a replica can be built anew, a transaction cannot.
     */
    private void excludeWhoWouldLoseSiblings(List<Replica> fit) {
        List<Replica> all = List.copyOf(fit);
        for (Replica r : all) {
            List<InstanceKey> lost = cutOffByPurge(r);
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
        return replicas.stream()
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
        return replicas.stream().filter(r -> r != source && r.canFollow(source)).count();
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
        return new Choice(
                chosen.key(),
                source,
                target,
                stranded,
                where,
                fit.stream().map(Replica::key).toList(),
                excluded,
                explain(chosen, source, stranded, where));
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

    private Choice nobody() {
        InstanceKey wanted = request.explicit();
        String why = wanted == null
                ? "no replica may be promoted: " + excluded
                : wanted + " cannot be promoted: "
                        + excluded.getOrDefault(wanted, "it is no direct replica of " + request.failed());
        return new Choice(null, null, GtidSet.empty(), GtidSet.empty(), List.of(), List.of(), excluded, why);
    }
}
