package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.channel.ChannelSettings;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import dev.orchestrator.spi.Guard;
import dev.orchestrator.spi.InstanceGateway;
import dev.orchestrator.spi.SentinelListener;
import dev.orchestrator.spi.Ticker;
import dev.orchestrator.spi.host.CredentialsProvider;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The gateway to MySQL, Percona Server and MariaDB. Makes its own threads and ends them when closed. */
public final class MySqlInstanceGateway implements InstanceGateway {
    private static final long HOUSEKEEPING_SECONDS = 30;

    private final GatewayOptions options;
    private final Ticker ticker;
    private final InstantSource clock;
    private final ExecutorService threads;
    private final ScheduledExecutorService timer;
    private final Watchdog watchdog;
    private final ServerConnector connector;
    private final Map<InstanceKey, MonitoredServer> servers = new ConcurrentHashMap<>();
    private final Set<Sentinel> sentinels = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Makes a gateway. Nothing is connected before it is asked for something.
     *
     * @param options how servers are talked to
     * @param credentials the accounts
     * @param ticker measures deadlines
     * @param clock stamps observations
     */
    public MySqlInstanceGateway(
            GatewayOptions options, CredentialsProvider credentials, Ticker ticker, InstantSource clock) {
        this.options = options;
        this.ticker = ticker;
        this.clock = clock;
        this.threads = NamedExecutors.blocking("gateway");
        this.timer = NamedExecutors.scheduler("gateway-timer", 1);
        this.watchdog = new Watchdog(timer, ticker);
        this.connector = new ServerConnector(options, credentials, ticker, threads, watchdog);
        var unused = timer.scheduleWithFixedDelay(
                () -> servers.values().forEach(MonitoredServer::closeIdle),
                HOUSEKEEPING_SECONDS,
                HOUSEKEEPING_SECONDS,
                TimeUnit.SECONDS);
    }

    @Override
    public Observation probe(InstanceKey key, Duration deadline) {
        Instant startedAt = clock.instant();
        long started = ticker.nanos();
        try {
            var instance = server(key).poll(Deadline.in(ticker, deadline));
            return new Observation.Seen(instance, startedAt, since(started));
        } catch (ServerFailure e) {
            ProbeFailure failure = e.asProbeFailure();
            return new Observation.Failed(key, failure, startedAt, since(started));
        }
    }

    private Duration since(long started) {
        return Duration.ofNanos(Math.max(0, ticker.nanos() - started));
    }

    @Override
    public boolean command(InstanceKey key, Guard guard, InstanceCommand command, Duration timeout) {
        Deadline deadline = Deadline.in(ticker, timeout).notAfter(guard.deadlineNanos());
        String what = command.describe();
        if (guard.deadlineNanos() - ticker.nanos() <= 0) {
            throw new OrchestratorException(
                    ErrorCode.GUARD_REFUSED,
                    "will not " + what + " on " + key + ": the time allowed for it is over; nothing was sent");
        }
        if (guard.serverUuid().isEmpty()) {
            throw new OrchestratorException(
                    ErrorCode.GUARD_REFUSED,
                    "will not " + what + " on " + key + ": the server's identity is unknown; nothing was sent");
        }
        MonitoredServer server = server(key);
        try (CommandConnection connection = server.borrow(deadline)) {
            return new InstanceCommandRunner(server, connection, guard, deadline).run(command);
        } catch (ServerFailure e) {
            throw new OrchestratorException(
                    ErrorCode.INSTANCE_UNREACHABLE,
                    "cannot " + what + " on " + key + ": " + e.getMessage() + "; nothing was sent",
                    e);
        }
    }

    @Override
    public Optional<ChannelSettings> channelSettings(InstanceKey key, String channel, Duration timeout) {
        Deadline deadline = Deadline.in(ticker, timeout);
        try (CommandConnection connection = server(key).borrow(deadline)) {
            return new ChannelSettingsReader(key, connection, deadline)
                    .read(channel, options.detectionQueries().replicationAccount());
        } catch (ServerFailure e) {
            throw new OrchestratorException(
                    ErrorCode.INSTANCE_UNREACHABLE,
                    "cannot read the replication settings of " + key + ": " + e.getMessage(),
                    e);
        }
    }

    @Override
    public Watch watch(InstanceKey key, SentinelListener listener) {
        requireOpen();
        Sentinel sentinel = new Sentinel(key, listener, connector, options, sentinels::remove);
        sentinels.add(sentinel);
        watchdog.add(sentinel);
        threads.execute(sentinel);
        return () -> {
            watchdog.remove(sentinel);
            sentinel.close();
        };
    }

    MonitoredServer server(InstanceKey key) {
        requireOpen();
        return servers.computeIfAbsent(key, k -> new MonitoredServer(k, connector, options));
    }

    private void requireOpen() {
        if (closed) {
            throw new OrchestratorException(ErrorCode.NOT_RUNNING, "the gateway to monitored servers is closed");
        }
    }

    @Override
    public void release(InstanceKey key) {
        MonitoredServer server = servers.remove(key);
        if (server != null) {
            server.release();
        }
    }

    @Override
    public void close() {
        closed = true;
        sentinels.forEach(Sentinel::close);
        servers.values().forEach(MonitoredServer::release);
        servers.clear();
        watchdog.close();
        timer.shutdownNow();
        threads.shutdownNow();
    }
}
