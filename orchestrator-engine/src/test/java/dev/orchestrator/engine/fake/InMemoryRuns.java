package dev.orchestrator.engine.fake;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.CancelOutcome;
import dev.orchestrator.api.Node;
import dev.orchestrator.api.RunningChange;
import dev.orchestrator.spi.NodeStore;
import dev.orchestrator.spi.RunStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Running changes in memory. */
final class InMemoryRuns implements RunStore {
    private final InstantSource clock;
    private final NodeStore nodes;
    private final Map<String, RunningChange> runs = new LinkedHashMap<>();

    InMemoryRuns(InstantSource clock, NodeStore nodes) {
        this.clock = clock;
        this.nodes = nodes;
    }

    @Override
    public void begin(RunningChange run) {
        runs.remove(run.uid());
        runs.put(run.uid(), changed(run, clock.instant(), run.phase(), null));
    }

    @Override
    public void phase(String uid, String phase) {
        runs.computeIfPresent(uid, (u, r) -> changed(r, r.since(), phase, r.cancellation()));
    }

    private static RunningChange changed(
            RunningChange r, Instant since, String phase, RunningChange.@Nullable Cancellation cancellation) {
        return new RunningChange(
                r.uid(),
                r.kind(),
                r.description(),
                r.instances(),
                r.actor(),
                r.node(),
                r.nodeToken(),
                since,
                phase,
                false,
                cancellation);
    }

    @Override
    public void end(String uid, String nodeToken) {
        runs.values().removeIf(r -> r.uid().equals(uid) && r.nodeToken().equals(nodeToken));
    }

    @Override
    public List<RunningChange> running() {
        return List.copyOf(runs.values());
    }

    @Override
    public void answer(String uid, CancelOutcome outcome) {
        cancelled(uid, c -> c == null ? null : new RunningChange.Cancellation(c.by(), c.at(), outcome));
    }

    @Override
    public boolean askToStop(String uid, Actor by) {
        return cancelled(uid, c -> c == null ? new RunningChange.Cancellation(by, clock.instant(), null) : c);
    }

    private boolean cancelled(
            String uid, Function<RunningChange.@Nullable Cancellation, RunningChange.@Nullable Cancellation> change) {
        return runs.computeIfPresent(uid, (u, r) -> changed(r, r.since(), r.phase(), change.apply(r.cancellation())))
                != null;
    }

    @Override
    public Set<String> askedToStop(String nodeToken) {
        return runs.values().stream()
                .filter(r -> r.nodeToken().equals(nodeToken) && r.cancellation() != null)
                .map(RunningChange::uid)
                .collect(Collectors.toSet());
    }

    @Override
    public int purge() {
        Instant limit = clock.instant().minus(Duration.ofMinutes(1));
        Set<String> alive =
                nodes.alive(Duration.ofDays(1)).stream().map(Node::token).collect(Collectors.toSet());
        int before = runs.size();
        runs.values().removeIf(r -> r.since().isBefore(limit) && !alive.contains(r.nodeToken()));
        return before - runs.size();
    }
}
