package dev.orchestrator.api.operation;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.OperationType.Answer;
import dev.orchestrator.api.operation.OperationType.Builder;
import dev.orchestrator.api.recovery.RecoveryRecord;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A living primary hands over to one of its replicas. It is recorded as a recovery. */
public sealed interface TakeoverOperation extends Operation {
    /**
     * Their rows.
     *
     * @return in the order in which they are listed
     */
    static List<OperationType<?>> types() {
        return List.of(GracefulTakeover.TYPE, GracefulTakeoverAuto.TYPE);
    }

    /** The primary that hands over. */
    InstanceKey primary();

    @Override
    default InstanceKey server() {
        return primary();
    }

    private static <O extends TakeoverOperation> Builder<O> row(String command, Class<O> operation) {
        return OperationType.builder("Recovery", command, operation)
                .takes(Argument.PRIMARY, TakeoverOperation::primary)
                .answers(Answer.RECOVERY);
    }

    private static String promoted(OperationOutcome outcome) {
        RecoveryRecord recovery = outcome.recovery();
        String but =
                recovery == null || recovery.errors().isEmpty() ? "" : ", but: " + String.join("; ", recovery.errors());
        return "graceful-master-takeover: successor promoted" + but;
    }

    private static String audited(OperationOutcome outcome) {
        RecoveryRecord recovery = outcome.recovery();
        return recovery == null ? "" : "recovery " + recovery.uid();
    }

    /**
     * The replica that is to take over.
     *
     * @return null where that is not said
     */
    @Nullable
    InstanceKey successor();

    /**
     * The former primary becomes a replica of its successor, not started yet.
     *
     * @param primary the present primary
     * @param successor the replica to take over, null where it is the only one
     */
    record GracefulTakeover(InstanceKey primary, @Nullable InstanceKey successor) implements TakeoverOperation {
        /** Its row. */
        public static final OperationType<GracefulTakeover> TYPE = row(
                        "graceful-master-takeover", GracefulTakeover.class)
                .mayTake(Argument.SUCCESSOR, GracefulTakeover::successor)
                .readBy(a -> new GracefulTakeover(a.of(Argument.PRIMARY), a.orNull(Argument.SUCCESSOR)))
                .routes("graceful-master-takeover")
                .help("hand over to a replica (-d); the former primary's replication is left stopped")
                .done(TakeoverOperation::promoted)
                .audited("graceful-master-takeover", TakeoverOperation::audited)
                .build();

        /** Checks that the server is said. */
        public GracefulTakeover {
            Objects.requireNonNull(primary, "primary");
        }

        @Override
        public OperationType<GracefulTakeover> type() {
            return TYPE;
        }

        @Override
        public <T> T match(Operation.Cases<T> cases) {
            return cases.gracefulTakeover(this);
        }
    }

    /**
     * As {@link GracefulTakeover}, and the former primary replicates at once; the replica may be chosen.
     *
     * @param primary the present primary
     * @param successor the replica to take over, null to let the engine choose
     */
    record GracefulTakeoverAuto(
            InstanceKey primary, @Nullable InstanceKey successor) implements TakeoverOperation {
        /** Its row. */
        public static final OperationType<GracefulTakeoverAuto> TYPE = row(
                        "graceful-master-takeover-auto", GracefulTakeoverAuto.class)
                .mayTake(Argument.SUCCESSOR, GracefulTakeoverAuto::successor)
                .readBy(a -> new GracefulTakeoverAuto(a.of(Argument.PRIMARY), a.orNull(Argument.SUCCESSOR)))
                .routes("graceful-master-takeover-auto")
                .help("hand over to a replica (-d, or chosen); the former primary replicates from it")
                .done(TakeoverOperation::promoted)
                .audited("graceful-master-takeover-auto", TakeoverOperation::audited)
                .build();

        /** Checks that the server is said. */
        public GracefulTakeoverAuto {
            Objects.requireNonNull(primary, "primary");
        }

        @Override
        public OperationType<GracefulTakeoverAuto> type() {
            return TYPE;
        }

        @Override
        public <T> T match(Operation.Cases<T> cases) {
            return cases.gracefulTakeoverAuto(this);
        }
    }

    /**
     * One answer for each of them.
     *
     * @param <T> what is answered
     */
    interface Cases<T> {
        /**
         * The answer for {@link GracefulTakeover}.
         *
         * @param it the operation
         * @return the answer
         */
        T gracefulTakeover(GracefulTakeover it);

        /**
         * The answer for {@link GracefulTakeoverAuto}.
         *
         * @param it the operation
         * @return the answer
         */
        T gracefulTakeoverAuto(GracefulTakeoverAuto it);
    }
}
