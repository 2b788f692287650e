package dev.orchestrator.api;

import java.time.Instant;

/**
 * A running service or command.
 *
 * @param hostname its host
 * @param token random text that tells processes apart
 * @param version the program's version
 * @param command what it runs
 * @param backend the kind of its backend
 * @param since when it was first heard of, by the backend's clock
 * @param lastSeen when it was last heard of, by the backend's clock
 */
public record Node(
        String hostname,
        String token,
        String version,
        String command,
        String backend,
        Instant since,
        Instant lastSeen) {}
