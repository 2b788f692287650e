package dev.orchestrator.simulation.server;

import dev.orchestrator.api.model.GtidSet;
import java.util.ArrayList;
import java.util.List;

/** What a server has written to its binary log, and who reads it from there. Not thread-safe. */
final class BinaryLog {
    private final SimulatedServer server;
    private final List<Stream> streams = new ArrayList<>();
    private GtidSet executed = GtidSet.empty();
    // Written and sent, but still waiting for an acknowledgement.
    private GtidSet waiting = GtidSet.empty();
    // Executed, and in no log that is left.
    private GtidSet purged = GtidSet.empty();
    private long next = 1;
    private long lastAt;

    BinaryLog(SimulatedServer server) {
        this.server = server;
    }

    GtidSet executed() {
        return executed;
    }

    GtidSet written() {
        return waiting.isEmpty() ? executed : executed.union(waiting);
    }

    /** What a server holds when a world begins. */
    void begin(GtidSet gtids) {
        executed = executed.union(gtids);
    }

    GtidSet purged() {
        return purged;
    }

    /** All logs but an empty one are removed. */
    void purge() {
        purged = executed;
    }

    /** Whether it has all that a receiver lacks. */
    boolean canSend(GtidSet held) {
        return purged.isSubsetOf(held);
    }

    /** The next transaction of this server's own clients, not committed yet. */
    GtidSet write() {
        GtidSet gtid;
        do {
            gtid = GtidSet.parse(server.settings.uuid() + ":" + next++);
        } while (gtid.isSubsetOf(written()));
        return gtid;
    }

    /** A transaction that waits for an acknowledgement is sent before it is committed. */
    void flush(GtidSet gtid) {
        waiting = waiting.union(gtid);
        send(gtid);
    }

    /** It is committed: clients see it. */
    void commit(GtidSet gtid) {
        boolean sent = gtid.isSubsetOf(waiting);
        waiting = waiting.minus(gtid);
        executed = executed.union(gtid);
        if (!sent) {
            send(gtid);
        }
    }

    /** After a crash: what is in the binary log is committed. */
    void recover() {
        executed = written();
        waiting = GtidSet.empty();
    }

    private void send(GtidSet gtids) {
        lastAt = server.events.now();
        for (Stream stream : List.copyOf(streams)) {
            stream.send(gtids, lastAt);
        }
    }

    /** A receiver begins to read; it is sent what it does not hold. */
    void open(Stream stream, GtidSet held) {
        streams.add(stream);
        GtidSet missing = written().minus(held);
        if (!missing.isEmpty()) {
            stream.send(missing, lastAt);
        }
    }

    void close(Stream stream) {
        streams.remove(stream);
    }

    List<Stream> streams() {
        return List.copyOf(streams);
    }
}
