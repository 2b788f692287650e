package dev.orchestrator.api.operation;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.OperationType.Answer;
import dev.orchestrator.api.operation.OperationType.Builder;
import dev.orchestrator.api.plan.GateVerdict;
import java.util.List;
import java.util.Objects;

/** A former primary is freed from its fence. No server is changed by it: it stays read-only. */
public sealed interface FenceOperation extends Operation {
    /**
     * Their rows.
     *
     * @return in the order in which they are listed
     */
    static List<OperationType<?>> types() {
        return List.of(LiftFence.TYPE, ForceLiftFence.TYPE);
    }

    private static <O extends FenceOperation> Builder<O> row(String command, Class<O> operation) {
        return OperationType.builder("Recovery", command, operation)
                .takes(Argument.SERVER, FenceOperation::server)
                .answers(Answer.SERVER);
    }

    /** With what the decision found: by force, somebody may be writable. */
    private static String audited(OperationOutcome outcome) {
        List<GateVerdict> verdicts = outcome.decision().verdicts();
        return "its fence was lifted: " + verdicts.get(verdicts.size() - 1).facts();
    }

    /**
     * A former primary need not stay read-only any more; refused while its cluster has another writer.
     *
     * @param server the former primary
     */
    record LiftFence(InstanceKey server) implements FenceOperation {
        /** Its row. */
        public static final OperationType<LiftFence> TYPE = row("lift-fence", LiftFence.class)
                .readBy(a -> new LiftFence(a.of(Argument.SERVER)))
                .routes("lift-fence")
                .help("let a former primary be written again")
                .done(o -> "Fence lifted: " + o.server())
                .audited("fence-lifted", FenceOperation::audited)
                .build();

        /** Checks that the server is said. */
        public LiftFence {
            Objects.requireNonNull(server, "server");
        }

        @Override
        public OperationType<LiftFence> type() {
            return TYPE;
        }

        @Override
        public <T> T match(Operation.Cases<T> cases) {
            return cases.liftFence(this);
        }
    }

    /**
     * As {@link LiftFence}, whoever else can be written.
     *
     * @param server the former primary
     */
    record ForceLiftFence(InstanceKey server) implements FenceOperation {
        /** Its row. */
        public static final OperationType<ForceLiftFence> TYPE = row("force-lift-fence", ForceLiftFence.class)
                .readBy(a -> new ForceLiftFence(a.of(Argument.SERVER)))
                .routes("force-lift-fence")
                .help("the same, although its cluster has another writer")
                .done(o -> "Fence lifted: " + o.server())
                .audited("fence-lifted", FenceOperation::audited)
                .build();

        /** Checks that the server is said. */
        public ForceLiftFence {
            Objects.requireNonNull(server, "server");
        }

        @Override
        public OperationType<ForceLiftFence> type() {
            return TYPE;
        }

        @Override
        public <T> T match(Operation.Cases<T> cases) {
            return cases.forceLiftFence(this);
        }
    }

    /**
     * One answer for each of them.
     *
     * @param <T> what is answered
     */
    interface Cases<T> {
        /**
         * The answer for {@link LiftFence}.
         *
         * @param it the operation
         * @return the answer
         */
        T liftFence(LiftFence it);

        /**
         * The answer for {@link ForceLiftFence}.
         *
         * @param it the operation
         * @return the answer
         */
        T forceLiftFence(ForceLiftFence it);
    }
}
