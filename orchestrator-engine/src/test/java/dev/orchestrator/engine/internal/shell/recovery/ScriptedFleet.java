package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.channel.ChannelOptions;
import dev.orchestrator.api.model.channel.ChannelSettings;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.shell.discovery.FleetView;
import dev.orchestrator.spi.Guard;
import dev.orchestrator.spi.InstanceGateway;
import dev.orchestrator.spi.SentinelListener;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/**
 * Servers in memory that behave as far as a recovery can tell: receivers fetch from living sources, appliers execute,
 * commands change state, guards are checked, and whoever resets replication before everything was applied is found out.
 */
final class ScriptedFleet implements InstanceGateway, FleetView {
    static final ClusterId CLUSTER = new ClusterId("c1");

    private final Map<InstanceKey, ScriptedServer> servers = new LinkedHashMap<>();
    private final Map<InstanceKey, FleetMember> members = new TreeMap<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final Set<InstanceKey> impersonated = new HashSet<>();
    private boolean settling = true;
    private final Ticker ticker = Ticker.system();
    private volatile BiConsumer<InstanceKey, Guard> onGuard = (key, guard) -> {};
    private volatile BiConsumer<InstanceKey, InstanceCommand> before = (key, command) -> {};
    private volatile BiConsumer<InstanceKey, InstanceCommand> after = (key, command) -> {};
    final InstanceKey primary = new InstanceKey("db1", 3306);

    /** db1 with replicas db2, db3, ...; all have executed uuid(1):1-10. */
    ScriptedFleet(int replicas) {
        ScriptedServer first = add(1);
        first.readOnly = false;
        first.executed = gtids("1-10");
        for (int n = 2; n < 2 + replicas; n++) {
            ScriptedServer replica = add(n).below(primary);
            replica.executed = gtids("1-10");
            replica.retrieved = gtids("1-10");
        }
        refresh(servers.keySet(), Duration.ZERO);
    }

    private ScriptedServer add(int n) {
        ScriptedServer server = new ScriptedServer(key(n), uuid(n));
        servers.put(server.key, server);
        return server;
    }

    static InstanceKey key(int n) {
        return new InstanceKey("db" + n, 3306);
    }

    static String uuid(int n) {
        return "00000000-0000-0000-0000-00000000000" + n;
    }

    /** Transactions of the first primary. */
    static GtidSet gtids(String interval) {
        return GtidSet.parse(uuid(1) + ":" + interval);
    }

    ScriptedServer server(int n) {
        return Objects.requireNonNull(servers.get(key(n)));
    }

    synchronized void change(Runnable change) {
        change.run();
    }

    List<InstanceKey> keys() {
        return List.copyOf(servers.keySet());
    }

    /** Whether servers receive and apply. */
    synchronized void settle(boolean on) {
        settling = on;
    }

    /** Another server answers at a key from now on, though its readings look the same. */
    synchronized void impersonate(int n) {
        impersonated.add(key(n));
    }

    /** The primary dies: receivers try to connect. */
    synchronized void killPrimary() {
        kill(1);
    }

    synchronized void kill(int n) {
        server(n).alive = false;
        servers.values().stream()
                .filter(s -> key(n).equals(s.source) && s.receiver == ReplicationThreadState.RUNNING)
                .forEach(s -> s.receiver = ReplicationThreadState.CONNECTING);
        refresh(servers.keySet(), Duration.ZERO);
    }

    /** Runs with the guard of each command. */
    void beforeEverything(BiConsumer<InstanceKey, Guard> hook) {
        onGuard = hook;
    }

    void beforeCommand(BiConsumer<InstanceKey, InstanceCommand> hook) {
        before = hook;
    }

    void afterCommand(BiConsumer<InstanceKey, InstanceCommand> hook) {
        after = hook;
    }

    List<String> commands() {
        return List.copyOf(commands);
    }

