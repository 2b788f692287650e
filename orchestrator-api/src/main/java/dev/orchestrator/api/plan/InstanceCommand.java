package dev.orchestrator.api.plan;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.channel.ChannelOptions;
import dev.orchestrator.api.model.channel.Credentials;

/**
 * Something a server can be told to do, in the modern words; the gateway translates for the server's version. Every
 * command is idempotent: told twice, it does no further harm.
 */
public sealed interface InstanceCommand {
    /**
     * Tells the kinds apart.
     *
     * @param cases what to answer for each
     * @param <T> what is answered
     * @param <E> what the answers may throw
     * @return the answer for this one
     * @throws E as the answer does
     */
    <T, E extends Exception> T match(Cases<T, E> cases) throws E;

    /**
     * What the command does, in words for people.
     *
     * @return a short sentence without a full stop
     */
    String describe();

    /**
     * Stops the receiver; the applier goes on.
     *
     * @param channel the channel, empty for the default one
     */
    record StopReceiver(String channel) implements InstanceCommand {
        @Override
        public <T, E extends Exception> T match(Cases<T, E> cases) throws E {
            return cases.stopReceiver(this);
        }

        @Override
        public String describe() {
            return "stop the receiver";
        }
    }

    /**
     * Starts the receiver.
     *
     * @param channel the channel, empty for the default one
     */
    record StartReceiver(String channel) implements InstanceCommand {
        @Override
        public <T, E extends Exception> T match(Cases<T, E> cases) throws E {
            return cases.startReceiver(this);
        }

        @Override
        public String describe() {
            return "start the receiver";
        }
    }

    /**
     * Stops and starts the receiver, to see whether it finds its source.
     *
     * @param channel the channel, empty for the default one
     */
    record RestartReceiver(String channel) implements InstanceCommand {
        @Override
        public <T, E extends Exception> T match(Cases<T, E> cases) throws E {
            return cases.restartReceiver(this);
        }

        @Override
        public String describe() {
            return "restart the receiver";
        }
    }

    /**
     * Starts the applier.
     *
     * @param channel the channel, empty for the default one
     */
    record StartApplier(String channel) implements InstanceCommand {
        @Override
        public <T, E extends Exception> T match(Cases<T, E> cases) throws E {
            return cases.startApplier(this);
        }

        @Override
        public String describe() {
            return "start the applier";
        }
    }

    /**
     * Stops receiver and applier.
     *
     * @param channel the channel, empty for the default one
     */
    record StopReplication(String channel) implements InstanceCommand {
        @Override
        public <T, E extends Exception> T match(Cases<T, E> cases) throws E {
            return cases.stopReplication(this);
        }

        @Override
        public String describe() {
            return "stop replication";
        }
    }

    /**
     * Starts receiver and applier.
     *
     * @param channel the channel, empty for the default one
     */
    record StartReplication(String channel) implements InstanceCommand {
        @Override
        public <T, E extends Exception> T match(Cases<T, E> cases) throws E {
            return cases.startReplication(this);
        }

        @Override
        public String describe() {
            return "start replication";
        }
    }

    /**
     * Waits until the applier has executed a set of transactions. Changes nothing.
     *
     * @param gtids what must be executed
     */
    record AwaitExecuted(GtidSet gtids) implements InstanceCommand {
        @Override
        public <T, E extends Exception> T match(Cases<T, E> cases) throws E {
            return cases.awaitExecuted(this);
        }

        @Override
        public String describe() {
            return "wait until everything received is executed";
        }
    }

    /**
     * Points a channel at another source: only host and port change, the applier stays as it is, so that what was
     * received and not yet applied survives. The receiver must be stopped, and is left stopped.
     *
     * @param channel the channel, empty for the default one
     */
    record Repoint(String channel, InstanceKey source) implements InstanceCommand {
        @Override
        public <T, E extends Exception> T match(Cases<T, E> cases) throws E {
            return cases.repoint(this);
        }

        @Override
        public String describe() {
            return "replicate from " + source;
        }
    }

    /**
     * Makes a server that replicates from nobody a replica by GTID auto-position. Replication is left stopped.
     *
     * @param credentials the account the receiver logs in with
     * @param options how it connects
     */
    record AttachTo(InstanceKey source, Credentials credentials, ChannelOptions options) implements InstanceCommand {
        @Override
        public <T, E extends Exception> T match(Cases<T, E> cases) throws E {
            return cases.attachTo(this);
        }

        @Override
        public String describe() {
            return "become a replica of " + source;
        }
    }

    /**
     * Waits until the receiver is connected to its source. Changes nothing. When the receiver cannot connect, the
     * failure says why, by which statement the channel was made and with which options, the password masked.
     *
     * @param channel the channel, empty for the default one
     */
    record AwaitReceiver(String channel) implements InstanceCommand {
        @Override
        public <T, E extends Exception> T match(Cases<T, E> cases) throws E {
            return cases.awaitReceiver(this);
        }

