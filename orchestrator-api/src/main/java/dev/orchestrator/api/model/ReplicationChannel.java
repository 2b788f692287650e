package dev.orchestrator.api.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One replication channel of a replica, as the replica reports it. An instance has a list of them: one, usually.
 */
public final class ReplicationChannel {
    private final InstanceKey source;
    private final String name;
    private final @Nullable String sourceUuid;
    private final ReplicationThreadState receiver;
    private final ReplicationThreadState applier;
    private final boolean autoPosition;
    private final boolean mariaDbGtid;
    private final @Nullable BinlogCoordinates readCoordinates;
    private final @Nullable BinlogCoordinates executedCoordinates;
    private final @Nullable BinlogCoordinates relayCoordinates;
    private final GtidSet retrievedGtids;
    private final @Nullable Duration lag;
    private final Duration configuredDelay;
    private final List<String> filters;
    private final int lastReceiverErrno;
    private final String lastReceiverError;
    private final int lastApplierErrno;
    private final String lastApplierError;
    private final String user;
    private final boolean detached;
    private final StoredCredentials credentialsStored;
    private final @Nullable Duration receiverErrorAge;
    private final @Nullable Instant connectedUntil;
    private final boolean leftover;

    private ReplicationChannel(Builder b) {
        this.source = b.source;
        this.name = b.name;
        this.sourceUuid = b.sourceUuid;
        this.receiver = b.receiver;
        this.applier = b.applier;
        this.autoPosition = b.autoPosition;
        this.mariaDbGtid = b.mariaDbGtid;
        this.readCoordinates = b.readCoordinates;
        this.executedCoordinates = b.executedCoordinates;
        this.relayCoordinates = b.relayCoordinates;
        this.retrievedGtids = b.retrievedGtids;
        this.lag = b.lag;
        this.configuredDelay = b.configuredDelay;
        this.filters = List.copyOf(b.filters);
        this.lastReceiverErrno = b.lastReceiverErrno;
        this.lastReceiverError = b.lastReceiverError;
        this.lastApplierErrno = b.lastApplierErrno;
        this.lastApplierError = b.lastApplierError;
        this.user = b.user;
        this.detached = b.detached;
        this.credentialsStored = b.credentialsStored;
        this.receiverErrorAge = b.receiverErrorAge;
        this.connectedUntil = b.connectedUntil;
        this.leftover = b.leftover;
    }

    /**
     * Starts a new one.
     *
     * @param source the source this channel reads from, as the server names it
     * @return a builder in which everything else has its default
     */
    public static Builder builder(InstanceKey source) {
        return new Builder(source);
    }

    /**
     * A builder that starts from this one.
     *
     * @return a new builder
     */
    public Builder toBuilder() {
        Builder b = new Builder(source);
        b.name = name;
        b.sourceUuid = sourceUuid;
        b.receiver = receiver;
        b.applier = applier;
        b.autoPosition = autoPosition;
        b.mariaDbGtid = mariaDbGtid;
        b.readCoordinates = readCoordinates;
        b.executedCoordinates = executedCoordinates;
        b.relayCoordinates = relayCoordinates;
        b.retrievedGtids = retrievedGtids;
        b.lag = lag;
        b.configuredDelay = configuredDelay;
        b.filters = filters;
        b.lastReceiverErrno = lastReceiverErrno;
        b.lastReceiverError = lastReceiverError;
        b.lastApplierErrno = lastApplierErrno;
        b.lastApplierError = lastApplierError;
        b.user = user;
        b.detached = detached;
        b.credentialsStored = credentialsStored;
        b.receiverErrorAge = receiverErrorAge;
        b.connectedUntil = connectedUntil;
        b.leftover = leftover;
        return b;
    }

    /**
     * The source this channel reads from, as the server names it.
     *
     * @return the source this channel reads from, as the server names it
     */
    public InstanceKey source() {
        return source;
    }

    /**
     * The channel's name, empty for the default channel.
     *
     * @return the channel's name, empty for the default channel
     */
    public String name() {
        return name;
    }

    /**
     * The source's server_uuid, null while the receiver never connected.
     *
     * @return the source's server_uuid, null while the receiver never connected
     */
    public @Nullable String sourceUuid() {
        return sourceUuid;
    }

    /**
     * The state of the receiver (IO) thread.
     *
     * @return the state of the receiver (IO) thread
     */
    public ReplicationThreadState receiver() {
        return receiver;
    }

