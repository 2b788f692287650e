package dev.orchestrator.engine.fake;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceBuilder;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.KnownReplica;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.ServerVersion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A server that does what a test tells it. Thread-safe. */
public final class FakeServer {
    private final FakeInstanceGateway gateway;
    private final InstanceKey key;
    private final AtomicInteger polls = new AtomicInteger();
    private volatile String uuid;
    private volatile String hostname;
    private volatile String reportHost = "";
    private volatile int reportPort;
    private volatile long serverId;
    private volatile @Nullable InstanceKey source;
    private volatile boolean readOnly;
    private volatile boolean registers = true;
    private volatile GtidSet executed = GtidSet.empty();
    private volatile boolean up = true;
    private volatile boolean refusing;
    private volatile @Nullable CountDownLatch frozen;
    private volatile Duration uptime = Duration.ofHours(1);

    FakeServer(FakeInstanceGateway gateway, InstanceKey key, int number) {
        this.gateway = gateway;
        this.key = key;
        this.hostname = key.hostname();
        this.reportPort = key.port();
        this.serverId = number;
        this.uuid = String.format("00000000-0000-0000-0000-%012d", number);
    }

    /** Where it listens. */
    public InstanceKey key() {
        return key;
    }

    /** Makes it a read-only replica. */
    public FakeServer replicaOf(String sourceKey) {
        source = InstanceKey.parse(sourceKey);
        readOnly = true;
        return this;
    }

    /** Makes it writable, and a replica of nobody. */
    public FakeServer promote() {
        source = null;
        readOnly = false;
        return this;
    }

    /** Sets read_only. */
    public FakeServer readOnly(boolean value) {
        readOnly = value;
        return this;
    }

    /** Sets its server_uuid. */
    public FakeServer uuid(String value) {
        uuid = value;
        return this;
    }

    /** Sets {@code @@hostname}. */
    public FakeServer hostname(String value) {
        hostname = value;
        return this;
    }

    /** Sets {@code @@report_host}. */
    public FakeServer reportHost(String value) {
        reportHost = value;
        return this;
    }

    /** Whether its source lists it among its registered replicas; otherwise only the process list shows it. */
    public FakeServer registers(boolean value) {
        registers = value;
        return this;
    }

    /** Sets what it has executed. */
    public FakeServer executed(String gtids) {
        executed = GtidSet.parse(gtids);
        return this;
    }

    /** Kills it: connections are reset, sentinels feel it. */
    public void crash() {
        up = false;
        thaw();
        gateway.breakWatches(this);
    }

    /** Starts it again. */
    public void start() {
        uptime = Duration.ZERO;
        up = true;
    }

    /** It accepts, and does not answer any more. */
    public void freeze() {
        frozen = new CountDownLatch(1);
    }

    /** It answers again. */
    public void thaw() {
        CountDownLatch latch = frozen;
        frozen = null;
        if (latch != null) {
            latch.countDown();
        }
    }

    /** How often it was polled. */
    public int polls() {
        return polls.get();
    }

    void polled() {
        polls.incrementAndGet();
    }

    /** It answers and refuses our account, or takes it again. */
    public void refuseAccount(boolean refuse) {
        refusing = refuse;
    }

    boolean isRefusing() {
        return refusing;
    }

    boolean isUp() {
        return up;
    }

    @Nullable
    CountDownLatch frozen() {
        return frozen;
    }

    String uuid() {
        return uuid;
    }

    @Nullable
    InstanceKey source() {
        return source;
    }

    Instance facts(InstanceKey asked, List<FakeServer> replicas, @Nullable FakeServer sourceServer) {
        InstanceBuilder facts = Instance.builder(asked, ServerVersion.parse("8.0.36", "MySQL Community Server - GPL"))
                .serverUuid(uuid)
                .serverId(serverId)
                .reportedHostname(hostname)
                .reportHost(reportHost)
                .reportPort(reportPort)
                .uptime(uptime)
                .readOnly(readOnly)
                .superReadOnly(readOnly)
                .binlogEnabled(true)
                .logReplicaUpdates(true)
                .gtidMode("ON")
                .executedGtids(executed)
                .replicas(replicas.stream().map(FakeServer::asReplica).toList());
        InstanceKey from = source;
        if (from != null) {
            boolean connected = sourceServer != null && sourceServer.up;
            facts.channels(List.of(ReplicationChannel.builder(from)
                    .sourceUuid(sourceServer == null ? null : sourceServer.uuid)
                    .receiver(connected ? ReplicationThreadState.RUNNING : ReplicationThreadState.CONNECTING)
                    .applier(ReplicationThreadState.RUNNING)
                    .autoPosition(true)
                    .build()));
        }
        return facts.build();
    }

    private KnownReplica asReplica() {
        InstanceKey sourceKey = source;
        return registers || sourceKey == null
                ? new KnownReplica(
                        new InstanceKey(reportHost.isEmpty() ? key.hostname() : reportHost, key.port()), uuid, false)
                : new KnownReplica(new InstanceKey(key.hostname(), sourceKey.port()), null, true);
    }
}
