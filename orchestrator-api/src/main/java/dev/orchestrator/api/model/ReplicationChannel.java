package dev.orchestrator.api.model;

import dev.orchestrator.api.model.channel.BinlogCoordinates;
import dev.orchestrator.api.model.channel.StoredCredentials;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One replication channel of a replica, as the replica reports it. An instance has a list of them: one, usually.
 *
 * @param source the source this channel reads from, as the server names it
 * @param name the channel's name, empty for the default channel
 * @param sourceUuid the source's server_uuid, null while the receiver never connected
 * @param receiver the state of the receiver (IO) thread
 * @param applier the state of the applier (SQL) thread
 * @param autoPosition whether GTID auto-positioning (MySQL) is used
 * @param mariaDbGtid whether MariaDB's GTID positioning is used
 * @param readCoordinates how far the receiver has read in the source's binary log
 * @param executedCoordinates how far the applier has come in the source's binary log
 * @param relayCoordinates how far the applier has come in the relay log
 * @param retrievedGtids what the receiver has written to the present relay logs (on MariaDB the received position)
 * @param lag the replication delay as the server or the configured query reports it, null when unknown
 * @param configuredDelay the intended delay of a delayed replica
 * @param filters the replication filters in force on this channel, each as the server's option would say it, such
 *     as {@code replicate-ignore-table=app.log}; empty for none
 * @param lastReceiverErrno the receiver's last error number, 0 for none
 * @param lastReceiverError the receiver's last error, empty for none
 * @param lastApplierErrno the applier's last error number, 0 for none
 * @param lastApplierError the applier's last error, empty for none
 * @param user the account the receiver logs in with, empty when unknown
 * @param detached whether the source's name was made unusable on purpose, as the predecessor detached a replica:
 *     {@code //host}. {@link #source()} is the name without that
 * @param credentialsStored whether the account that the receiver connects with is kept by the server, so that it
 *     survives a restart of the receiver; {@link StoredCredentials#UNKNOWN} where the server does not let us see it
 * @param receiverErrorAge how old the receiver's last error was when this was read, by the server's own clock; not
 *     less than it was; null when there is none, or the server does not tell
 * @param connectedUntil when a poll last saw the receiver connected to this source; null while it is connected, and
 *     when no poll ever saw it connected
 * @param leftover whether it was left from before its server became a primary: it is switched off, and the topology
 *     is drawn as if it were not there. Computed from the whole fleet; its server is a primary all the same
 */
@RecordBuilder
public record ReplicationChannel(
        InstanceKey source,
        String name,
        @Nullable String sourceUuid,
        ReplicationThreadState receiver,
        ReplicationThreadState applier,
        boolean autoPosition,
        boolean mariaDbGtid,
        @Nullable BinlogCoordinates readCoordinates,
        @Nullable BinlogCoordinates executedCoordinates,
        @Nullable BinlogCoordinates relayCoordinates,
        GtidSet retrievedGtids,
        @Nullable Duration lag,
        Duration configuredDelay,
        List<String> filters,
        int lastReceiverErrno,
        String lastReceiverError,
        int lastApplierErrno,
        String lastApplierError,
        String user,
        boolean detached,
        StoredCredentials credentialsStored,
        @Nullable Duration receiverErrorAge,
        @Nullable Instant connectedUntil,
        boolean leftover) {
    /** Collections are copied. */
    public ReplicationChannel {
        filters = List.copyOf(filters);
    }

    /**
     * Starts a new one.
     *
     * @param source the source this channel reads from, as the server names it
     * @return a builder in which everything else has its default
     */
    public static ReplicationChannelBuilder builder(InstanceKey source) {
        return ReplicationChannelBuilder.builder()
                .source(source)
                .name("")
                .receiver(ReplicationThreadState.NONE)
                .applier(ReplicationThreadState.NONE)
                .retrievedGtids(GtidSet.empty())
                .configuredDelay(Duration.ZERO)
                .filters(List.of())
                .lastReceiverError("")
                .lastApplierError("")
                .user("")
                .credentialsStored(StoredCredentials.UNKNOWN);
    }

    /** A builder that starts from this one. */
    public ReplicationChannelBuilder toBuilder() {
        return ReplicationChannelBuilder.builder(this);
    }

    /**
     * Whether both threads are at work, so that new transactions arrive and are applied.
     *
     * @return true when receiver and applier say RUNNING
     */
    public boolean isReplicating() {
        return receiver == ReplicationThreadState.RUNNING && applier == ReplicationThreadState.RUNNING;
    }

    /**
     * Whether positions are kept by GTID of either flavour.
     *
     * @return true for auto-position or MariaDB's GTID
     */
    public boolean usesGtid() {
        return autoPosition || mariaDbGtid;
    }

    @Override
    public int hashCode() {
        return Objects.hash(source, name, receiver, applier, retrievedGtids);
    }

    @Override
    public String toString() {
        return "channel '" + name + "' from " + source + " receiver=" + receiver + " applier=" + applier;
    }
}
