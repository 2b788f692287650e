package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.shell.execution.ProcedureRunner;
import dev.orchestrator.engine.internal.shell.schedule.Clocks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Watches a new primary for its first own transaction, for a while, in the background: that is when the outage was over
 * for clients. The time noted is that of the reading, so late by up to the pause between readings.
 */
final class FirstWriteWatch {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

    private final ProcedureRunner.Readings servers;
    private final Clocks clocks;
    private final Sleeper sleeper;
    private final Executor threads;

    FirstWriteWatch(ProcedureRunner.Readings servers, Clocks clocks, Sleeper sleeper, Executor threads) {
        this.servers = servers;
        this.clocks = clocks;
        this.sleeper = sleeper;
        this.threads = threads;
    }

    /** Begins to watch. */
    void watch(Instance promoted, RecoveryRecordWriter keeper) {
        if (!promoted.serverUuid().isEmpty()) {
            threads.execute(() -> watching(promoted, keeper));
        }
    }

    private void watching(Instance promoted, RecoveryRecordWriter keeper) {
        long begun = clocks.nanos();
        Duration pause = FIRST_PAUSE;
        while (clocks.nanos() - begun < PATIENCE.toNanos() && sleeper.pause(pause)) {
            if (hasWritten(promoted)) {
                Instant at = clocks.instant();
                keeper.complete(r -> r.toBuilder().firstWriteAt(at).build());
                keeper.saveIfPossible();
                return;
            }
            Duration longer = pause.plus(pause.dividedBy(2));
            pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        }
    }

    private boolean hasWritten(Instance promoted) {
        InstanceKey key = promoted.key();
        Optional<Instance> now = servers.refresh(List.of(key), Gatekeeper.READ)
                .member(key)
                .filter(FleetMember::isReachable)
                .flatMap(FleetMember::facts);
        return now.map(Instance::executedGtids)
                .map(e -> e.minus(promoted.executedGtids()).retainSources(List.of(promoted.serverUuid())))
                .filter(own -> !own.isEmpty())
                .isPresent();
    }
}
