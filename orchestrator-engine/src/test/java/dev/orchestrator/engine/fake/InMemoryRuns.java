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
import java.util.stream.Collectors;

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
        runs.put(
                run.uid(),
                new RunningChange(
                        run.uid(),
                        run.kind(),
                        run.description(),
                        run.instances(),
                        run.actor(),
                        run.node(),
                        run.nodeToken(),
                        clock.instant(),
                        run.phase(),
                        null,
                        null,
                        null));
    }

    @Override
    public void phase(String uid, String phase) {
        runs.computeIfPresent(
                uid,
                (u, r) -> new RunningChange(
                        u,
                        r.kind(),
                        r.description(),
                        r.instances(),
                        r.actor(),
                        r.node(),
                        r.nodeToken(),
                        r.since(),
                        phase,
                        r.cancelledBy(),
                        r.cancelledAt(),
                        r.cancelOutcome()));
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
        runs.computeIfPresent(
                uid,
                (u, r) -> new RunningChange(
                        u,
                        r.kind(),
                        r.description(),
                        r.instances(),
                        r.actor(),
                        r.node(),
                        r.nodeToken(),
                        r.since(),
                        r.phase(),
                        r.cancelledBy(),
                        r.cancelledAt(),
                        outcome));
    }

    @Override
    public boolean askToStop(String uid, Actor by) {
        return runs.computeIfPresent(
                        uid,
                        (u, r) -> r.cancelledBy() != null
                                ? r
                                : new RunningChange(
                                        u,
                                        r.kind(),
                                        r.description(),
                                        r.instances(),
                                        r.actor(),
                                        r.node(),
                                        r.nodeToken(),
                                        r.since(),
                                        r.phase(),
                                        by,
                                        clock.instant(),
                                        null))
                != null;
    }

    @Override
    public Set<String> askedToStop(String nodeToken) {
        return runs.values().stream()
                .filter(r -> r.nodeToken().equals(nodeToken) && r.cancelledBy() != null)
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
