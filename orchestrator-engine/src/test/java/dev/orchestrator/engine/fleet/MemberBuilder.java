package dev.orchestrator.engine.fleet;

import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceBuilder;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationChannelBuilder;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.api.model.channel.StoredCredentials;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Builds one server of a {@link FleetBuilder}. Every method changes this builder and returns it. */
public final class MemberBuilder {
    private final InstanceKey key;
    private final Instant now;
    private ClusterId cluster = FleetBuilder.CLUSTER;
    private InstanceBuilder facts;
    private @Nullable ReplicationChannelBuilder channel;
    private final List<ReplicationChannel> others = new ArrayList<>();
    private Instant read;
    private @Nullable ProbeFailure failure;
    private @Nullable Instant failingSince;
    private @Nullable Instant lastAnswer;
    private boolean seen = true;

    MemberBuilder(InstanceKey key, Instant now) {
        this.key = key;
        this.now = now;
        this.read = now.minusSeconds(1);
        this.facts = facts("8.0.31");
    }

    private InstanceBuilder facts(String version) {
        return Instance.builder(key, ServerVersion.parse(version, "MySQL Community Server - GPL"))
                .serverUuid(uuid(key.hostname()))
                .serverId(key.hostname().hashCode() & 0xffff)
                .reportedHostname(key.hostname())
                .reportHost(key.hostname())
                .reportPort(key.port())
                .uptime(Duration.ofDays(1))
                .readOnly(true)
                .superReadOnly(true)
                .superReadOnlySupported(true)
                .binlogEnabled(true)
                .logReplicaUpdates(true)
                .binlogFormat("ROW")
                .gtidMode("ON");
    }

    /** Of another version; everything else is as at the beginning. */
    public MemberBuilder version(String version) {
        facts = facts(version);
        return this;
    }

    /** The server_uuid of a server. */
    public static String uuid(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    public MemberBuilder writable() {
        facts.readOnly(false).superReadOnly(false);
        return this;
    }

    public MemberBuilder replicaOf(String source) {
        return replicaOf(FleetBuilder.key(source));
    }

    public MemberBuilder replicaOf(InstanceKey source) {
        channel = ReplicationChannel.builder(source)
                .sourceUuid(uuid(source.hostname()))
                .receiver(ReplicationThreadState.RUNNING)
                .applier(ReplicationThreadState.RUNNING)
                .autoPosition(true)
                .credentialsStored(StoredCredentials.STORED)
                .lag(Duration.ZERO);
        return this;
    }

    /** A channel of that name more, sorted before the one there is. */
    public MemberBuilder alsoReplicaOf(String source, String name) {
        others.add(ReplicationChannel.builder(FleetBuilder.key(source))
                .name(name)
                .sourceUuid(uuid(source))
                .receiver(ReplicationThreadState.RUNNING)
                .applier(ReplicationThreadState.RUNNING)
                .autoPosition(true)
                .lag(Duration.ZERO)
                .build());
        return this;
    }

    /** Replication is reset: it replicates from nobody. */
    public MemberBuilder detached() {
        channel = null;
        return this;
    }

    /** One that is connecting was connected five seconds ago. */
    public MemberBuilder receiver(ReplicationThreadState state) {
        return channel(c -> c.receiver(state)
                .connectedUntil(state == ReplicationThreadState.CONNECTING ? now.minusSeconds(5) : null));
    }

    /** The receiver's last attempt failed so, that long before it was read; null for a server that does not tell when. */
    public MemberBuilder receiverError(int errno, @Nullable Duration age) {
        return channel(
                c -> c.lastReceiverErrno(errno).lastReceiverError("for a test").receiverErrorAge(age));
    }

    /** A poll last saw the receiver connected that long before the present; null for never. */
    public MemberBuilder connectedAgo(@Nullable Duration ago) {
        return channel(c -> c.connectedUntil(ago == null ? null : now.minus(ago)));
    }

    public MemberBuilder channel(UnaryOperator<ReplicationChannelBuilder> change) {
        if (channel == null) {
            throw new IllegalStateException(key + " is no replica");
        }
        channel = change.apply(channel);
        return this;
    }

    public MemberBuilder facts(UnaryOperator<InstanceBuilder> change) {
        facts = change.apply(facts);
        return this;
    }

    public MemberBuilder executed(String gtids) {
        facts.executedGtids(GtidSet.parse(gtids));
        return this;
    }

    public MemberBuilder retrieved(String gtids) {
        return channel(c -> c.retrievedGtids(GtidSet.parse(gtids)));
    }

    public MemberBuilder semiSync(SemiSyncState state) {
        facts.semiSync(state);
        return this;
    }

    /** When it was read last, before the present. */
    public MemberBuilder readAgo(Duration ago) {
        read = now.minus(ago);
        return this;
    }

    /** It has not answered since some time before the present; it was read before that. */
    public MemberBuilder fails(ProbeFailure.Kind kind, Duration since) {
        failure = new ProbeFailure(kind, "for a test");
        failingSince = now.minus(since);
        read = failingSince.minusSeconds(1);
        return this;
    }

    /** It last answered in any way that long before the present. */
    public MemberBuilder lastAnswerAgo(Duration ago) {
        lastAnswer = now.minus(ago);
        return this;
    }

    /** It answers again. */
    public MemberBuilder answers() {
        failure = null;
        failingSince = null;
        read = now.minusSeconds(1);
        return this;
    }

    /** It was never read. */
    public MemberBuilder neverSeen() {
        seen = false;
        return this;
    }

    public MemberBuilder in(ClusterId other) {
        cluster = other;
        return this;
    }

    FleetMember build() {
        List<ReplicationChannel> channels = new ArrayList<>(others);
        if (channel != null) {
            channels.add(channel.build());
        }
        Instance instance = facts.channels(channels).build();
        Instant lastSeen = seen ? read : null;
        boolean refuses = failure != null && failure.serverAnswered();
        return new FleetMember(
                key,
                cluster,
                seen ? instance : null,
                lastSeen,
                failure == null ? read : now,
                failure,
                failingSince,
                Duration.ofMillis(2),
                lastAnswer != null ? lastAnswer : refuses ? now : lastSeen);
    }
}
