package dev.orchestrator.engine.internal.core.discovery;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import java.time.Duration;
import java.time.Instant;

/** What is made of the answer, or the silence, of a server that somebody waits for. */
public final class SeedAnswer {
    private SeedAnswer() {}

    /**
     * The reading of a server that has not answered in time.
     *
     * @param key the server
     * @param asked when
     * @param deadline how long it had
     * @return a failed one
     */
    public static Observation.Failed silence(InstanceKey key, Instant asked, Duration deadline) {
        String message = "no answer within " + deadline.toMillis() + " ms";
        return new Observation.Failed(key, new ProbeFailure(ProbeFailure.Kind.TIMEOUT, message), asked, deadline);
    }

    /**
     * Whether a seed has a second try.
     *
     * @param first what its first poll brought
     * @return true when that ran out of time: a process that has just begun is slow
     */
    public static boolean isSlow(Observation first) {
        return first.failed().filter(f -> f.kind() == ProbeFailure.Kind.TIMEOUT).isPresent();
    }

    /**
     * A seed that must have answered.
     *
     * @param answer what its poll brought
     * @return the facts
     */
    public static Observation.Seen seen(Observation answer) {
        return answer.match(seen -> seen, failed -> {
            throw unreachable(failed);
        });
    }

    /**
     * Refuses to discover what does not answer.
     *
     * @param failed how it failed
     * @return the refusal
     */
    public static OrchestratorException unreachable(Observation.Failed failed) {
        return new OrchestratorException(
                ErrorCode.INSTANCE_UNREACHABLE,
                "cannot read " + failed.key() + ": " + failed.failure().message());
    }

    /**
     * Refuses to discover what was forgotten.
     *
     * @param key the seed
     * @param block how long it stays so
     * @return the refusal
     */
    public static OrchestratorException forgotten(InstanceKey key, Duration block) {
        return new OrchestratorException(
                ErrorCode.REFUSED,
                "cannot discover " + key + ": it was forgotten a moment ago; try again in " + block.toSeconds() + " s");
    }

    /**
     * The seed as it was found.
     *
     * @param fleet the fleet it joined
     * @param key its key
     * @return the server
     */
    public static FleetMember found(Fleet fleet, InstanceKey key) {
        return fleet.member(key)
                .orElseThrow(() -> new OrchestratorException(
                        ErrorCode.UNKNOWN_INSTANCE, key + " answered, and was forgotten while it was discovered"));
    }
}
