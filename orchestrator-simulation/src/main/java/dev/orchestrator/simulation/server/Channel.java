package dev.orchestrator.simulation.server;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.simulation.kind.ReplicationError;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A replication channel: a receiver that writes a relay log, and an applier that executes it. Not thread-safe. */
final class Channel {
    /** slave_net_timeout: a receiver that hears nothing for so long takes its connection for broken. */
    private static final Duration NET_TIMEOUT = Duration.ofSeconds(60);

    private final SimulatedServer server;
    private final String name;
    private InstanceKey source;
    private @Nullable String sourceUuid;
    private ReplicationThreadState receiver = ReplicationThreadState.STOPPED;
    private final Applier applier;
    private GtidSet retrieved = GtidSet.empty();
    private @Nullable Stream stream;
    private ReplicationError receiverError = ReplicationError.NONE;
    private long receiverErrorAt;
    // Counts starts and stops of the receiver: an answer to an earlier attempt means nothing.
    private int attempt;
    private boolean leftStanding;

    Channel(SimulatedServer server, String name, InstanceKey source) {
        this.server = server;
        this.name = name;
        this.source = source;
        this.applier = new Applier(server);
    }

    SimulatedServer server() {
        return server;
    }

    String name() {
        return name;
    }

    InstanceKey source() {
        return source;
    }

    @Nullable
    String sourceUuid() {
        return sourceUuid;
    }

    ReplicationThreadState receiver() {
        return receiver;
    }

    Applier applier() {
        return applier;
    }

    GtidSet retrieved() {
        return retrieved;
    }

    int receiverErrno() {
        return receiverError.errno();
    }

    String receiverErrorText() {
        return receiverError.text();
    }

    /** How long ago its last attempt failed; null when it did not. */
    @Nullable
    Duration receiverErrorAge() {
        return receiverErrno() == 0 ? null : Duration.ofNanos(server.events.now() - receiverErrorAt);
    }

    boolean isConnected() {
        return receiver == ReplicationThreadState.RUNNING;
    }

    /** Whether its receiver stands as somebody, or a restart, has left it: nobody has started it or pointed it elsewhere since. */
    boolean isLeftStanding() {
        return leftStanding;
    }

    /** Received and not executed. */
    GtidSet pending() {
        return retrieved.minus(server.executed());
    }

    /** Seconds_Behind_Source: unknown to an applier that has nobody to be behind. */
    @Nullable
    Duration lag() {
        return isConnected() && applier.isRunning() ? applier.lag() : null;
    }

    void startReceiver() {
        leftStanding = false;
        if (receiver == ReplicationThreadState.STOPPED) {
            if (server.settings.kind().isMariaDb() && !applier.isRunning()) {
                // With GTID it asks its source for all that it has not executed.
                dropRelayLog();
            }
            receiver = ReplicationThreadState.CONNECTING;
            receiverError = ReplicationError.NONE;
            attempt++;
            connect(attempt);
        }
    }

    /** Somebody stops it, and means it. */
    void stand() {
        stopReceiver();
        applier.stop();
        leaveStanding();
    }

    /** That it stands is what somebody wants. */
    void leaveStanding() {
        leftStanding = true;
    }

    /** What its last attempt met is still told. */
    void stopReceiver() {
        if (receiver == ReplicationThreadState.CONNECTING) {
            // An attempt that is broken off ends as one that had no answer.
            server.servers()
                    .find(source)
                    .filter(other -> NoAnswer.isGivenBy(other, server))
                    .ifPresent(other -> failed(attempt, NoAnswer.of(other, server)));
        }
        attempt++;
        receiver = ReplicationThreadState.STOPPED;
        disconnect();
    }

    private void disconnect() {
        Stream before = stream;
        stream = null;
        if (before != null) {
            before.close();
        }
    }

    /** CHANGE REPLICATION SOURCE, the receiver being stopped: without a running applier the relay log is thrown away. */
    void pointTo(InstanceKey newSource) {
        if (!applier.isRunning()) {
            dropRelayLog();
        }
        leftStanding = false;
        source = newSource;
        sourceUuid = null;
    }

    private void dropRelayLog() {
        applier.dropRelayLog();
        retrieved = GtidSet.empty();
    }

