package dev.orchestrator.api.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One server of the fleet: what was last known of it and how the last poll went. Times are by the backend's clock, as the
 * node that polled knew it.
 *
 * @param key the key it goes by
 * @param cluster the cluster it belongs to
 * @param instance the facts of the last successful poll, null when it was never seen
 * @param lastSeen when the last successful poll was started, null when there was none
 * @param lastAttempt when the last poll was started, null when there was none
 * @param failure why the last poll failed, null when it succeeded or there was none
 * @param failingSince when the first poll of the present row of failures was started, null while polls succeed; a
 *     row of failures in which the server answered ends where one begins in which it does not
 * @param latency how long the last poll took
 * @param lastAnswer when the last poll was started that the server answered in any way, by facts or by a refusal, null
 *     when there was none
 */
public record FleetMember(
        InstanceKey key,
        ClusterId cluster,
        @Nullable Instance instance,
        @Nullable Instant lastSeen,
        @Nullable Instant lastAttempt,
        @Nullable ProbeFailure failure,
        @Nullable Instant failingSince,
        Duration latency,
        @Nullable Instant lastAnswer) {
    /** Checks what must be there. */
    public FleetMember {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(cluster, "cluster");
    }

    /**
     * A server of which is not known more than how its last poll went.
     *
     * @param key see above
     * @param cluster see above
     * @param instance see above
     * @param lastSeen see above
     * @param lastAttempt see above
     * @param failure see above
     * @param failingSince see above
     * @param latency see above
     */
    public FleetMember(
            InstanceKey key,
            ClusterId cluster,
            @Nullable Instance instance,
            @Nullable Instant lastSeen,
            @Nullable Instant lastAttempt,
            @Nullable ProbeFailure failure,
            @Nullable Instant failingSince,
            Duration latency) {
        this(
                key,
                cluster,
                instance,
                lastSeen,
                lastAttempt,
                failure,
                failingSince,
                latency,
                failure != null && failure.serverAnswered() ? lastAttempt : lastSeen);
    }

    /**
     * A server that is known by its key only.
     *
     * @return a member that was never polled
     */
    public static FleetMember unseen(InstanceKey key, ClusterId cluster) {
        return new FleetMember(key, cluster, null, null, null, null, null, Duration.ZERO);
    }

    /**
     * This member after one more poll.
     *
     * @param observation what the poll brought
     * @return the new snapshot; facts of earlier polls stay when this one failed
     */
    public FleetMember observed(Observation observation) {
        Instant at = observation.startedAt();
        return observation.match(
                seen -> new FleetMember(
                        key, cluster, remember(seen.instance()), at, at, null, null, observation.latency(), at),
                failed -> new FleetMember(
                        key,
                        cluster,
                        instance,
                        lastSeen,
                        at,
                        failed.failure(),
                        failingSince == null || beginsSilence(failed.failure()) ? at : failingSince,
                        observation.latency(),
                        failed.failure().serverAnswered() ? at : lastAnswer));
    }

    /** A poll does not tell when a receiver that is not connected was connected last: earlier polls do. */
    private Instance remember(Instance now) {
        if (instance == null || areConnected(now.channels())) {
            return now;
        }
        return now.toBuilder()
                .channels(now.channels().stream().map(this::remember).toList())
                .build();
    }

    private ReplicationChannel remember(ReplicationChannel now) {
        if (isConnected(now) || instance == null) {
            return now;
        }
        return instance.channels().stream()
                .filter(before -> before.name().equals(now.name())
                        && before.source().equals(now.source())
                        && before.detached() == now.detached())
                .findFirst()
                .map(before -> isConnected(before) ? lastSeen : before.connectedUntil())
                .map(until -> now.toBuilder().connectedUntil(until).build())
                .orElse(now);
    }

    private static boolean areConnected(List<ReplicationChannel> channels) {
        for (ReplicationChannel channel : channels) {
            if (!isConnected(channel)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isConnected(ReplicationChannel channel) {
        return channel.receiver() == ReplicationThreadState.RUNNING;
    }

    /** A server that refused us and now is silent began to fail in another way: what others saw before says nothing. */
    private boolean beginsSilence(ProbeFailure next) {
        return failure != null && failure.serverAnswered() && !next.serverAnswered();
    }

    /**
     * This member in another cluster.
     *
     * @param other the cluster
     * @return the same snapshot in that cluster
     */
    public FleetMember inCluster(ClusterId other) {
        return other.equals(cluster)
                ? this
                : new FleetMember(
                        key, other, instance, lastSeen, lastAttempt, failure, failingSince, latency, lastAnswer);
    }

    /**
     * This member with other facts of the same poll, for what is computed from the whole fleet (errant GTIDs).
     *
     * @return the same poll with those facts
     */
    public FleetMember withInstance(Instance facts) {
        return new FleetMember(key, cluster, facts, lastSeen, lastAttempt, failure, failingSince, latency, lastAnswer);
    }

    /**
     * This member with the facts that somebody else read later than they were read last here; how its polls fail stays.
     *
     * @param other the member with those facts
     * @return this row of failures, with those facts
     */
    public FleetMember knownBy(FleetMember other) {
        boolean answeredLater = lastAnswer == null
                || (other.lastSeen() != null && other.lastSeen().isAfter(lastAnswer));
        return new FleetMember(
                key,
                cluster,
                other.instance(),
                other.lastSeen(),
                lastAttempt,
                failure,
                failingSince,
                latency,
                answeredLater ? other.lastSeen() : lastAnswer);
    }

    /**
     * Whether the last poll brought facts.
     *
     * @return true when it did
     */
    public boolean isReachable() {
        return instance != null && failure == null;
    }

    /**
     * The last known facts.
     *
     * @return empty when the server was never seen
     */
    public Optional<Instance> facts() {
        return Optional.ofNullable(instance);
    }
}
