package dev.orchestrator.engine.internal.core.candidate;

import dev.orchestrator.api.config.SemiSyncLossPolicy;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.SemiSyncState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * That transactions which a dead primary acknowledged may be only on servers that do not answer. A commit waits for
 * {@code w} acknowledgements; when {@code w} or more of the replicas that gave them are silent, all of a commit's may have
 * come from them. So one dead one of several is enough where a commit waits for one.
 *
 * @param waitCount how many acknowledgements a commit waited for
 * @param silent the replicas known to have been connected that are silent now
 * @param unknown how many more were connected than are known
 * @param infinite whether the primary would wait for ever rather than go on without them
 * @param lastKnown what the primary and the silent ones were last seen to hold
 */
public record SemiSyncLoss(int waitCount, List<InstanceKey> silent, int unknown, boolean infinite, GtidSet lastKnown) {
    /** Nobody who is content with asynchronous replication lets clients wait this long. */
    static final Duration INFINITE = Duration.ofHours(24);

    /** Copies the list. */
    public SemiSyncLoss {
        silent = List.copyOf(silent);
    }

    /**
     * Finds out whether it may be so.
     *
     * @param fleet the snapshot as it was last read
     * @param failed the primary
     * @param replicas its direct replicas as they were when it failed
     * @return empty when it answers, did not wait for anybody, or enough of those that acknowledge answer
     */
    public static Optional<SemiSyncLoss> of(Fleet fleet, InstanceKey failed, List<InstanceKey> replicas) {
        Optional<FleetMember> member = fleet.member(failed).filter(m -> !m.isReachable());
        Instance primary = member.flatMap(FleetMember::facts).orElse(null);
        if (primary == null) {
            return Optional.empty();
        }
        SemiSyncState state = primary.semiSync();
        if (!state.sourceEnabled() || !state.sourceActive() || state.waitForReplicas() < 1) {
            return Optional.empty();
        }
        List<FleetMember> ackers = replicas.stream()
                .flatMap(k -> fleet.member(k).stream())
                .filter(m ->
                        m.facts().filter(i -> i.semiSync().replicaEnabled()).isPresent())
                .toList();
        List<FleetMember> silent = ackers.stream()
                .filter(m -> !m.isReachable() && wasConnected(fleet, primary, m))
                .toList();
        int answering = (int) ackers.stream().filter(FleetMember::isReachable).count();
        int gone = Math.min(state.clients(), Math.max(silent.size(), state.clients() - answering));
        if (gone < state.waitForReplicas()) {
            return Optional.empty();
        }
        GtidSet known = primary.executedGtids();
        for (FleetMember m : silent) {
            known = known.union(m.facts().orElseThrow().receivedGtids());
        }
        return Optional.of(new SemiSyncLoss(
                state.waitForReplicas(),
                silent.stream().map(FleetMember::key).toList(),
                Math.max(0, gone - silent.size()),
                state.timeout().compareTo(INFINITE) >= 0,
                known));
    }

    /** By the primary's last reading; one that could not list its replicas may have had any. */
    private static boolean wasConnected(Fleet fleet, Instance primary, FleetMember replica) {
        return primary.replicas().isEmpty()
                || primary.replicas().stream()
                        .anyMatch(k -> fleet.canonical(k.key()).equals(replica.key())
                                || (k.portAssumed()
                                        && k.key()
                                                .hostname()
                                                .equals(replica.key().hostname())));
    }

    /**
     * Whether an automatic recovery has to refuse.
     *
     * @param policy the setting
     * @return true when nobody may be promoted without an operator's order
     */
    public boolean refuses(SemiSyncLossPolicy policy) {
        return switch (policy) {
            case REFUSE -> true;
            case REFUSE_IF_INFINITE -> infinite;
            case PROMOTE -> false;
        };
    }

    /**
     * What may be lost, where it may be, and why.
     *
     * @return for people
     */
    public String text() {
        int gone = silent.size() + unknown;
        return "commits waited for " + waitCount + " acknowledgement(s) (semi-sync"
                + (infinite ? ", without end" : "") + "), and " + gone
                + " of the replicas that gave them are silent now: " + silent
                + (unknown == 0 ? "" : " and " + unknown + " unknown") + "; with " + waitCount
                + " or more of them silent, acknowledged transactions may be only there and on the dead primary."
                + " The last set known of them: " + lastKnown;
    }

    /**
     * Why nobody was promoted, and what an operator can do.
     *
     * @return for people
     */
    public String refusal() {
        return text()
                + ". Bring one of them or the primary back, or order the recovery by hand, or set SemiSyncLossPolicy";
    }
}
