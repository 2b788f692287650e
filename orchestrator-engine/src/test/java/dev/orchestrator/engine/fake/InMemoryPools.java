package dev.orchestrator.engine.fake;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.PoolStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Pools in memory. */
final class InMemoryPools implements PoolStore {
    private final InstantSource clock;
    private final Map<String, Submission> pools = new ConcurrentHashMap<>();

    private record Submission(Instant at, List<InstanceKey> members) {}

    InMemoryPools(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void replace(String pool, Collection<InstanceKey> members) {
        if (members.isEmpty()) {
            pools.remove(pool);
        } else {
            pools.put(
                    pool,
                    new Submission(
                            clock.instant(),
                            members.stream().distinct().sorted().toList()));
        }
    }

    @Override
    public SortedMap<String, List<InstanceKey>> pools(Duration within) {
        Instant oldest = clock.instant().minus(within);
        SortedMap<String, List<InstanceKey>> young = new TreeMap<>();
        pools.forEach((name, submission) -> {
            if (!submission.at().isBefore(oldest)) {
                young.put(name, submission.members());
            }
        });
        return young;
    }

    @Override
    public int purge(Duration age) {
        Instant oldest = clock.instant().minus(age);
        int before = pools.values().stream().mapToInt(s -> s.members().size()).sum();
        pools.values().removeIf(s -> s.at().isBefore(oldest));
        return before
                - pools.values().stream().mapToInt(s -> s.members().size()).sum();
    }
}
