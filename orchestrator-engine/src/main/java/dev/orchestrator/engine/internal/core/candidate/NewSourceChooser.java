package dev.orchestrator.engine.internal.core.candidate;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses who is to feed the replicas of an intermediate source that is dead: its own source, which has everything it
 * ever had, else one of its siblings.
 */
public final class NewSourceChooser {
    private final Fleet fleet;
    private final InstanceKey failed;
    private final List<Instance> orphans;
    private final Set<String> acceptedFilters;

    private NewSourceChooser(
            Fleet fleet, InstanceKey failed, Collection<InstanceKey> orphans, Set<String> acceptedFilters) {
        this.fleet = fleet;
        this.acceptedFilters = acceptedFilters;
        this.failed = fleet.canonical(failed);
        this.orphans = orphans.stream()
                .flatMap(k -> fleet.member(k).stream())
                .filter(FleetMember::isReachable)
                .flatMap(m -> m.facts().stream())
                .filter(Instance::usesOracleGtid)
                .toList();
    }

    /**
     * What was chosen.
     *
     * @param chosen the new source, null when nobody is fit
     * @param explanation why, for people
     */
    public record NewSource(@Nullable InstanceKey chosen, String explanation) {}

    /**
     * Chooses.
     *
     * @param fleet the snapshot as it was last read
     * @param failed the dead intermediate source
     * @param orphans those of its replicas that may be moved
     * @param explicit the server an operator asked for, null to choose
     * @param policy what may be done in this cluster
     * @return the choice
     */
    public static NewSource choose(
            Fleet fleet,
            InstanceKey failed,
            Collection<InstanceKey> orphans,
            @Nullable InstanceKey explicit,
            ChoicePolicy policy) {
        return new NewSourceChooser(fleet, failed, orphans, policy.acceptedFilters()).choose(explicit);
    }

    private NewSource choose(@Nullable InstanceKey explicit) {
        List<String> refused = new ArrayList<>();
        for (FleetMember candidate : candidates(explicit)) {
            String why = unfit(candidate);
            List<String> left = why.isEmpty() ? leftOut(candidate) : List.of();
            if (why.isEmpty() && (left.isEmpty() || explicit != null)) {
                String warning =
                        left.isEmpty() ? "" : "; asked for, its replicas will lack what its filters leave out: " + left;
                return new NewSource(candidate.key(), candidate.key() + ": " + role(candidate.key()) + warning);
            }
            if (!left.isEmpty()) {
                why = "has replication filters that not all of its new replicas have: " + left;
            }
            refused.add(candidate.key() + " " + why);
        }
        return new NewSource(
                null,
                refused.isEmpty() ? "neither a source nor a sibling of " + failed + " is known" : "nobody: " + refused);
    }

    private List<FleetMember> candidates(@Nullable InstanceKey explicit) {
        if (explicit != null) {
            return fleet.member(explicit).stream().toList();
        }
        List<FleetMember> candidates = new ArrayList<>();
        Optional<FleetMember> upstream = fleet.member(failed).flatMap(fleet::sourceOf);
        upstream.ifPresent(candidates::add);
        upstream.stream()
                .flatMap(u -> fleet.replicasOf(u.key()).stream())
                .sorted(Comparator.comparing(FleetMember::key))
                .forEach(candidates::add);
        // Its source may have been replaced meanwhile.
        primary().filter(p -> !candidates.contains(p)).ifPresent(candidates::add);
        return candidates;
    }

    private Optional<FleetMember> primary() {
        return fleet.member(failed)
                .flatMap(m -> fleet.cluster(m.cluster()))
                .map(Cluster::primary)
                .filter(p -> !p.equals(failed))
                .flatMap(fleet::member);
    }

    private String role(InstanceKey key) {
        if (isUpstream(key)) {
            return "the source of " + failed;
        }
        return primary().filter(p -> p.key().equals(key)).isPresent()
                ? "the primary of the cluster of " + failed
                : "a sibling of " + failed;
    }

    private boolean isUpstream(InstanceKey key) {
        return fleet.member(failed)
                .flatMap(fleet::sourceOf)
                .filter(u -> u.key().equals(key))
                .isPresent();
    }

    /** Whether all that the dead one had came from there: a channel that was switched off may be one of long ago. */
    private boolean isFollowed(InstanceKey key) {
        return isUpstream(key)
                && fleet.member(failed).flatMap(FleetMember::facts).stream()
                        .flatMap(i -> i.mainChannel().stream())
                        .map(ReplicationChannel::receiver)
                        .anyMatch(r -> r == ReplicationThreadState.RUNNING || r == ReplicationThreadState.CONNECTING);
    }

    /** The filters of a server that an orphan does not have; whatever hung on its own source lacks the same already. */
    private List<String> leftOut(FleetMember candidate) {
        if (isFollowed(candidate.key())) {
            return List.of();
        }
        return candidate.facts().stream()
                .flatMap(i -> ReplicationFilters.of(i, acceptedFilters).stream())
                .filter(f ->
                        orphans.stream().anyMatch(o -> !ReplicationFilters.of(o).contains(f)))
                .toList();
    }

    /** Why a server cannot feed the orphans, empty when it can. */
    private String unfit(FleetMember candidate) {
        Instance facts = candidate.instance();
        if (isBelowFailed(candidate)) {
            return "hangs on " + failed + " itself";
        }
        if (facts == null || !candidate.isReachable()) {
            return "does not answer";
        }
        if (!facts.binlogEnabled() || (!facts.channels().isEmpty() && !facts.logReplicaUpdates())) {
            return "writes no binary log of what it replicates";
        }
        if (facts.group() != null) {
            return "is a member of a replication group";
        }
        GtidProvenance lineage = new GtidProvenance(fleet, failed);
        for (Instance orphan : orphans) {
            // They followed the dead one, which followed its source.
            Optional<String> kind =
                    isFollowed(facts.key()) ? Optional.empty() : Compatibility.cannotExecute(orphan, facts);
            if (kind.isPresent()) {
                return "cannot be followed by " + orphan.key() + ": " + kind.get();
            }
            GtidSet received = lineage.received(orphan);
            GtidSet purged = facts.purgedGtids().minus(orphan.receivedGtids());
            if (!purged.isEmpty()) {
                return "has purged " + purged + ", which " + orphan.key() + " needs";
            }
            // What its source has executed is read before or after the orphans: it cannot lack what came from it.
            GtidSet missing = isFollowed(facts.key()) ? GtidSet.empty() : received.minus(facts.executedGtids());
            if (!missing.isEmpty()) {
                return "does not have " + missing + ", which " + orphan.key() + " has received";
            }
        }
        return "";
    }

    private boolean isBelowFailed(FleetMember candidate) {
        FleetMember at = candidate;
        for (int hops = 0; hops <= fleet.members().size() && at != null; hops++) {
            if (at.key().equals(failed)) {
                return true;
            }
            at = fleet.sourceOf(at).orElse(null);
        }
        return false;
    }
}
