package dev.orchestrator.engine.internal.core.analysis;

import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationThreadState;
import java.time.Duration;
import java.time.Instant;

/** What is to be done to find out more about a source that is silent for us while its replicas do not agree. */
public final class DoubtRules {
    private DoubtRules() {}

    /** What may be done. */
    public enum Step {
        /** Nothing: there is no doubt. */
        NOTHING,
        /** Read the replicas until they notice it themselves. */
        REREAD,
        /** Restart one receiver. */
        TEST
    }

    /**
     * Chooses.
     *
     * @param source the source
     * @param finding what was found of it
     * @param patience how long the replicas of a source whose connection broke may take to notice it themselves
     * @param now the present
     * @return the step; one at a time is made of a source
     */
    public static Step next(FleetMember source, FailureAnalysis finding, Duration patience, Instant now) {
        ProbeFailure failure = source.failure();
        Instant since = source.failingSince();
        if (!isDoubtful(finding) || failure == null || since == null || failure.serverAnswered()) {
            return Step.NOTHING;
        }
        return isBroken(failure) && !since.plus(patience).isBefore(now) ? Step.REREAD : Step.TEST;
    }

    /**
     * Whether a receiver that did not come back after a test runs again, so that others may be tested.
     *
     * @param fleet the snapshot
     * @param replica the tested replica
     * @param failedAt when it was seen not to come back; what was read before says nothing
     * @return true also when it is no member any more
     */
    public static boolean cameBack(Fleet fleet, InstanceKey replica, Instant failedAt) {
        return fleet.member(replica)
                .map(m -> m.isReachable()
                        && m.lastSeen() != null
                        && m.lastSeen().isAfter(failedAt)
                        && m.facts()
                                .flatMap(Instance::mainChannel)
                                .filter(c -> c.receiver() != ReplicationThreadState.RUNNING)
                                .isEmpty())
                .orElse(true);
    }

    /** The process or the way to it is gone: replicas on the same way will notice within moments. */
    private static boolean isBroken(ProbeFailure failure) {
        return failure.kind() == ProbeFailure.Kind.REFUSED || failure.kind() == ProbeFailure.Kind.CONNECTION_LOST;
    }

    private static boolean isDoubtful(FailureAnalysis finding) {
        return switch (finding.code()) {
            case UNREACHABLE_PRIMARY,
                    UNREACHABLE_PRIMARY_WITH_LAGGING_REPLICAS,
                    UNREACHABLE_CO_PRIMARY,
                    UNREACHABLE_INTERMEDIATE_SOURCE,
                    UNREACHABLE_INTERMEDIATE_SOURCE_WITH_LAGGING_REPLICAS -> true;
            default -> false;
        };
    }
}
