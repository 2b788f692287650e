package dev.orchestrator.bench.series;

import java.time.Duration;

/**
 * What a chaos is made of.
 *
 * @param services how many services
 * @param slots how many command lines may be at work side by side
 * @param pace how long between the starts of two command lines
 * @param length how long services are hurt and commands given
 * @param backend what they share; a server
 */
record ChaosSetup(int services, int slots, Duration pace, Duration length, SharedBackend.Kind backend) {
    /** Seconds between two injuries of services, on average. */
    static final int MEAN_PAUSE_SECONDS = 5;
    /** How long the longest maintenance that a command asks for lasts. */
    static final Duration MAINTENANCE = Duration.ofSeconds(20);
}
