package dev.orchestrator.api.operation;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.OperationType.Answer;
import dev.orchestrator.api.operation.OperationType.Builder;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A replica shall replicate from another server. */
public sealed interface MoveOperation extends Operation {
    /**
     * Their rows.
     *
     * @return in the order in which they are listed
     */
    static List<OperationType<?>> types() {
        return List.of(Relocate.TYPE, MoveGtid.TYPE, MoveUp.TYPE, Repoint.TYPE);
    }

    /** The replica that is moved. */
    InstanceKey replica();

    @Override
    default InstanceKey server() {
        return replica();
    }

    private static <O extends MoveOperation> Builder<O> row(String command, Class<O> operation) {
        return OperationType.builder("Relocation", command, operation)
                .takes(Argument.REPLICA, MoveOperation::replica)
                .answers(Answer.REPLICA_AND_SOURCE);
    }

    /**
     * A replica shall replicate from another server, by whatever way there is.
     *
     * @param below the server to replicate from
     */
    record Relocate(InstanceKey replica, InstanceKey below) implements MoveOperation {
        /** Its row. */
        public static final OperationType<Relocate> TYPE = row("relocate", Relocate.class)
                .takes(Argument.BELOW, Relocate::below)
                .readBy(a -> new Relocate(a.of(Argument.REPLICA), a.of(Argument.BELOW)))
                .synonyms("relocate-below")
                .routes("relocate", "relocate-below")
                .help("let a replica replicate from -d")
                .done(o -> "Instance " + o.server() + " relocated below " + o.source())
                .audited("relocate-below", o -> "relocated " + o.server() + " below " + o.source())
                .build();

        /** Nothing is left out. */
        public Relocate {
            Objects.requireNonNull(replica, "replica");
            Objects.requireNonNull(below, "below");
        }

        @Override
        public OperationType<Relocate> type() {
            return TYPE;
        }

        @Override
        public <T> T match(Operation.Cases<T> cases) {
            return cases.relocate(this);
        }
    }

    /**
     * A replica shall replicate from another server, by GTID.
     *
     * @param below the server to replicate from
     */
    record MoveGtid(InstanceKey replica, InstanceKey below) implements MoveOperation {
        /** Its row. */
        public static final OperationType<MoveGtid> TYPE = row("move-gtid", MoveGtid.class)
                .takes(Argument.BELOW, MoveGtid::below)
                .readBy(a -> new MoveGtid(a.of(Argument.REPLICA), a.of(Argument.BELOW)))
                .routes("move-below-gtid")
                .help("let a replica replicate from -d, by GTID")
                .done(o -> "Instance " + o.server() + " relocated below " + o.source())
                .audited("move-below-gtid", o -> "moved " + o.server() + " below " + o.source())
                .build();

        /** Nothing is left out. */
        public MoveGtid {
            Objects.requireNonNull(replica, "replica");
            Objects.requireNonNull(below, "below");
        }

        @Override
        public OperationType<MoveGtid> type() {
            return TYPE;
        }

        @Override
        public <T> T match(Operation.Cases<T> cases) {
            return cases.moveGtid(this);
        }
    }

    /** A replica shall replicate from the source of its source. */
    record MoveUp(InstanceKey replica) implements MoveOperation {
        /** Its row. */
        public static final OperationType<MoveUp> TYPE = row("move-up", MoveUp.class)
                .readBy(a -> new MoveUp(a.of(Argument.REPLICA)))
                .routes("move-up")
                .help("let a replica replicate from its source's source")
                .done(o -> "Instance " + o.server() + " moved up")
                .audited("move-up", o -> "moved up " + o.server() + ", below " + o.source())
                .build();

        /** Checks that the replica is said. */
        public MoveUp {
            Objects.requireNonNull(replica, "replica");
        }

        @Override
        public OperationType<MoveUp> type() {
            return TYPE;
        }

        @Override
        public <T> T match(Operation.Cases<T> cases) {
            return cases.moveUp(this);
        }
    }

    /**
     * A replica shall be attached anew, to the server it replicates from or to another one.
     *
     * @param below the server to replicate from, null for its present source
     */
    record Repoint(InstanceKey replica, @Nullable InstanceKey below) implements MoveOperation {
        /** Its row. */
        public static final OperationType<Repoint> TYPE = row("repoint", Repoint.class)
                .mayTake(Argument.BELOW, Repoint::below)
                .readBy(a -> new Repoint(a.of(Argument.REPLICA), a.orNull(Argument.BELOW)))
                .routes("repoint")
                .help("attach a replica anew to its source, or to -d")
                .done(o -> "Instance " + o.server() + " repointed below " + o.source())
                .audited("repoint", o -> "repointed " + o.server() + " below " + o.source())
                .build();

        /** Checks that the replica is said. */
        public Repoint {
            Objects.requireNonNull(replica, "replica");
        }

        @Override
        public OperationType<Repoint> type() {
            return TYPE;
        }

        @Override
        public <T> T match(Operation.Cases<T> cases) {
            return cases.repoint(this);
        }
    }

    /**
     * One answer for each move.
     *
     * @param <T> what is answered
     */
    interface Cases<T> {
        /**
         * The answer for {@link Relocate}.
         *
         * @param it the operation
         * @return the answer
         */
        T relocate(Relocate it);

        /**
         * The answer for {@link MoveGtid}.
         *
         * @param it the operation
         * @return the answer
         */
        T moveGtid(MoveGtid it);

        /**
         * The answer for {@link MoveUp}.
         *
         * @param it the operation
         * @return the answer
         */
        T moveUp(MoveUp it);

        /**
         * The answer for {@link Repoint}.
         *
         * @param it the operation
         * @return the answer
         */
        T repoint(Repoint it);
    }
}