    /**
     * The state of the applier (SQL) thread.
     *
     * @return the state of the applier (SQL) thread
     */
    public ReplicationThreadState applier() {
        return applier;
    }

    /**
     * Whether GTID auto-positioning (MySQL) is used.
     *
     * @return whether GTID auto-positioning (MySQL) is used
     */
    public boolean autoPosition() {
        return autoPosition;
    }

    /**
     * Whether MariaDB's GTID positioning is used.
     *
     * @return whether MariaDB's GTID positioning is used
     */
    public boolean mariaDbGtid() {
        return mariaDbGtid;
    }

    /**
     * How far the receiver has read in the source's binary log.
     *
     * @return how far the receiver has read in the source's binary log
     */
    public @Nullable BinlogCoordinates readCoordinates() {
        return readCoordinates;
    }

    /**
     * How far the applier has come in the source's binary log.
     *
     * @return how far the applier has come in the source's binary log
     */
    public @Nullable BinlogCoordinates executedCoordinates() {
        return executedCoordinates;
    }

    /**
     * How far the applier has come in the relay log.
     *
     * @return how far the applier has come in the relay log
     */
    public @Nullable BinlogCoordinates relayCoordinates() {
        return relayCoordinates;
    }

    /**
     * What the receiver has written to the present relay logs (on MariaDB the received position).
     *
     * @return what the receiver has written to the present relay logs (on MariaDB the received position)
     */
    public GtidSet retrievedGtids() {
        return retrievedGtids;
    }

    /**
     * The replication delay as the server or the configured query reports it, null when unknown.
     *
     * @return the replication delay as the server or the configured query reports it, null when unknown
     */
    public @Nullable Duration lag() {
        return lag;
    }

    /**
     * The intended delay of a delayed replica.
     *
     * @return the intended delay of a delayed replica
     */
    public Duration configuredDelay() {
        return configuredDelay;
    }

    /**
     * The replication filters in force on this channel, each as the server's option would say it, such as {@code
     * replicate-ignore-table=app.log}.
     *
     * @return the filters, empty for none
     */
    public List<String> filters() {
        return filters;
    }

    /**
     * The receiver's last error number, 0 for none.
     *
     * @return the receiver's last error number, 0 for none
     */
    public int lastReceiverErrno() {
        return lastReceiverErrno;
    }

    /**
     * The receiver's last error, empty for none.
     *
     * @return the receiver's last error, empty for none
     */
    public String lastReceiverError() {
        return lastReceiverError;
    }

    /**
     * The applier's last error number, 0 for none.
     *
     * @return the applier's last error number, 0 for none
     */
    public int lastApplierErrno() {
        return lastApplierErrno;
    }

    /**
     * The applier's last error, empty for none.
     *
     * @return the applier's last error, empty for none
     */
    public String lastApplierError() {
        return lastApplierError;
    }

    /**
     * The account the receiver logs in with, empty when unknown.
     *
     * @return the account the receiver logs in with, empty when unknown
     */
    public String user() {
        return user;
    }

    /**
     * Whether the source's name was made unusable on purpose, as the predecessor detached a replica: {@code //host}.
     * {@link #source()} is the name without that.
     *
     * @return whether the channel was detached so
     */
    public boolean detached() {
        return detached;
    }

    /**
     * Whether the account that the receiver connects with is kept by the server, so that it survives a restart of the
     * receiver.
     *
     * @return {@link StoredCredentials#UNKNOWN} where the server does not let us see it
     */
    public StoredCredentials credentialsStored() {
        return credentialsStored;
    }

    /**
     * How old the receiver's last error was when this was read, by the server's own clock; not less than it was.
     *
     * @return null when there is none, or the server does not tell
     */
    public @Nullable Duration receiverErrorAge() {
        return receiverErrorAge;
    }

    /**
     * When a poll last saw the receiver connected to this source.
     *
     * @return null while it is connected, and when no poll ever saw it connected
     */
    public @Nullable Instant connectedUntil() {
        return connectedUntil;
    }

