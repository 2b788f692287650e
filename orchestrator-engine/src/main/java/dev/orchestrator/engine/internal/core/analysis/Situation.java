package dev.orchestrator.engine.internal.core.analysis;

import dev.orchestrator.api.analysis.ReplicaCounts;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.SemiSyncState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The facts about one server that the rows of the table ask for.
 *
 * @param member the server
 * @param cluster its cluster
 * @param source its source, null when it has none
 * @param sourceFails whether its source does not answer us
 * @param role where it stands
 * @param depth its depth in the tree
 * @param superseded whether another server has taken its place
 * @param downtimed whether it is in downtime
 * @param counts its replicas, counted
 * @param replicasFresh whether the readings of all reachable replicas are young enough to say something about the present
 * @param witnesses its replicas, each with what it says; all the same when it answers
 * @param verdict what the replicas say together
 * @param binlogStandsFor how long its binary log has not grown, null when it grows or is not watched
 * @param policy limits
 */
record Situation(
        FleetMember member,
        Cluster cluster,
        @Nullable InstanceKey source,
        boolean sourceFails,
        Role role,
        int depth,
        boolean superseded,
        boolean downtimed,
        ReplicaCounts counts,
        boolean replicasFresh,
        List<ReplicaReport> witnesses,
        ReplicaConsensus verdict,
        @Nullable Duration binlogStandsFor,
        AnalysisPolicy policy) {
    /** Where a server stands in its topology. */
    enum Role {
        PRIMARY,
        CO_PRIMARY,
        REPLICA
    }

    boolean isPrimary() {
        return role == Role.PRIMARY;
    }

    boolean isCoPrimary() {
        return role == Role.CO_PRIMARY;
    }

    boolean isReplica() {
        return role == Role.REPLICA;
    }

    Optional<Instance> facts() {
        return member.facts();
    }

    boolean answers() {
        return member.isReachable();
    }

    /** The last poll failed, and nothing shows that the server lives. */
    boolean isSilent() {
        ProbeFailure failure = member.failure();
        return failure != null && !failure.serverAnswered();
    }

    /** The last poll failed with an answer of a living server. */
    boolean refusesUs() {
        ProbeFailure failure = member.failure();
        return failure != null && failure.serverAnswered();
    }

    /** It lives, and whoever watches it has no say there: the account is wrong, or was never made. */
    boolean refusesOurAccount() {
        ProbeFailure failure = member.failure();
        return failure != null && failure.kind() == ProbeFailure.Kind.ACCESS_DENIED;
    }

    boolean wasEverSeen() {
        return member.instance() != null;
    }

    int replicas() {
        return counts.total();
    }

    boolean agreed() {
        return verdict == ReplicaConsensus.AGREED;
    }

    boolean allReachable() {
        return counts.reachable() == counts.total();
    }

    /** By fresh readings none of its replicas replicates. Old ones say nothing: so it is when nobody polls. */
    boolean noneReplicates() {
        return replicasFresh && counts.replicating() == 0;
    }

    /** We do not reach it, and its replicas do not confirm that it is gone. */
    boolean isUnconfirmed() {
        return replicas() > 0 && ((isSilent() && verdict.isOpen()) || refusesUs());
    }

    boolean allLagging() {
        return isUnconfirmed()
                && isSilent()
                && counts.lagging() == counts.total()
                && counts.delayed() < counts.total()
                && counts.replicating() > 0;
    }

    /** Fewer semi-sync replicas are connected than a commit waits for. */
    boolean isShortOfSemiSyncReplicas() {
        return semiSync(s ->
                s.sourceEnabled() && s.sourceActive() && s.waitForReplicas() > 0 && s.clients() < s.waitForReplicas());
    }

    boolean semiSync(java.util.function.Predicate<SemiSyncState> test) {
        return answers() && facts().map(Instance::semiSync).filter(test).isPresent();
    }

    boolean standsStill() {
        return binlogStandsFor != null && binlogStandsFor.compareTo(policy.lockedSemiSyncAfter()) >= 0;
    }

    boolean isReadOnly() {
        return facts().map(Instance::readOnly).orElse(false);
    }
}