    private void connect(int mine) {
        SimulatedServer other = server.servers().find(source).orElse(null);
        if (other == null) {
            failed(
                    mine,
                    server.servers().hasHost(source.hostname())
                            ? ReplicationError.unreachable(source)
                            : ReplicationError.unknownHost(source));
            return;
        }
        ReplicationError refusal = other.obstacles().refusal();
        if (refusal != null && refusal.errno() == ReplicationError.UNKNOWN_HOST) {
            failed(mine, refusal);
            return;
        }
        server.events.in(NET_TIMEOUT, () -> unanswered(other, mine));
        GtidSet held = retrieved.union(server.executed());
        server.network.send(
                server.key().hostname(),
                source.hostname(),
                () -> other.arrive(
                        () -> accepted(other, held, mine),
                        () -> answer(other, mine, () -> failed(mine, ReplicationError.unreachable(source)))));
    }

    private void answer(SimulatedServer other, int mine, Runnable told) {
        server.network.send(
                other.key().hostname(),
                server.key().hostname(),
                () -> server.arrive(
                        () -> {
                            if (mine == attempt && receiver == ReplicationThreadState.CONNECTING) {
                                told.run();
                            }
                        },
                        () -> {}));
    }

    /** On the source: a dump is asked for. */
    private void accepted(SimulatedServer other, GtidSet held, int mine) {
        if (other.settings.uuid().equals(server.settings.uuid())) {
            answer(other, mine, () -> endReceiver(ReplicationError.sameServer(server.settings.kind())));
            return;
        }
        ReplicationError refusal = other.obstacles().refusal();
        if (refusal == null && !other.log().canSend(held)) {
            answer(other, mine, () -> purged(other));
            return;
        }
        answer(other, mine, refusal == null ? () -> connected(other, held) : () -> failed(mine, refusal));
    }

    /** It has said who it is before it says what it has not. */
    private void purged(SimulatedServer other) {
        sourceUuid = other.settings.uuid();
        endReceiver(ReplicationError.purged(server.settings.kind()));
    }

    private void connected(SimulatedServer other, GtidSet held) {
        if (other.process() == SimulatedServer.Running.DOWN) {
            failed(attempt, ReplicationError.unreachable(source));
            return;
        }
        receiver = ReplicationThreadState.RUNNING;
        receiverError = ReplicationError.NONE;
        sourceUuid = other.settings.uuid();
        Stream opened = new Stream(other, this, server.semiSync().isReplicaSideOn());
        stream = opened;
        other.log().open(opened, held);
        watch(opened);
    }

    /** A receiver that is cut off notices only after a long time. */
    private void watch(Stream watched) {
        server.events.in(NET_TIMEOUT, () -> {
            if (stream != watched) {
                return;
            }
            boolean silent = watched.source().process() != SimulatedServer.Running.UP
                    || server.network.isCut(source.hostname(), server.key().hostname());
            if (silent && server.process() == SimulatedServer.Running.UP) {
                lost(watched);
            } else {
                watch(watched);
            }
        });
    }

    /** The connection broke; the receiver tries again at once, and then now and then. */
    void lost(Stream broken) {
        if (stream == broken) {
            disconnect();
            receiver = ReplicationThreadState.CONNECTING;
            attempt++;
            connect(attempt);
        }
    }

    /** It gives an attempt up. */
    private void unanswered(SimulatedServer other, int mine) {
        if (mine == attempt) {
            server.arrive(() -> failed(mine, NoAnswer.of(other, server)), () -> {});
        }
    }

    private void failed(int mine, ReplicationError error) {
        if (mine == attempt && receiver == ReplicationThreadState.CONNECTING) {
            receiverError = error;
            receiverErrorAt = server.events.now();
            server.events.in(server.settings.connectRetry(), () -> retry(mine));
        }
    }

    private void retry(int mine) {
        if (mine == attempt && receiver == ReplicationThreadState.CONNECTING) {
            attempt++;
            int next = attempt;
            server.arrive(() -> connect(next), () -> {});
        }
    }

    private void endReceiver(ReplicationError error) {
        stopReceiver();
        receiverError = error;
        receiverErrorAt = server.events.now();
    }

    void received(Stream from, Stream.Sent sent) {
        if (stream == from) {
            retrieved = retrieved.union(sent.gtids());
            applier.received(from.source(), sent);
        }
    }

    void crash() {
        attempt++;
        Stream before = stream;
        stream = null;
        if (before != null) {
            before.close();
        }
        applier.crash();
    }

    /** After a restart: the threads start by themselves, unless they are told not to, or were stopped by somebody. */
    void boot(boolean relayLogRecovery, boolean skipStart) {
        if (relayLogRecovery) {
            server.replication().dropped(pending());
            dropRelayLog();
        }
        receiver = ReplicationThreadState.STOPPED;
        applier.stop();
        receiverError = ReplicationError.NONE;
        leftStanding = skipStart;
        if (!skipStart) {
            applier.start();
            startReceiver();
        }
    }
}
