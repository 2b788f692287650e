package dev.orchestrator.simulation.server;

import dev.orchestrator.simulation.kind.ReplicationError;
import dev.orchestrator.simulation.server.SimulatedServer.Running;
import org.jspecify.annotations.Nullable;

/** What keeps a server that runs from doing what it otherwise does. Not thread-safe. */
public final class Obstacles {
    private final SimulatedServer server;
    private boolean locked;
    private @Nullable ReplicationError refusal;

    Obstacles(SimulatedServer server) {
        this.server = server;
    }

    /** What receivers meet that want to connect; null when they are let in. */
    @Nullable
    ReplicationError refusal() {
        return refusal;
    }

    /**
     * From now on no receiver gets in: somebody has changed the account, or the firewall.
     *
     * @param with what each is told, or finds out
     */
    public void refuse(ReplicationError with) {
        refusal = with;
    }

    /** Receivers get in again. */
    public void refuseNobody() {
        refusal = null;
    }

    /** The connections of its receivers are broken. */
    public void breakStreams() {
        server.log().streams().forEach(Stream::sourceEnded);
    }

    /**
     * Whether somebody holds a global lock on it.
     *
     * @return true while nothing is applied or committed
     */
    public boolean isLocked() {
        return locked;
    }

    /** Somebody holds a global lock: nothing is applied and nothing committed. */
    public void lock() {
        locked = true;
    }

    /** The lock is gone. */
    public void unlock() {
        locked = false;
        if (server.process() == Running.UP) {
            server.replication().goOn();
        }
    }

    /** The sessions that hold locks end with the process. */
    void crash() {
        locked = false;
    }
}
