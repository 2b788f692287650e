package dev.orchestrator.engine.internal.shell.detection;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.fake.SettableTime;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.internal.shell.discovery.FleetView;
import dev.orchestrator.spi.Guard;
import dev.orchestrator.spi.InstanceGateway;
import dev.orchestrator.spi.SentinelListener;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A primary p and replicas that exist only here. What they say is read when they are probed or refreshed. */
final class PretendServers implements FleetView, InstanceGateway {
    private static final Duration TICK = Duration.ofMillis(1);

    final List<String> suspected = new CopyOnWriteArrayList<>();
    final List<String> commands = new CopyOnWriteArrayList<>();
    final List<Guard> guards = new CopyOnWriteArrayList<>();
    private final SettableTime time;

    // Guarded by the monitor.
    private final Map<String, ReplicationThreadState> receivers = new TreeMap<>();
    private final Map<String, Instant> read = new HashMap<>();
    private final Map<String, ReplicationThreadState> shown = new HashMap<>();
    private final Map<String, Integer> probesUntilLost = new HashMap<>();
    private ProbeFailure.@Nullable Kind failure;
    private @Nullable Instant failingSince;
    private ReplicationThreadState afterRestart = ReplicationThreadState.CONNECTING;
    private int errorAfterRestart;
    private final Map<String, Integer> errors = new HashMap<>();
    private int probesUntilFound = -1;
    private @Nullable RuntimeException refusal;
    private @Nullable Runnable duringRestart;

    PretendServers(SettableTime time, String... replicas) {
        this.time = time;
        for (String replica : replicas) {
            receivers.put(replica, ReplicationThreadState.RUNNING);
        }
        readAll();
    }

    synchronized void receiver(String replica, ReplicationThreadState state) {
        receivers.put(replica, state);
    }

    synchronized void losesSourceAfterProbes(String replica, int probes) {
        probesUntilLost.put(replica, probes);
    }

    synchronized void primaryFails(ProbeFailure.Kind kind) {
        time.advance(TICK);
        failure = kind;
        failingSince = time.instant();
        time.advance(TICK);
    }

    synchronized void primaryAnswers() {
        failure = null;
        failingSince = null;
    }

    /** In one instant, so that nobody sees a half of it. */
    synchronized void allIsWell() {
        errors.clear();
        primaryAnswers();
        receivers.replaceAll((replica, state) -> ReplicationThreadState.RUNNING);
        readAll();
    }

    synchronized void afterRestart(ReplicationThreadState state) {
        afterRestart = state;
    }

    synchronized void afterRestart(ReplicationThreadState state, int errno) {
        afterRestart = state;
        errorAfterRestart = errno;
    }

    synchronized void findsSourceAfterProbes(int probes) {
        probesUntilFound = probes;
    }

    synchronized void refuse(RuntimeException e) {
        refusal = e;
    }

    synchronized void duringRestart(Runnable action) {
        duringRestart = action;
    }

    /** What a poll of every replica brings. */
    synchronized Fleet readAll() {
        receivers.keySet().forEach(this::readOne);
        return current();
    }

    private void readOne(String replica) {
        time.advance(TICK);
        read.put(replica, time.instant());
        shown.put(replica, state(replica));
    }

    private ReplicationThreadState state(String replica) {
        Integer left = probesUntilLost.computeIfPresent(replica, (r, n) -> n - 1);
        if (left != null && left <= 0) {
            receivers.put(replica, ReplicationThreadState.CONNECTING);
        }
        return receivers.getOrDefault(replica, ReplicationThreadState.NONE);
    }

    @Override
    public Fleet known() {
        return current();
    }

    @Override
    public synchronized Fleet current() {
        Instant now = time.instant();
        FleetBuilder fleet = new FleetBuilder(now).primary("p");
        ProbeFailure.Kind kind = failure;
        Instant since = failingSince;
        if (kind != null && since != null) {
            fleet.with(m -> m.fails(kind, Duration.between(since, now)), "p");
        }
        shown.forEach((name, state) -> fleet.add(
                name,
                m -> m.replicaOf("p")
                        .receiver(state)
                        .receiverError(errors.getOrDefault(name, 0), null)
                        .readAgo(Duration.between(read.getOrDefault(name, now), now))));
        return fleet.build();
    }

    @Override
    public synchronized Fleet refresh(Collection<InstanceKey> keys, Duration deadline) {
        keys.stream().map(InstanceKey::hostname).filter(receivers::containsKey).forEach(this::readOne);
        return current();
    }

    @Override
    public synchronized void became(Instance server) {
        read.put(server.key().hostname(), time.instant());
    }

    @Override
    public void suspect(InstanceKey key, String sign) {
        suspected.add(key.hostname() + " " + sign);
    }

    @Override
    public synchronized Observation probe(InstanceKey key, Duration deadline) {
        time.advance(TICK);
        if (probesUntilFound >= 0 && probesUntilFound-- == 0) {
            receivers.put(key.hostname(), ReplicationThreadState.RUNNING);
        }
        FleetMember member = new FleetBuilder(time.instant())
                .add(
                        key.hostname(),
                        m -> m.replicaOf("p")
                                .receiver(state(key.hostname()))
                                .receiverError(errors.getOrDefault(key.hostname(), 0), null))
                .members()
                .get(0);
        return new Observation.Seen(member.facts().orElseThrow(), time.instant(), Duration.ofMillis(1));
    }

    @Override
    public boolean command(InstanceKey key, Guard guard, InstanceCommand command, Duration timeout) {
        Runnable action;
        synchronized (this) {
            commands.add(key.hostname() + ": " + command.describe());
            guards.add(guard);
            action = duringRestart;
            if (command instanceof InstanceCommand.RestartReceiver) {
                if (refusal != null) {
                    throw refusal;
                }
                receivers.put(key.hostname(), afterRestart);
                errors.put(key.hostname(), errorAfterRestart);
            }
        }
        if (action != null) {
            action.run();
        }
        return true;
    }

    @Override
    public Watch watch(InstanceKey key, SentinelListener listener) {
        return () -> {};
    }

    @Override
    public void release(InstanceKey key) {}

    @Override
    public void close() {}

    static InstanceKey primary() {
        return key("p");
    }
}