    /**
     * Whether it was left from before its server became a primary: it is switched off, and the topology is drawn as if it
     * were not there. Computed from the whole fleet.
     *
     * @return true when its server is a primary all the same
     */
    public boolean leftover() {
        return leftover;
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
    public boolean equals(@Nullable Object o) {
        return this == o
                || (o instanceof ReplicationChannel other
                        && Objects.equals(source, other.source)
                        && Objects.equals(name, other.name)
                        && Objects.equals(sourceUuid, other.sourceUuid)
                        && Objects.equals(receiver, other.receiver)
                        && Objects.equals(applier, other.applier)
                        && autoPosition == other.autoPosition
                        && mariaDbGtid == other.mariaDbGtid
                        && Objects.equals(readCoordinates, other.readCoordinates)
                        && Objects.equals(executedCoordinates, other.executedCoordinates)
                        && Objects.equals(relayCoordinates, other.relayCoordinates)
                        && Objects.equals(retrievedGtids, other.retrievedGtids)
                        && Objects.equals(lag, other.lag)
                        && Objects.equals(configuredDelay, other.configuredDelay)
                        && filters.equals(other.filters)
                        && lastReceiverErrno == other.lastReceiverErrno
                        && Objects.equals(lastReceiverError, other.lastReceiverError)
                        && lastApplierErrno == other.lastApplierErrno
                        && Objects.equals(lastApplierError, other.lastApplierError)
                        && Objects.equals(user, other.user)
                        && detached == other.detached
                        && credentialsStored == other.credentialsStored
                        && Objects.equals(receiverErrorAge, other.receiverErrorAge)
                        && Objects.equals(connectedUntil, other.connectedUntil)
                        && leftover == other.leftover);
    }

    @Override
    public int hashCode() {
        return Objects.hash(source, name, receiver, applier, retrievedGtids);
    }

    @Override
    public String toString() {
        return "channel '" + name + "' from " + source + " receiver=" + receiver + " applier=" + applier;
    }

    /** Collects the facts of a {@link ReplicationChannel}. Not thread-safe. */
    public static final class Builder {
        private final InstanceKey source;
        private String name = "";
        private @Nullable String sourceUuid;
        private ReplicationThreadState receiver = ReplicationThreadState.NONE;
        private ReplicationThreadState applier = ReplicationThreadState.NONE;
        private boolean autoPosition = false;
        private boolean mariaDbGtid = false;
        private @Nullable BinlogCoordinates readCoordinates;
        private @Nullable BinlogCoordinates executedCoordinates;
        private @Nullable BinlogCoordinates relayCoordinates;
        private GtidSet retrievedGtids = GtidSet.empty();
        private @Nullable Duration lag;
        private Duration configuredDelay = Duration.ZERO;
        private List<String> filters = List.of();
        private int lastReceiverErrno = 0;
        private String lastReceiverError = "";
        private int lastApplierErrno = 0;
        private String lastApplierError = "";
        private String user = "";
        private boolean detached = false;
        private StoredCredentials credentialsStored = StoredCredentials.UNKNOWN;
        private @Nullable Duration receiverErrorAge;
        private @Nullable Instant connectedUntil;
        private boolean leftover;

        private Builder(InstanceKey source) {
            this.source = Objects.requireNonNull(source, "source");
        }

        /**
         * Sets {@link ReplicationChannel#name()}.
         *
         * @param value the channel's name, empty for the default channel
         * @return this
         */
        public Builder name(String value) {
            this.name = value;
            return this;
        }

        /**
         * Sets {@link ReplicationChannel#sourceUuid()}.
         *
         * @param value the source's server_uuid, null while the receiver never connected
         * @return this
         */
        public Builder sourceUuid(@Nullable String value) {
            this.sourceUuid = value;
            return this;
        }

        /**
         * Sets {@link ReplicationChannel#receiver()}.
         *
         * @param value the state of the receiver (IO) thread
         * @return this
         */
        public Builder receiver(ReplicationThreadState value) {
            this.receiver = value;
            return this;
        }

        /**
         * Sets {@link ReplicationChannel#applier()}.
         *
         * @param value the state of the applier (SQL) thread
         * @return this
         */
        public Builder applier(ReplicationThreadState value) {
            this.applier = value;
            return this;
        }

        /**
         * Sets {@link ReplicationChannel#autoPosition()}.
         *
         * @param value whether GTID auto-positioning (MySQL) is used
         * @return this
         */
        public Builder autoPosition(boolean value) {
            this.autoPosition = value;
            return this;
        }

        /**
         * Sets {@link ReplicationChannel#mariaDbGtid()}.
         *
         * @param value whether MariaDB's GTID positioning is used
         * @return this
         */
        public Builder mariaDbGtid(boolean value) {
            this.mariaDbGtid = value;
            return this;
        }

        /**
         * Sets {@link ReplicationChannel#readCoordinates()}.
         *
         * @param value how far the receiver has read in the source's binary log
         * @return this
         */
        public Builder readCoordinates(@Nullable BinlogCoordinates value) {
            this.readCoordinates = value;
            return this;
        }

        /**
         * Sets {@link ReplicationChannel#executedCoordinates()}.
         *
         * @param value how far the applier has come in the source's binary log
         * @return this
         */
        public Builder executedCoordinates(@Nullable BinlogCoordinates value) {
            this.executedCoordinates = value;
            return this;
        }

        /**
         * Sets {@link ReplicationChannel#relayCoordinates()}.
         *
         * @param value how far the applier has come in the relay log
         * @return this
         */
        public Builder relayCoordinates(@Nullable BinlogCoordinates value) {
            this.relayCoordinates = value;
            return this;
        }

        /**
         * Sets {@link ReplicationChannel#retrievedGtids()}.
         *
         * @param value what the receiver has written to the present relay logs (on MariaDB the received position)
         * @return this
         */
        public Builder retrievedGtids(GtidSet value) {
            this.retrievedGtids = value;
            return this;
        }

        /**
         * Sets {@link ReplicationChannel#lag()}.
         *
         * @param value the replication delay as the server or the configured query reports it, null when unknown
         * @return this
         */
        public Builder lag(@Nullable Duration value) {
            this.lag = value;
            return this;
        }

        /**
         * Sets {@link ReplicationChannel#configuredDelay()}.
         *
         * @param value the intended delay of a delayed replica
         * @return this
         */
        public Builder configuredDelay(Duration value) {
            this.configuredDelay = value;
            return this;
        }

        /**
         * Sets {@link ReplicationChannel#filters()}.
         *
         * @param value the filters, each as the server's option would say it
         * @return this
         */
        public Builder filters(List<String> value) {
            this.filters = value;
            return this;
        }

        /**
         * Sets {@link ReplicationChannel#lastReceiverErrno()}.
         *
         * @param value the receiver's last error number, 0 for none
         * @return this
         */
        public Builder lastReceiverErrno(int value) {
            this.lastReceiverErrno = value;
            return this;
        }

        /**
         * Sets {@link ReplicationChannel#lastReceiverError()}.
         *
         * @param value the receiver's last error, empty for none
         * @return this
         */
        public Builder lastReceiverError(String value) {
            this.lastReceiverError = value;
            return this;
        }

        /**
         * Sets {@link ReplicationChannel#lastApplierErrno()}.
         *
         * @param value the applier's last error number, 0 for none
         * @return this
         */
        public Builder lastApplierErrno(int value) {
            this.lastApplierErrno = value;
            return this;
        }

        /**
         * Sets {@link ReplicationChannel#lastApplierError()}.
         *
         * @param value the applier's last error, empty for none
         * @return this
         */
        public Builder lastApplierError(String value) {
            this.lastApplierError = value;
            return this;
        }

        /**
         * Sets {@link ReplicationChannel#user()}.
         *
         * @param value the account the receiver logs in with, empty when unknown
         * @return this
         */
        public Builder user(String value) {
            this.user = value;
            return this;
        }

        /**
         * Sets {@link ReplicationChannel#detached()}.
         *
         * @param value the new value
         * @return this builder
         */
        public Builder detached(boolean value) {
            this.detached = value;
            return this;
        }

        /**
         * Sets {@link ReplicationChannel#credentialsStored()}.
         *
         * @param value the new value
         * @return this builder
         */
        public Builder credentialsStored(StoredCredentials value) {
            this.credentialsStored = value;
            return this;
        }

        /**
         * Sets {@link ReplicationChannel#receiverErrorAge()}.
         *
         * @param value the new value
         * @return this builder
         */
        public Builder receiverErrorAge(@Nullable Duration value) {
            this.receiverErrorAge = value;
            return this;
        }

        /**
         * Sets {@link ReplicationChannel#connectedUntil()}.
         *
         * @param value the new value
         * @return this builder
         */
        public Builder connectedUntil(@Nullable Instant value) {
            this.connectedUntil = value;
            return this;
        }

        /**
         * Sets {@link ReplicationChannel#leftover()}.
         *
         * @param value whether it was left from before its server became a primary
         * @return this
         */
        public Builder leftover(boolean value) {
            this.leftover = value;
            return this;
        }

        /**
         * Finishes.
         *
         * @return an immutable ReplicationChannel
         */
        public ReplicationChannel build() {
            return new ReplicationChannel(this);
        }
    }
}
