package dev.orchestrator.simulation.server;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.simulation.world.EventQueue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Commits that wait until replicas have received them, lossless (AFTER_SYNC). Not thread-safe. */
final class SimulatedSemiSync {
    private final SimulatedServer server;
    private final List<Waiting> waiting = new ArrayList<>();
    private boolean source;
    private boolean replica;
    private boolean active;

    /** A commit that waits. */
    private static final class Waiting {
        private final GtidSet gtid;
        private final Runnable committed;
        private final Set<SimulatedServer> by = new HashSet<>();
        private EventQueue.Planned timeout;

        private Waiting(GtidSet gtid, Runnable committed, EventQueue.Planned timeout) {
            this.gtid = gtid;
            this.committed = committed;
            this.timeout = timeout;
        }
    }

    SimulatedSemiSync(SimulatedServer server) {
        this.server = server;
        boot();
    }

    void boot() {
        source = server.settings.semiSyncSource();
        replica = server.settings.semiSyncReplica();
        active = source;
    }

    void set(boolean sourceSide, boolean replicaSide) {
        if (sourceSide && !source) {
            active = true;
        }
        source = sourceSide;
        replica = replicaSide;
        if (!source) {
            active = false;
            giveUpWaiting();
        }
    }

    boolean isReplicaSideOn() {
        return replica;
    }

    /** Commits a client's transaction; tells when it is committed, perhaps much later. */
    void commit(GtidSet gtid, Runnable committed) {
        if (!source || !active) {
            server.log().commit(gtid);
            committed.run();
            return;
        }
        Waiting commit = new Waiting(gtid, committed, server.events.in(0, () -> {}));
        waiting.add(commit);
        if (!server.settings.waitsForEver()) {
            commit.timeout = server.events.in(server.settings.semiSyncTimeout(), () -> timedOut(commit));
        }
        server.log().flush(gtid);
    }

    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    void acknowledged(SimulatedServer by, GtidSet gtids) {
        if (source && !active && isCaughtUp()) {
            active = true;
        }
        for (Waiting commit : List.copyOf(waiting)) {
            if (commit.gtid.isSubsetOf(gtids) && commit.by.add(by)) {
                release();
            }
        }
    }

    private boolean isCaughtUp() {
        return clients() >= server.settings.waitForReplicas();
    }

    /** In the order of the binary log: one that has its acknowledgements waits for those before it. */
    private void release() {
        while (!waiting.isEmpty() && waiting.get(0).by.size() >= server.settings.waitForReplicas()) {
            end(waiting.get(0));
        }
    }

    private void end(Waiting commit) {
        waiting.remove(commit);
        commit.timeout.cancel();
        server.log().commit(commit.gtid);
        commit.committed.run();
        server.progressed();
    }

    private void timedOut(Waiting commit) {
        if (waiting.contains(commit)) {
            if (server.process() == SimulatedServer.Running.FROZEN) {
                server.arrive(() -> timedOut(commit), () -> {});
                return;
            }
            active = false;
            giveUpWaiting();
        }
    }

    /** The sessions that wait are killed: their transactions are committed, and nobody is told. */
    void kill() {
        for (Waiting commit : List.copyOf(waiting)) {
            waiting.remove(commit);
            commit.timeout.cancel();
            server.log().commit(commit.gtid);
        }
        server.progressed();
    }

    private void giveUpWaiting() {
        while (!waiting.isEmpty()) {
            end(waiting.get(0));
        }
    }

    void crash() {
        waiting.forEach(w -> w.timeout.cancel());
        waiting.clear();
    }

    private int clients() {
        return (int)
                server.log().streams().stream().filter(Stream::acknowledges).count();
    }

    SemiSyncState state() {
        boolean there = server.settings.semiSyncSource() || server.settings.semiSyncReplica();
        if (!there) {
            return SemiSyncState.UNAVAILABLE;
        }
        boolean replicaActive =
                replica && server.replication().channels().stream().anyMatch(c -> c.isConnected());
        return new SemiSyncState(
                true,
                source,
                source && active,
                replica,
                replicaActive,
                server.settings.waitForReplicas(),
                server.settings.semiSyncTimeout(),
                source ? clients() : 0);
    }
}
