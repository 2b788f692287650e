package dev.orchestrator.engine.internal.shell.execution;

import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Reads servers for procedures: a reading counts only when it began after it was asked for, and by now. Thread-safe. */
final class FreshReader {
    private static final int ATTEMPTS = 3;

    private final ProcedureRunner.Readings servers;
    private final InstantSource clock;
    private final Ticker ticker;

    FreshReader(ProcedureRunner.Readings servers, InstantSource clock, Ticker ticker) {
        this.servers = servers;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** A reading, and the ticker reading before which it did not begin. */
    record Reading(FleetMember member, long begunNanos) {}

    /** Reads a server; a poll that was under way already when it was asked for is waited out and followed by another. */
    Reading read(InstanceKey key, Duration patience) {
        long end = ticker.nanos() + patience.toNanos();
        for (int attempt = 1; ; attempt++) {
            long begun = ticker.nanos();
            Instant asked = clock.instant();
            long left = Math.max(1, end - begun);
            FleetMember member = servers.refresh(List.of(key), Duration.ofNanos(left))
                    .member(key)
                    .orElseThrow(() -> new IllegalStateException(key + " is not known any more"));
            Instant began = member.lastAttempt();
            // A stored stamp of a time to come, as after the backend's clock was set back, says nothing of now.
            if (began != null && !began.isBefore(asked) && !began.isAfter(clock.instant())) {
                return new Reading(member, begun);
            }
            if (attempt == ATTEMPTS || ticker.nanos() >= end) {
                return new Reading(unread(member, asked, "no reading that began after it was asked for"), begun);
            }
        }
    }

    /** What was seen before it was asked for is no answer. */
    static FleetMember unread(FleetMember member, Instant asked, String why) {
        ProbeFailure late = new ProbeFailure(ProbeFailure.Kind.TIMEOUT, why);
        return new FleetMember(
                member.key(),
                member.cluster(),
                member.instance(),
                member.lastSeen(),
                asked,
                late,
                asked,
                member.latency());
    }
}
