package dev.orchestrator.engine;

import dev.orchestrator.api.LeaderElection;
import dev.orchestrator.engine.internal.core.leader.LeaseSettings;
import dev.orchestrator.engine.internal.shell.leader.CandidacyCheck;
import dev.orchestrator.engine.internal.shell.leader.IdleCheck;
import dev.orchestrator.engine.internal.shell.leader.LeaseKeeper;
import dev.orchestrator.spi.Backend;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.util.Objects;

/**
 * Leader election for an embedder's own jobs, on the backend of the orchestrator but apart from its leadership: a lease
 * by the backend's clock, with an epoch that grows at every change of the holder.
 *
 * <pre>{@code
 * try (LeaderElection election = Elections.join(backend, "nightly-report", "app-1", ofSeconds(10), ofSeconds(3))) {
 *     if (election.standing() == Standing.LEADING) { report(); }
 * }
 * }</pre>
 */
public final class Elections {
    private Elections() {}

    /**
     * Stands for election from now on, until the answer is closed.
     *
     * @param backend where the lease is kept; not closed by the election
     * @param name what is led; all who join by the same name compete. {@code leader} is the orchestrator's own
     * @param nodeName what this node is called
     * @param ttl how long leadership holds without renewal, at least 200 ms
     * @param renewInterval how often it is renewed, at most half of {@code ttl}
     * @return the election; close it to leave
     * @throws dev.orchestrator.api.OrchestratorException with {@code INVALID_CONFIGURATION} when the times do not fit
     */
    public static LeaderElection join(
            Backend backend, String name, String nodeName, Duration ttl, Duration renewInterval) {
        Objects.requireNonNull(backend, "backend");
        LeaseKeeper keeper = new LeaseKeeper(
                backend.leases(),
                new LeaseSettings(name, nodeName, ttl, renewInterval, true),
                Ticker.system(),
                IdleCheck.AT_ONCE,
                CandidacyCheck.FREE);
        keeper.start();
        return keeper;
    }
}