    /** Commands to one server, by their simple names. */
    List<String> commandsTo(int n) {
        String prefix = key(n) + " ";
        return commands.stream()
                .filter(c -> c.startsWith(prefix))
                .map(c -> c.substring(prefix.length()))
                .toList();
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    @Override
    public synchronized Observation probe(InstanceKey key, Duration deadline) {
        settle();
        ScriptedServer server = servers.get(key);
        Instant now = Instant.now();
        if (server == null || !server.answers()) {
            ProbeFailure.Kind kind =
                    server == null || !server.alive ? ProbeFailure.Kind.REFUSED : ProbeFailure.Kind.TIMEOUT;
            return new Observation.Failed(key, new ProbeFailure(kind, "scripted"), now, Duration.ZERO);
        }
        return new Observation.Seen(server.facts(), now, Duration.ZERO);
    }

    private void settle() {
        if (!settling) {
            return;
        }
        for (ScriptedServer server : servers.values()) {
            ScriptedServer source = server.source == null ? null : servers.get(server.source);
            if (source != null && source.answers() && server.answers()) {
                receive(server, source);
            }
            if (server.answers()) {
                server.apply();
            }
        }
    }

    private static void receive(ScriptedServer server, ScriptedServer source) {
        if (server.receiver == ReplicationThreadState.CONNECTING) {
            server.receiver = ReplicationThreadState.RUNNING;
        }
        if (server.receiver == ReplicationThreadState.RUNNING) {
            server.retrieved = server.retrieved.union(source.executed.minus(server.executed));
        }
    }

    @Override
    public boolean command(InstanceKey key, Guard guard, InstanceCommand command, Duration timeout) {
        if (command instanceof InstanceCommand.AwaitExecuted await
                && await.gtids().isEmpty()) {
            // Opens a connection, nothing more.
            return true;
        }
        onGuard.accept(key, guard);
        before.accept(key, command);
        ScriptedServer server = Objects.requireNonNull(servers.get(key));
        long until = ticker.nanos() + timeout.toNanos();
        while (true) {
            synchronized (this) {
                check(server, guard);
                boolean waits = command instanceof InstanceCommand.StopReceiver && server.stopHangs;
                if (!waits && !(command instanceof InstanceCommand.AwaitExecuted)) {
                    commands.add(key + " " + command.getClass().getSimpleName() + detail(command));
                    carryOut(server, command);
                    break;
                }
                settle();
                if (command instanceof InstanceCommand.AwaitExecuted await) {
                    if (await.gtids().isSubsetOf(server.executed)) {
                        commands.add(key + " AwaitExecuted");
                        break;
                    }
                    if (ticker.nanos() - until >= 0) {
                        return false;
                    }
                }
                if (ticker.nanos() - until >= 0) {
                    throw new OrchestratorException(ErrorCode.INSTANCE_UNREACHABLE, key + " hangs");
                }
                try {
                    wait(5);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new OrchestratorException(ErrorCode.INSTANCE_UNREACHABLE, "interrupted", e);
                }
            }
        }
        after.accept(key, command);
        return true;
    }

    @Override
    public Optional<ChannelSettings> channelSettings(InstanceKey key, String channel, Duration timeout) {
        return Optional.of(new ChannelSettings(Optional.of(new Credentials("repl", "secret")), ChannelOptions.PLAIN));
    }

    private static String detail(InstanceCommand command) {
        if (command instanceof InstanceCommand.SetReadOnly set) {
            return "(" + set.readOnly() + ")";
        }
        return command instanceof InstanceCommand.Repoint repoint ? "(" + repoint.source() + ")" : "";
    }

    private void check(ScriptedServer server, Guard guard) {
        if (!server.answers()) {
            throw new OrchestratorException(ErrorCode.INSTANCE_UNREACHABLE, server.key + " cannot be reached");
        }
        if (impersonated.contains(server.key)
                || !guard.serverUuid().equals(server.uuid)
                || ticker.nanos() - guard.deadlineNanos() > 0) {
            throw new OrchestratorException(ErrorCode.GUARD_REFUSED, server.key + ": guard");
        }
    }

    private void carryOut(ScriptedServer server, InstanceCommand command) {
        command.match(new Deeds(server)).run();
    }

    /** What each command does to a server; no recovery sends the others. */
    private final class Deeds implements InstanceCommand.Cases<Runnable, RuntimeException> {
        private final ScriptedServer s;

        Deeds(ScriptedServer server) {
            this.s = server;
        }

        @Override
        public Runnable stopReceiver(InstanceCommand.StopReceiver it) {
            return () -> s.receiver = ReplicationThreadState.STOPPED;
        }

        @Override
        public Runnable startReceiver(InstanceCommand.StartReceiver it) {
            return () -> {
                s.receiver = ReplicationThreadState.CONNECTING;
                settle();
            };
        }

        @Override
        public Runnable startApplier(InstanceCommand.StartApplier it) {
            return () -> s.applier = ReplicationThreadState.RUNNING;
        }

        @Override
        public Runnable repoint(InstanceCommand.Repoint it) {
            return () -> {
                if (s.receiver != ReplicationThreadState.STOPPED) {
                    throw new OrchestratorException(ErrorCode.COMMAND_FAILED, s.key + ": the receiver runs");
                }
                s.source = it.source();
            };
        }

        @Override
        public Runnable resetReplication(InstanceCommand.ResetReplication it) {
            return () -> {
                if (!s.retrieved.isSubsetOf(s.executed)) {
                    violations.add(s.key + " was reset before it had executed " + s.retrieved.minus(s.executed));
                }
                s.source = null;
                s.retrieved = GtidSet.empty();
                s.receiver = ReplicationThreadState.NONE;
                s.applier = ReplicationThreadState.NONE;
            };
        }

        @Override
        public Runnable setReadOnly(InstanceCommand.SetReadOnly it) {
            return () -> {
                if (!it.readOnly() && !s.retrieved.isSubsetOf(s.executed)) {
                    violations.add(s.key + " became writable before it had executed " + s.retrieved.minus(s.executed));
                }
                s.readOnly = it.readOnly();
            };
        }

        @Override
        public Runnable setSemiSync(InstanceCommand.SetSemiSync it) {
            return () -> {
                s.semiSyncSource = it.source();
                s.semiSyncReplica = it.replica();
            };
        }

        @Override
        public Runnable restartReceiver(InstanceCommand.RestartReceiver it) {
            return () -> {};
        }

        @Override
        public Runnable stopReplication(InstanceCommand.StopReplication it) {
            return () -> {};
        }

        @Override
        public Runnable startReplication(InstanceCommand.StartReplication it) {
            return () -> {
                s.applier = ReplicationThreadState.RUNNING;
                s.receiver = ReplicationThreadState.CONNECTING;
                settle();
            };
        }

        @Override
        public Runnable awaitExecuted(InstanceCommand.AwaitExecuted it) {
            return () -> {};
        }

        @Override
        public Runnable attachTo(InstanceCommand.AttachTo it) {
            return () -> {
                s.source = it.source();
                s.receiver = ReplicationThreadState.STOPPED;
                s.applier = ReplicationThreadState.STOPPED;
            };
        }

        @Override
        public Runnable awaitReceiver(InstanceCommand.AwaitReceiver it) {
            return () -> {};
        }

        @Override
        public Runnable killClients(InstanceCommand.KillClients it) {
            return () -> {};
        }
    }

    @Override
    public Fleet known() {
        return current();
    }

    @Override
    public synchronized Fleet current() {
        Cluster cluster = new Cluster(CLUSTER, "db1:3306", "shop", "", primary);
        return Fleet.of(new ArrayList<>(members.values()), List.of(cluster), Map.of());
    }

    @Override
    public synchronized Fleet refresh(Collection<InstanceKey> keys, Duration deadline) {
        for (InstanceKey key : keys) {
            Observation seen = probe(key, deadline);
            members.put(
                    key,
                    members.computeIfAbsent(key, k -> FleetMember.unseen(k, CLUSTER))
                            .observed(seen));
        }
        return current();
    }

    @Override
    public synchronized void became(Instance server) {
        Observation seen = new Observation.Seen(server, Instant.now(), Duration.ZERO);
        members.computeIfPresent(server.key(), (k, m) -> m.observed(seen));
    }

    @Override
    public void suspect(InstanceKey key, String sign) {}

    @Override
    public Watch watch(InstanceKey key, SentinelListener listener) {
        return () -> {};
    }

    @Override
    public void release(InstanceKey key) {}

    @Override
    public void close() {}
}
