package dev.orchestrator.engine.fake;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.spi.Guard;
import dev.orchestrator.spi.InstanceGateway;
import dev.orchestrator.spi.SentinelListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Servers that exist only here: a test says who they are, who replicates from whom, and who dies. Thread-safe. */
public final class FakeInstanceGateway implements InstanceGateway {
    private final InstantSource clock;
    private final Map<InstanceKey, FakeServer> servers = new ConcurrentHashMap<>();
    private final Map<FakeWatch, Boolean> watches = new ConcurrentHashMap<>();
    private final Map<InstanceKey, AtomicInteger> underWay = new ConcurrentHashMap<>();
    private final Set<InstanceKey> released = ConcurrentHashMap.newKeySet();
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger overlaps = new AtomicInteger();

    /**
     * Makes one without servers.
     *
     * @param clock stamps the polls
     */
    public FakeInstanceGateway(InstantSource clock) {
        this.clock = clock;
    }

    /** Adds db1, which db2 and db3 replicate from, and db4, which replicates from db2. */
    public void chainOfFour() {
        server("db1:3306");
        server("db2:3306").replicaOf("db1:3306");
        server("db3:3306").replicaOf("db1:3306");
        server("db4:3306").replicaOf("db2:3306");
    }

    /** The server at a key; made writable and without replicas when there is none. */
    public FakeServer server(String key) {
        return servers.computeIfAbsent(InstanceKey.parse(key), k -> new FakeServer(this, k, numbers.incrementAndGet()));
    }

    /** Gives a server a further address. */
    public void alias(String alias, String key) {
        servers.put(InstanceKey.parse(alias), server(key));
    }

    /** How often a server was polled while another poll of it was running. */
    public int overlaps() {
        return overlaps.get();
    }

    /** The keys whose connections were given back. */
    public Set<InstanceKey> released() {
        return Set.copyOf(released);
    }

    /** The servers that sentinels sit on. */
    public List<InstanceKey> watched() {
        return watches.keySet().stream().map(w -> w.key).sorted().toList();
    }

    /** Has the sentinels of a server miss waits. */
    public void missWaits(String key, int inARow) {
        InstanceKey watched = InstanceKey.parse(key);
        watches.keySet().stream().filter(w -> w.key.equals(watched)).forEach(w -> w.listener.waitMissed(w.key, inARow));
    }

    @Override
    public Observation probe(InstanceKey key, Duration deadline) {
        Instant begun = clock.instant();
        AtomicInteger running = underWay.computeIfAbsent(key, k -> new AtomicInteger());
        if (running.incrementAndGet() > 1) {
            overlaps.incrementAndGet();
        }
        try {
            FakeServer server = servers.get(key);
            if (server == null) {
                boolean hostKnown =
                        servers.keySet().stream().anyMatch(k -> k.hostname().equals(key.hostname()));
                return hostKnown
                        ? failed(key, ProbeFailure.Kind.REFUSED, "connection refused", begun)
                        : failed(key, ProbeFailure.Kind.UNRESOLVABLE, "unknown host " + key.hostname(), begun);
            }
            return probe(server, key, deadline, begun);
        } finally {
            running.decrementAndGet();
        }
    }

    private Observation probe(FakeServer server, InstanceKey key, Duration deadline, Instant begun) {
        server.polled();
        CountDownLatch frozen = server.frozen();
        if (frozen != null && !thaws(frozen, deadline)) {
            return failed(key, ProbeFailure.Kind.TIMEOUT, "no answer within " + deadline.toMillis() + " ms", begun);
        }
        if (!server.isUp()) {
            return failed(key, ProbeFailure.Kind.REFUSED, "connection refused", begun);
        }
        if (server.isRefusing()) {
            return failed(key, ProbeFailure.Kind.ACCESS_DENIED, "access denied", begun);
        }
        List<FakeServer> replicas = Set.copyOf(servers.values()).stream()
                .filter(FakeServer::isUp)
                .filter(s -> s != server && s.source() != null && servers.get(s.source()) == server)
                .toList();
        InstanceKey source = server.source();
        return new Observation.Seen(
                server.facts(key, replicas, source == null ? null : servers.get(source)), begun, Duration.ZERO);
    }

    private static boolean thaws(CountDownLatch frozen, Duration deadline) {
        try {
            return frozen.await(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Observation failed(InstanceKey key, ProbeFailure.Kind kind, String message, Instant begun) {
        return new Observation.Failed(key, new ProbeFailure(kind, message), begun, Duration.ZERO);
    }

    @Override
    public boolean command(InstanceKey key, Guard guard, InstanceCommand command, Duration timeout) {
        throw new OrchestratorException(ErrorCode.COMMAND_FAILED, "cannot " + command.describe() + " on a fake " + key);
    }

    @Override
    public Watch watch(InstanceKey key, SentinelListener listener) {
        FakeWatch watch = new FakeWatch(key, servers.get(key), listener);
        watches.put(watch, true);
        return watch;
    }

    void breakWatches(FakeServer server) {
        watches.keySet().stream().filter(w -> w.server == server).forEach(w -> {
            w.close();
            w.listener.connectionLost(w.key);
        });
    }

    @Override
    public void release(InstanceKey key) {
        released.add(key);
    }

    @Override
    public void close() {
        servers.values().forEach(FakeServer::thaw);
    }

    private final class FakeWatch implements Watch {
        private final InstanceKey key;
        private final @Nullable FakeServer server;
        private final SentinelListener listener;

        FakeWatch(InstanceKey key, @Nullable FakeServer server, SentinelListener listener) {
            this.key = key;
            this.server = server;
            this.listener = listener;
        }

        @Override
        public void close() {
            watches.remove(this);
        }
    }
}
