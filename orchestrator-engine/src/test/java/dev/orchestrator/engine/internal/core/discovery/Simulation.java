package dev.orchestrator.engine.internal.core.discovery;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/** Runs a schedule against servers that take their time, in a time of its own. */
final class Simulation {
    /** Near the end of the number range, so that comparing readings instead of differences shows. */
    private static final long START = Long.MAX_VALUE - Duration.ofSeconds(20).toNanos();

    final PollSchedule schedule;
    private final Map<InstanceKey, Duration> latency = new HashMap<>();
    private final Set<InstanceKey> dead = new HashSet<>();
    private final Set<InstanceKey> sources = new HashSet<>();
    private final Map<InstanceKey, List<Double>> starts = new HashMap<>();
    private final PriorityQueue<Running> running =
            new PriorityQueue<>(Comparator.comparingLong((Running r) -> r.ends - START));
    private final Set<InstanceKey> busy = new HashSet<>();
    private long now = START;

    private record Running(InstanceKey key, long ends) {}

    Simulation(OrchestratorConfig config) {
        schedule = new PollSchedule(PollTiming.of(config), now);
    }

    static InstanceKey key(int number) {
        return new InstanceKey("db" + number, 3306);
    }

    void watch(int count) {
        for (int i = 0; i < count; i++) {
            schedule.watch(
                    key(i), sources.contains(key(i)), now, Duration.ofSeconds(5).toNanos());
        }
    }

    Simulation takes(InstanceKey key, Duration time) {
        latency.put(key, time);
        return this;
    }

    Simulation dies(InstanceKey key, Duration takes) {
        dead.add(key);
        return takes(key, takes);
    }

    void revives(InstanceKey key) {
        dead.remove(key);
        latency.remove(key);
    }

    Simulation isSource(InstanceKey key) {
        sources.add(key);
        return this;
    }

    void isReplaced(InstanceKey key) {
        sources.remove(key);
    }

    long now() {
        return now;
    }

    double seconds() {
        return (now - START) / 1e9;
    }

    void run(Duration time) {
        long end = now + time.toNanos();
        while (true) {
            begin();
            Long until = schedule.untilNext(now);
            long next = until == null ? end : now + Math.max(until, 1);
            Running first = running.peek();
            if (first != null && first.ends - next <= 0) {
                next = first.ends;
            }
            if (next - end >= 0) {
                now = end;
                return;
            }
            now = next;
            while (running.peek() != null && running.peek().ends - now <= 0) {
                finish(running.remove());
            }
        }
    }

    private void begin() {
        for (PollSchedule.Start start : schedule.start(now)) {
            if (!busy.add(start.key())) {
                throw new AssertionError(start.key() + " is polled twice at a time");
            }
            starts.computeIfAbsent(start.key(), k -> new ArrayList<>()).add(seconds());
            long takes = latency.getOrDefault(start.key(), Duration.ofMillis(2)).toNanos();
            running.add(new Running(start.key(), now + takes));
        }
    }

    private void finish(Running poll) {
        busy.remove(poll.key);
        boolean alive = !dead.contains(poll.key);
        schedule.finished(poll.key, now, new PollSchedule.Ending(alive, alive, sources.contains(poll.key)));
    }

    /** When polls of a server began, in seconds since the start. */
    List<Double> starts(InstanceKey key) {
        return starts.getOrDefault(key, List.of());
    }

    /** The times between polls of a server. */
    List<Double> intervals(InstanceKey key) {
        List<Double> times = starts(key);
        List<Double> intervals = new ArrayList<>();
        for (int i = 1; i < times.size(); i++) {
            intervals.add(times.get(i) - times.get(i - 1));
        }
        return intervals;
    }

    long polls(double from, double to) {
        return starts.values().stream()
                .flatMap(List::stream)
                .filter(t -> t >= from && t < to)
                .count();
    }
}
