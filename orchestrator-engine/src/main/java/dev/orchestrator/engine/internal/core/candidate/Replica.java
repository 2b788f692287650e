package dev.orchestrator.engine.internal.core.candidate;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.ServerVersion;
import java.util.List;
import java.util.Optional;

/** A reachable replica as the choice sees it. */
record Replica(Instance instance, PromotionRule rule, GtidSet received, GtidSet errant, List<String> filters) {
    InstanceKey key() {
        return instance.key();
    }

    Optional<ReplicationChannel> channel() {
        return instance.mainChannel();
    }

    boolean receiverStopped() {
        return channel()
                .map(c -> c.receiver() == ReplicationThreadState.STOPPED)
                .orElse(true);
    }

    boolean isDelayed() {
        return channel().map(c -> !c.configuredDelay().isZero()).orElse(false);
    }

    /** An applier that ended with an error does not go on by itself, and what follows the error cannot be executed. */
    boolean applierBroken() {
        return channel()
                .map(c -> c.lastApplierErrno() != 0 && c.applier() != ReplicationThreadState.RUNNING)
                .orElse(false);
    }

    /** Whether others can read from it what it received, once it has executed it. */
    boolean canServe() {
        return instance.binlogEnabled() && instance.logReplicaUpdates() && !isDelayed() && !applierBroken();
    }

    GtidSet servable() {
        return canServe() ? received : GtidSet.empty();
    }

    long toApply() {
        return received.minus(instance.executedGtids()).count();
    }

    /** Its applier was stopped, not by an error. */
    boolean applierStands() {
        return !applierBroken()
                && channel()
                        .filter(c -> c.applier() == ReplicationThreadState.STOPPED)
                        .isPresent();
    }

    boolean canFollow(Replica source) {
        return cannotFollow(source).isEmpty();
    }

    /**
     * Why this one cannot replicate from the other: a source must not be newer, nor log in a richer format, nor have
     * purged what this one lacks, nor leave out what this one does not.
     */
    Optional<String> cannotFollow(Replica source) {
        Optional<String> kind = Compatibility.cannotExecute(instance, source.instance);
        if (kind.isPresent()) {
            return kind;
        }
        if (!source.instance.purgedGtids().isSubsetOf(instance.receivedGtids())) {
            return Optional.of("it lacks binary logs that were purged");
        }
        return filters.containsAll(source.filters)
                ? Optional.empty()
                : Optional.of("it would lack what the filters leave out: " + source.filters);
    }

    ServerVersion version() {
        return instance.version();
    }

    int formatRank() {
        return Compatibility.formatRank(instance);
    }
}
