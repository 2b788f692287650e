package dev.orchestrator.simulation.server;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.simulation.kind.ReplicationError;
import java.time.Duration;
import java.util.Optional;

/** The applier of a channel: executes what is in the relay log, piece by piece. Not thread-safe. */
final class Applier {
    private static final Duration APPLY = Duration.ofMillis(1);
    private static final Duration APPLY_WORST = Duration.ofMillis(400);

    private final SimulatedServer server;
    private final RelayLog relayLog = new RelayLog();
    private ReplicationThreadState state = ReplicationThreadState.STOPPED;
    private ReplicationError error = ReplicationError.NONE;
    private boolean applying;
    private Duration delay = Duration.ZERO;
    private long wakesAt;

    Applier(SimulatedServer server) {
        this.server = server;
    }

    ReplicationThreadState state() {
        return state;
    }

    boolean isRunning() {
        return state == ReplicationThreadState.RUNNING;
    }

    /** How long after its commit on the source a transaction is executed. */
    Duration delay() {
        return delay;
    }

    void delay(Duration wanted) {
        delay = wanted;
    }

    /** How long ago that was committed on the source which is to be executed next, if it is late on purpose. */
    Duration lag() {
        RelayLog.Piece next = relayLog.peek();
        return delay.isZero() || next == null ? Duration.ZERO : Duration.ofNanos(server.events.now() - next.at());
    }

    /** At what it ended; none when somebody stopped it. */
    ReplicationError error() {
        return error;
    }

    void start() {
        state = ReplicationThreadState.RUNNING;
        error = ReplicationError.NONE;
        goOn();
    }

    void stop() {
        state = ReplicationThreadState.STOPPED;
        error = ReplicationError.NONE;
    }

    void dropRelayLog() {
        relayLog.clear();
    }

    void received(SimulatedServer from, Stream.Sent sent) {
        relayLog.add(from, sent);
        goOn();
    }

    /** Executes the next piece, if there is one and nothing is in the way. */
    void goOn() {
        RelayLog.Piece next = relayLog.peek();
        if (!isAble() || applying || next == null) {
            return;
        }
        if (isTooEarly(next)) {
            return;
        }
        applying = true;
        server.events.in(server.dice.quick(APPLY, APPLY_WORST), this::applied);
    }

    /** Of a delayed replica: then it looks again when the time has come. */
    private boolean isTooEarly(RelayLog.Piece next) {
        long now = server.events.now();
        long due = next.at() + delay.toNanos();
        boolean planned = wakesAt > now && wakesAt <= due;
        if (due > now && !delay.isZero() && !planned) {
            wakesAt = due;
            server.events.in(due - now, this::goOn);
        }
        return due > now && !delay.isZero();
    }

    private boolean isAble() {
        return server.process() == SimulatedServer.Running.UP
                && isRunning()
                && !server.obstacles().isLocked();
    }

    private void applied() {
        applying = false;
        RelayLog.Piece next = relayLog.peek();
        if (!isAble() || next == null || isTooEarly(next)) {
            return;
        }
        GtidSet fresh = next.gtids().minus(server.log().written());
        Optional<ReplicationError> met = server.settings
                .kind()
                .cannotExecute(next.from())
                .or(() ->
                        fresh.isEmpty() ? Optional.empty() : server.conflicts().met(fresh));
        if (met.isPresent()) {
            stop();
            error = met.get();
            return;
        }
        relayLog.remove();
        if (!fresh.isEmpty()) {
            server.contents().applied(fresh, next.empty());
            server.log().commit(fresh);
        }
        server.progressed();
        goOn();
    }

    /** The server's process ends. */
    void crash() {
        applying = false;
    }
}
