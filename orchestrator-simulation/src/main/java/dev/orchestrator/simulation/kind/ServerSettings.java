package dev.orchestrator.simulation.kind;

import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;

/**
 * What a server is by its configuration file: it is so again after each restart.
 *
 * @param key its host and port
 * @param uuid its server_uuid, or of MariaDB its server_id in words
 * @param kind its version, and what it logs and leaves out
 * @param readOnly whether it is read-only after a restart
 * @param skipReplicaStart whether replication does not start by itself
 * @param relayLogRecovery whether received and not executed transactions are thrown away and asked for again
 * @param semiSyncSource whether commits wait for an acknowledgement, once it is a source
 * @param semiSyncReplica whether it acknowledges what it receives
 * @param waitForReplicas how many acknowledgements a commit waits for
 * @param semiSyncTimeout after which it does not wait any more; a day or more for ever
 * @param connectRetry how long a receiver waits between two attempts to connect
 */
public record ServerSettings(
        InstanceKey key,
        String uuid,
        ServerKind kind,
        boolean readOnly,
        boolean skipReplicaStart,
        boolean relayLogRecovery,
        boolean semiSyncSource,
        boolean semiSyncReplica,
        int waitForReplicas,
        Duration semiSyncTimeout,
        Duration connectRetry) {
    /**
     * An ordinary server: no semi-sync, not read-only, relay logs are kept over a crash.
     *
     * @param key its host and port
     * @param uuid its server_uuid
     * @return the settings
     */
    public static ServerSettings ordinary(InstanceKey key, String uuid) {
        return new ServerSettings(
                key,
                uuid,
                ServerKind.ORDINARY,
                false,
                false,
                false,
                false,
                false,
                1,
                Duration.ofSeconds(10),
                Duration.ofSeconds(1));
    }

    /**
     * The same with semi-sync.
     *
     * @param wait how many acknowledgements a commit waits for
     * @param timeout after which it does not wait any more
     * @param source whether it waits for acknowledgements; replicas do not
     * @return new settings
     */
    public ServerSettings withSemiSync(int wait, Duration timeout, boolean source) {
        return acknowledging(source, !source, wait, timeout);
    }

    /**
     * The same, but as a replica it acknowledges nothing.
     *
     * @return new settings
     */
    public ServerSettings withoutAcknowledging() {
        return acknowledging(semiSyncSource, false, waitForReplicas, semiSyncTimeout);
    }

    private ServerSettings acknowledging(boolean source, boolean replica, int wait, Duration timeout) {
        return new ServerSettings(
                key,
                uuid,
                kind,
                readOnly,
                skipReplicaStart,
                relayLogRecovery,
                source,
                replica,
                wait,
                timeout,
                connectRetry);
    }

    /**
     * The same, but how it comes back after a restart.
     *
     * @param startsReadOnly whether it is read-only then
     * @param stopped whether replication does not start by itself
     * @param recovery whether what was received and not executed is thrown away
     * @return new settings
     */
    public ServerSettings restarting(boolean startsReadOnly, boolean stopped, boolean recovery) {
        return new ServerSettings(
                key,
                uuid,
                kind,
                startsReadOnly,
                stopped,
                recovery,
                semiSyncSource,
                semiSyncReplica,
                waitForReplicas,
                semiSyncTimeout,
                connectRetry);
    }

    /**
     * The same, but of another kind.
     *
     * @param other its version, and what it logs and leaves out
     * @return new settings
     */
    public ServerSettings of(ServerKind other) {
        return new ServerSettings(
                key,
                uuid,
                other,
                readOnly,
                skipReplicaStart,
                relayLogRecovery,
                semiSyncSource,
                semiSyncReplica,
                waitForReplicas,
                semiSyncTimeout,
                connectRetry);
    }

    /**
     * Whether a commit waits for an acknowledgement however long it takes.
     *
     * @return false when it goes on without after a while
     */
    public boolean waitsForEver() {
        return semiSyncTimeout.compareTo(Duration.ofDays(1)) >= 0;
    }
}
