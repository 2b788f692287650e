package dev.orchestrator.api.operation;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.OperationType.Answer;
import dev.orchestrator.api.operation.OperationType.Builder;
import java.util.List;
import java.util.Objects;

/** Replication on a replica shall run or stand still, on all of its channels. */
public sealed interface ReplicationOperation extends Operation {
    /**
     * Their rows.
     *
     * @return in the order in which they are listed
     */
    static List<OperationType<?>> types() {
        return List.of(StartReplica.TYPE, StopReplica.TYPE, RestartReplica.TYPE);
    }

    /** The replica. */
    InstanceKey replica();

    @Override
    default InstanceKey server() {
        return replica();
    }

    private static <O extends ReplicationOperation> Builder<O> row(String command, Class<O> operation) {
        return OperationType.builder("Replication", command, operation)
                .takes(Argument.REPLICA, ReplicationOperation::replica)
                .answers(Answer.SERVER);
    }

    /** Receiver and applier of a replica shall run. */
    record StartReplica(InstanceKey replica) implements ReplicationOperation {
        /** Its row. */
        public static final OperationType<StartReplica> TYPE = row("start-replica", StartReplica.class)
                .readBy(a -> new StartReplica(a.of(Argument.REPLICA)))
                .routes("start-slave", "start-replica")
                .help("start receiver and applier")
                .done(o -> "Replica started: " + o.server())
                .audited("start-replica", o -> "Started replication")
                .build();

        /** Checks that the server is said. */
        public StartReplica {
            Objects.requireNonNull(replica, "replica");
        }

        @Override
        public OperationType<StartReplica> type() {
            return TYPE;
        }

        @Override
        public <T> T match(Operation.Cases<T> cases) {
            return cases.startReplica(this);
        }
    }

    /** Receiver and applier of a replica shall stand still. */
    record StopReplica(InstanceKey replica) implements ReplicationOperation {
        /** Its row. */
        public static final OperationType<StopReplica> TYPE = row("stop-replica", StopReplica.class)
                .readBy(a -> new StopReplica(a.of(Argument.REPLICA)))
                .routes("stop-slave", "stop-replica")
                .help("stop receiver and applier")
                .done(o -> "Replica stopped: " + o.server())
                .audited("stop-replica", o -> "Stopped replication")
                .build();

        /** Checks that the server is said. */
        public StopReplica {
            Objects.requireNonNull(replica, "replica");
        }

        @Override
        public OperationType<StopReplica> type() {
            return TYPE;
        }

        @Override
        public <T> T match(Operation.Cases<T> cases) {
            return cases.stopReplica(this);
        }
    }

    /** Receiver and applier of a replica shall be stopped and started. */
    record RestartReplica(InstanceKey replica) implements ReplicationOperation {
        /** Its row. */
        public static final OperationType<RestartReplica> TYPE = row("restart-replica", RestartReplica.class)
                .readBy(a -> new RestartReplica(a.of(Argument.REPLICA)))
                .routes("restart-slave", "restart-replica")
                .help("stop and start receiver and applier")
                .done(o -> "Replica restarted: " + o.server())
                .audited("restart-replica", o -> "Restarted replication")
                .build();

        /** Checks that the server is said. */
        public RestartReplica {
            Objects.requireNonNull(replica, "replica");
        }

        @Override
        public OperationType<RestartReplica> type() {
            return TYPE;
        }

        @Override
        public <T> T match(Operation.Cases<T> cases) {
            return cases.restartReplica(this);
        }
    }

    /**
     * One answer for each of them.
     *
     * @param <T> what is answered
     */
    interface Cases<T> {
        /**
         * The answer for {@link StartReplica}.
         *
         * @param it the operation
         * @return the answer
         */
        T startReplica(StartReplica it);

        /**
         * The answer for {@link StopReplica}.
         *
         * @param it the operation
         * @return the answer
         */
        T stopReplica(StopReplica it);

        /**
         * The answer for {@link RestartReplica}.
         *
         * @param it the operation
         * @return the answer
         */
        T restartReplica(RestartReplica it);
    }
}
