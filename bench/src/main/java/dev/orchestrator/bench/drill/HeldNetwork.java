package dev.orchestrator.bench.drill;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.testkit.ContinuousWriter;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.ReplicationTopology;
import dev.orchestrator.testkit.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A network between a primary and its replicas that can hold back what the primary sends. */
final class HeldNetwork implements AutoCloseable {
    private static final int HELD_WRITES = 20;

    private final List<TcpProxy> proxies = new ArrayList<>();

    /** Puts itself between the primary and each replica; their receivers connect anew. */
    HeldNetwork(ReplicationTopology topology) {
        for (DatabaseServer replica : topology.replicas()) {
            TcpProxy proxy = TcpProxy.to(topology.primary());
            proxies.add(proxy);
            replica.execute(
                    "STOP REPLICA IO_THREAD",
                    "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '" + proxy.host() + "', SOURCE_PORT = " + proxy.port(),
                    "START REPLICA IO_THREAD");
        }
    }

    /** The names under which replicas know their source. */
    List<InstanceKey> names() {
        return proxies.stream().map(p -> new InstanceKey(p.host(), p.port())).toList();
    }

    /** Lets nothing through any more, and waits until the primary has acknowledged some writes that nobody else has. */
    void hold(ContinuousWriter writer, Duration limit) {
        proxies.forEach(TcpProxy::blackhole);
        writer.awaitAcknowledged(writer.acknowledged().size() + HELD_WRITES, limit);
    }

    /** Ends all connections; what was held is gone. */
    void drop() {
        proxies.forEach(TcpProxy::cut);
    }

    @Override
    public void close() {
        proxies.forEach(TcpProxy::close);
    }
}
