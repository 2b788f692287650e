package dev.orchestrator.engine.internal.core.discovery;

import dev.orchestrator.api.config.OrchestratorConfig;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * How often and how many. All times in nanoseconds.
 *
 * @param interval between two polls of a server
 * @param burst between two polls of a server right after a suspicion arose
 * @param burstLasts how long that goes on
 * @param suspicion between two polls of a server under an older suspicion
 * @param suspicionLasts how long a suspicion stands that nothing came of
 * @param maxBackoff the longest time between two polls of a dead server without replicas
 * @param slowAfter a poll that takes longer makes its server an ailing one
 * @param limits how many polls run side by side in each lane
 */
public record PollTiming(
        long interval,
        long burst,
        long burstLasts,
        long suspicion,
        long suspicionLasts,
        long maxBackoff,
        long slowAfter,
        Map<Lane, Integer> limits) {
    /** Of all suspected servers together: a mass failure must not take the CPU that its repair needs. */
    static final long SUSPECTED_POLLS_PER_SECOND = 400;

    /** Copies the limits. */
    public PollTiming {
        limits = Map.copyOf(limits);
    }

    /**
     * The timing a configuration asks for.
     *
     * @param config the configuration
     * @return its timing
     */
    public static PollTiming of(OrchestratorConfig config) {
        Map<Lane, Integer> limits = new EnumMap<>(Lane.class);
        int most = Math.max(1, config.maxConcurrentPolls());
        limits.put(Lane.HEALTHY, most);
        limits.put(Lane.AILING, most);
        limits.put(Lane.URGENT, Math.max(32, most));
        limits.put(Lane.CRAWL, Math.min(32, most));
        long interval = config.pollInterval().toNanos();
        return new PollTiming(
                interval,
                Math.min(
                        Duration.ofMillis(50).toNanos(),
                        config.suspicionInterval().toNanos()),
                Duration.ofSeconds(1).toNanos(),
                config.suspicionInterval().toNanos(),
                Duration.ofSeconds(30).toNanos(),
                Math.max(interval, config.maxBackoff().toNanos()),
                Duration.ofMillis(300).toNanos(),
                limits);
    }

    int limit(Lane lane) {
        return limits.getOrDefault(lane, 1);
    }

    /** The time between two polls of a server that failed several times and has no replicas. */
    long backoff(int failures) {
        int doublings = Math.min(Math.max(failures - 1, 0), 20);
        return Math.min(interval << doublings, maxBackoff);
    }

    /** The time between two polls of one of {@code suspected} servers. */
    long suspicionPace(boolean bursting, int suspected) {
        long fair = suspected * (1_000_000_000L / SUSPECTED_POLLS_PER_SECOND);
        return bursting ? Math.max(burst, Math.min(fair, suspicion)) : Math.max(suspicion, fair);
    }
}
