package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceBuilder;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.api.model.channel.StoredCredentials;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one poll has brought so far. */
final class PollFacts {
    final InstanceKey key;
    final InstanceBuilder instance;
    final List<String> limitations = new ArrayList<>();
    final List<ReplicationChannel> channels = new ArrayList<>();
    final List<RegisteredReplica> registered = new ArrayList<>();
    final List<String> dumpHosts = new ArrayList<>();
    /** Names in lower case. */
    final Map<String, String> status = new HashMap<>();

    final SemiSync semiSync = new SemiSync();

    @Nullable
    ServerClock clock;

    /** What the clock of its machine shows there, null where that cannot be told. */
    @Nullable
    LocalDateTime systemTime;

    /** By name of the channel; empty when the server did not let us see it. */
    final Map<String, StoredCredentials> credentials = new HashMap<>();

    String serverUuid = "";
    int port;

    PollFacts(InstanceKey key, ServerVersion version) {
        this.key = key;
        this.instance = Instance.builder(key, version);
        this.port = key.port();
    }

    /** A row of SHOW REPLICAS; host is empty when the replica does not report one. */
    record RegisteredReplica(
            String host, int port, @Nullable String serverUuid) {}

    /** The semi-sync settings; what is not there keeps its default. */
    static final class SemiSync {
        boolean sourceEnabled;
        boolean replicaEnabled;
        int waitForReplicas;
        Duration timeout = Duration.ZERO;
    }

    Instance build() {
        SemiSyncNames names = SemiSyncNames.of(status);
        if (names.available()) {
            instance.semiSync(new SemiSyncState(
                    true,
                    semiSync.sourceEnabled,
                    isOn(names.source() + "_status"),
                    semiSync.replicaEnabled,
                    isOn(names.replica() + "_status"),
                    semiSync.waitForReplicas,
                    semiSync.timeout,
                    Integer.parseInt(status.getOrDefault(names.source() + "_clients", "0"))));
        }
        instance.channels(channels.stream().map(this::withCredentials).toList());
        instance.replicas(ReplicaFinder.find(this));
        instance.limitations(limitations);
        return instance.build();
    }

    private ReplicationChannel withCredentials(ReplicationChannel channel) {
        StoredCredentials stored = credentials.get(channel.name());
        return stored == null
                ? channel
                : channel.toBuilder().credentialsStored(stored).build();
    }

    private boolean isOn(String name) {
        return "ON".equalsIgnoreCase(status.get(name));
    }
}
