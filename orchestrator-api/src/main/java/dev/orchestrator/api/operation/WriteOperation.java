package dev.orchestrator.api.operation;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.OperationType.Answer;
import dev.orchestrator.api.operation.OperationType.Builder;
import java.util.List;
import java.util.Objects;

/** A server shall accept writes, or none. */
public sealed interface WriteOperation extends Operation {
    /**
     * Their rows.
     *
     * @return in the order in which they are listed
     */
    static List<OperationType<?>> types() {
        return List.of(SetReadOnly.TYPE, SetWriteable.TYPE);
    }

    private static <O extends WriteOperation> Builder<O> row(String command, Class<O> operation) {
        return OperationType.builder("Replication", command, operation)
                .takes(Argument.SERVER, WriteOperation::server)
                .answers(Answer.SERVER);
    }

    /** A server shall accept no writes. */
    record SetReadOnly(InstanceKey server) implements WriteOperation {
        /** Its row. */
        public static final OperationType<SetReadOnly> TYPE = row("set-read-only", SetReadOnly.class)
                .readBy(a -> new SetReadOnly(a.of(Argument.SERVER)))
                .routes("set-read-only")
                .help("accept no writes")
                .done(o -> "Server set as read-only: " + o.server())
                .audited("read-only", o -> "set as true")
                .build();

        /** Checks that the server is said. */
        public SetReadOnly {
            Objects.requireNonNull(server, "server");
        }

        @Override
        public OperationType<SetReadOnly> type() {
            return TYPE;
        }

        @Override
        public <T> T match(Operation.Cases<T> cases) {
            return cases.setReadOnly(this);
        }
    }

    /** A server shall accept writes. */
    record SetWriteable(InstanceKey server) implements WriteOperation {
        /** Its row. */
        public static final OperationType<SetWriteable> TYPE = row("set-writeable", SetWriteable.class)
                .readBy(a -> new SetWriteable(a.of(Argument.SERVER)))
                .routes("set-writeable")
                .help("accept writes")
                .done(o -> "Server set as writeable: " + o.server())
                .audited("read-only", o -> "set as false")
                .build();

        /** Checks that the server is said. */
        public SetWriteable {
            Objects.requireNonNull(server, "server");
        }

        @Override
        public OperationType<SetWriteable> type() {
            return TYPE;
        }

        @Override
        public <T> T match(Operation.Cases<T> cases) {
            return cases.setWriteable(this);
        }
    }

    /**
     * One answer for each of them.
     *
     * @param <T> what is answered
     */
    interface Cases<T> {
        /**
         * The answer for {@link SetReadOnly}.
         *
         * @param it the operation
         * @return the answer
         */
        T setReadOnly(SetReadOnly it);

        /**
         * The answer for {@link SetWriteable}.
         *
         * @param it the operation
         * @return the answer
         */
        T setWriteable(SetWriteable it);
    }
}
