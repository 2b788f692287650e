package dev.orchestrator.engine.internal.core.leader;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import java.time.Duration;

/**
 * How a lease is kept.
 *
 * @param name what is leased
 * @param node who stands for it
 * @param ttl how long it holds without renewal
 * @param renewInterval how often it is renewed; at most half of the ttl, so that one lost renewal is not the end
 * @param candidate whether the node takes the lease by itself when it is free
 */
public record LeaseSettings(String name, String node, Duration ttl, Duration renewInterval, boolean candidate) {
    private static final Duration SHORTEST_TTL = Duration.ofMillis(200);
    private static final Duration LONGEST_ATTEMPT_INTERVAL = Duration.ofMillis(350);

    /** Checks that the times fit each other. */
    public LeaseSettings {
        if (name.isBlank() || node.isBlank()) {
            throw new OrchestratorException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "a lease needs a name and a node: name '" + name + "', node '" + node + "'");
        }
        if (ttl.compareTo(SHORTEST_TTL) < 0) {
            throw new OrchestratorException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "lease '" + name + "': a lease time of " + ttl + " is too short; at least " + SHORTEST_TTL);
        }
        if (renewInterval.isNegative()
                || renewInterval.isZero()
                || renewInterval.multipliedBy(2).compareTo(ttl) > 0) {
            throw new OrchestratorException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "lease '" + name + "': a renewal every " + renewInterval + " does not fit a lease time of " + ttl
                            + "; at most half of it");
        }
    }

    /**
     * What is kept off the end of a lease: our clock and the backend's need not run alike.
     *
     * @return a tenth of it
     */
    public Duration safetyMargin() {
        return ttl.dividedBy(10);
    }

    /** How long after a grant or renewal was asked for the lease is certain to be held. */
    Duration certainty() {
        return ttl.minus(safetyMargin());
    }

    /** How often a node that does not hold the lease tries to take it. */
    Duration attemptInterval() {
        return renewInterval.compareTo(LONGEST_ATTEMPT_INTERVAL) < 0 ? renewInterval : LONGEST_ATTEMPT_INTERVAL;
    }

    /** How soon a renewal that failed is tried again. */
    Duration retryInterval() {
        return renewInterval.dividedBy(3);
    }
}