        @Override
        public String describe() {
            return "wait until the receiver is connected";
        }
    }

    /**
     * Stops replication and forgets the source, the relay logs and all. Only after everything received was executed.
     *
     * @param channel the channel, empty for the default one
     */
    record ResetReplication(String channel) implements InstanceCommand {
        @Override
        public <T, E extends Exception> T match(Cases<T, E> cases) throws E {
            return cases.resetReplication(this);
        }

        @Override
        public String describe() {
            return "stop being a replica";
        }
    }

    /**
     * Sets read_only and, where the server has it, super_read_only.
     *
     * @param readOnly the value for both
     */
    record SetReadOnly(boolean readOnly) implements InstanceCommand {
        @Override
        public <T, E extends Exception> T match(Cases<T, E> cases) throws E {
            return cases.setReadOnly(this);
        }

        @Override
        public String describe() {
            return readOnly ? "make it read-only" : "make it writable";
        }
    }

    /**
     * Ends the connections of clients, except replication's and our own, so that nothing that was begun can be
     * committed.
     */
    record KillClients() implements InstanceCommand {
        @Override
        public <T, E extends Exception> T match(Cases<T, E> cases) throws E {
            return cases.killClients(this);
        }

        @Override
        public String describe() {
            return "end client connections";
        }
    }

    /**
     * Switches the two sides of semi-synchronous replication. Does nothing where the server has none.
     *
     * @param source whether commits wait for acknowledgements
     * @param replica whether this server acknowledges
     */
    record SetSemiSync(boolean source, boolean replica) implements InstanceCommand {
        @Override
        public <T, E extends Exception> T match(Cases<T, E> cases) throws E {
            return cases.setSemiSync(this);
        }

        @Override
        public String describe() {
            return "semi-sync: source side " + (source ? "on" : "off") + ", replica side " + (replica ? "on" : "off");
        }
    }

    /**
     * One answer for each kind: a kind that is added does not compile before everybody has one for it.
     *
     * @param <T> what is answered
     * @param <E> what the answers may throw
     */
    interface Cases<T, E extends Exception> {
        /**
         * The answer for {@link StopReceiver}.
         *
         * @param it the value
         * @return the answer
         * @throws E as the answer does
         */
        T stopReceiver(StopReceiver it) throws E;

        /**
         * The answer for {@link StartReceiver}.
         *
         * @param it the value
         * @return the answer
         * @throws E as the answer does
         */
        T startReceiver(StartReceiver it) throws E;

        /**
         * The answer for {@link RestartReceiver}.
         *
         * @param it the value
         * @return the answer
         * @throws E as the answer does
         */
        T restartReceiver(RestartReceiver it) throws E;

        /**
         * The answer for {@link StartApplier}.
         *
         * @param it the value
         * @return the answer
         * @throws E as the answer does
         */
        T startApplier(StartApplier it) throws E;

        /**
         * The answer for {@link StopReplication}.
         *
         * @param it the value
         * @return the answer
         * @throws E as the answer does
         */
        T stopReplication(StopReplication it) throws E;

        /**
         * The answer for {@link StartReplication}.
         *
         * @param it the value
         * @return the answer
         * @throws E as the answer does
         */
        T startReplication(StartReplication it) throws E;

        /**
         * The answer for {@link AwaitExecuted}.
         *
         * @param it the value
         * @return the answer
         * @throws E as the answer does
         */
        T awaitExecuted(AwaitExecuted it) throws E;

        /**
         * The answer for {@link Repoint}.
         *
         * @param it the value
         * @return the answer
         * @throws E as the answer does
         */
        T repoint(Repoint it) throws E;

        /**
         * The answer for {@link AttachTo}.
         *
         * @param it the value
         * @return the answer
         * @throws E as the answer does
         */
        T attachTo(AttachTo it) throws E;

        /**
         * The answer for {@link AwaitReceiver}.
         *
         * @param it the value
         * @return the answer
         * @throws E as the answer does
         */
        T awaitReceiver(AwaitReceiver it) throws E;

        /**
         * The answer for {@link ResetReplication}.
         *
         * @param it the value
         * @return the answer
         * @throws E as the answer does
         */
        T resetReplication(ResetReplication it) throws E;

        /**
         * The answer for {@link SetReadOnly}.
         *
         * @param it the value
         * @return the answer
         * @throws E as the answer does
         */
        T setReadOnly(SetReadOnly it) throws E;

        /**
         * The answer for {@link KillClients}.
         *
         * @param it the value
         * @return the answer
         * @throws E as the answer does
         */
        T killClients(KillClients it) throws E;

        /**
         * The answer for {@link SetSemiSync}.
         *
         * @param it the value
         * @return the answer
         * @throws E as the answer does
         */
        T setSemiSync(SetSemiSync it) throws E;
    }
}
