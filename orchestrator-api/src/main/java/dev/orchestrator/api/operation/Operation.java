package dev.orchestrator.api.operation;

import dev.orchestrator.api.model.InstanceKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An operator's wish to change a living topology. Says what is wanted, not how: {@code Operations} plans and runs it.
 *
 * @param kind what is wanted
 * @param instance the server it is about; for a takeover the present primary
 * @param destination the server to replicate from, or for a takeover the one to take over; null where the kind has none
 *     or the engine is to choose
 */
public record Operation(
        Kind kind, InstanceKey instance, @Nullable InstanceKey destination) {
    /** Checks that a move says where to. */
    public Operation {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(instance, "instance");
        if (kind.needsDestination() && destination == null) {
            throw new IllegalArgumentException(kind.command() + " of " + instance + " needs a destination");
        }
    }

    /** What can be wanted. */
    public enum Kind {
        /** A replica shall replicate from another server, by whatever way there is. */
        RELOCATE("relocate", "relocate-below", true),
        /** A replica shall replicate from another server, by GTID. */
        MOVE_GTID("move-gtid", "move-below-gtid", true),
        /** Receiver and applier of a replica shall run. */
        START_REPLICA("start-replica", "start-replica", false),
        /** Receiver and applier of a replica shall stand still. */
        STOP_REPLICA("stop-replica", "stop-replica", false),
        /** Receiver and applier of a replica shall be stopped and started. */
        RESTART_REPLICA("restart-replica", "restart-replica", false),
        /** A server shall accept no writes. */
        SET_READ_ONLY("set-read-only", "read-only", false),
        /** A server shall accept writes. */
        SET_WRITEABLE("set-writeable", "read-only", false),
        /** A former primary need not stay read-only any more; refused while its cluster has another writer. */
        LIFT_FENCE("lift-fence", "fence-lifted", false),
        /** As {@link #LIFT_FENCE}, whoever else can be written. */
        FORCE_LIFT_FENCE("force-lift-fence", "fence-lifted", false),
        /** A living primary hands over to a replica and becomes its replica, not started yet. */
        GRACEFUL_TAKEOVER("graceful-master-takeover", "graceful-master-takeover", false),
        /** As {@link #GRACEFUL_TAKEOVER}, and the former primary replicates at once; the replica may be chosen. */
        GRACEFUL_TAKEOVER_AUTO("graceful-master-takeover-auto", "graceful-master-takeover-auto", false);

        private final String command;
        private final String auditType;
        private final boolean needsDestination;

        Kind(String command, String auditType, boolean needsDestination) {
            this.command = command;
            this.auditType = auditType;
            this.needsDestination = needsDestination;
        }

        /**
         * The name people order it by, as on the command line.
         *
         * @return such as {@code relocate}
         */
        public String command() {
            return command;
        }

        /**
         * The name in the audit trail, in the predecessor's words.
         *
         * @return such as {@code relocate-below}
         */
        public String auditType() {
            return auditType;
        }

        /**
         * Whether the wish is incomplete without a destination.
         *
         * @return true for moves
         */
        public boolean needsDestination() {
            return needsDestination;
        }

        /**
         * Whether a former primary is freed from its fence. No server is changed by it: it stays read-only.
         *
         * @return true for both ways of lifting a fence
         */
        public boolean liftsFence() {
            return this == LIFT_FENCE || this == FORCE_LIFT_FENCE;
        }

        /**
         * Whether a primary hands over to one of its replicas.
         *
         * @return true for the takeovers
         */
        public boolean isTakeover() {
            return this == GRACEFUL_TAKEOVER || this == GRACEFUL_TAKEOVER_AUTO;
        }
    }

    /**
     * A wish about one server.
     *
     * @param kind what is wanted
     * @param instance the server
     * @return the wish
     */
    public static Operation of(Kind kind, InstanceKey instance) {
        return new Operation(kind, instance, null);
    }

    /**
     * A wish that names a second server.
     *
     * @param kind what is wanted
     * @param instance the server
     * @param destination the other one, null to let the engine choose where the kind allows it
     * @return the wish
     */
    public static Operation of(Kind kind, InstanceKey instance, @Nullable InstanceKey destination) {
        return new Operation(kind, instance, destination);
    }

    @Override
    public String toString() {
        return kind.command() + " " + instance + (destination == null ? "" : " " + destination);
    }
}
