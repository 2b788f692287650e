package dev.orchestrator.api.operation;

import dev.orchestrator.api.model.InstanceKey;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
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
        RELOCATE(
                Shape.MOVE,
                new Names("relocate", List.of("relocate-below"), List.of("relocate", "relocate-below")),
                new Words("relocate-below", "let a replica replicate from -d", "relocated below")),
        /** A replica shall replicate from another server, by GTID. */
        MOVE_GTID(
                Shape.MOVE,
                new Names("move-gtid", List.of(), List.of("move-below-gtid")),
                new Words("move-below-gtid", "let a replica replicate from -d, by GTID", "relocated below")),
        /** Receiver and applier of a replica shall run. */
        START_REPLICA(
                Shape.REPLICA,
                new Names("start-replica", List.of(), List.of("start-slave", "start-replica")),
                new Words("start-replica", "start receiver and applier", "Replica started")),
        /** Receiver and applier of a replica shall stand still. */
        STOP_REPLICA(
                Shape.REPLICA,
                new Names("stop-replica", List.of(), List.of("stop-slave", "stop-replica")),
                new Words("stop-replica", "stop receiver and applier", "Replica stopped")),
        /** Receiver and applier of a replica shall be stopped and started. */
        RESTART_REPLICA(
                Shape.REPLICA,
                new Names("restart-replica", List.of(), List.of("restart-slave", "restart-replica")),
                new Words("restart-replica", "stop and start receiver and applier", "Replica restarted")),
        /** A server shall accept no writes. */
        SET_READ_ONLY(
                Shape.REPLICA,
                new Names("set-read-only", List.of(), List.of("set-read-only")),
                new Words("read-only", "accept no writes", "Server set as read-only")),
        /** A server shall accept writes. */
        SET_WRITEABLE(
                Shape.REPLICA,
                new Names("set-writeable", List.of(), List.of("set-writeable")),
                new Words("read-only", "accept writes", "Server set as writeable")),
        /** A former primary need not stay read-only any more; refused while its cluster has another writer. */
        LIFT_FENCE(
                Shape.FENCE,
                new Names("lift-fence", List.of(), List.of("lift-fence")),
                new Words("fence-lifted", "let a former primary be written again", "Fence lifted")),
        /** As {@link #LIFT_FENCE}, whoever else can be written. */
        FORCE_LIFT_FENCE(
                Shape.FENCE,
                new Names("force-lift-fence", List.of(), List.of("force-lift-fence")),
                new Words("fence-lifted", "the same, although its cluster has another writer", "Fence lifted")),
        /** A living primary hands over to a replica and becomes its replica, not started yet. */
        GRACEFUL_TAKEOVER(
                Shape.TAKEOVER,
                new Names("graceful-master-takeover", List.of(), List.of("graceful-master-takeover")),
                new Words(
                        "graceful-master-takeover",
                        "hand over to a replica (-d); the former primary's replication is left stopped",
                        "graceful-master-takeover: successor promoted")),
        /** As {@link #GRACEFUL_TAKEOVER}, and the former primary replicates at once; the replica may be chosen. */
        GRACEFUL_TAKEOVER_AUTO(
                Shape.TAKEOVER,
                new Names("graceful-master-takeover-auto", List.of(), List.of("graceful-master-takeover-auto")),
                new Words(
                        "graceful-master-takeover-auto",
                        "hand over to a replica (-d, or chosen); the former primary replicates from it",
                        "graceful-master-takeover: successor promoted"));

        /** What arguments an order has: the command line and the HTTP routes follow from it. */
        public enum Shape {
            /** A replica and the server to replicate from. */
            MOVE,
            /** One server whose replication or read_only is set. */
            REPLICA,
            /** One former primary. */
            FENCE,
            /** The primary of a cluster, and perhaps the replica to take over. */
            TAKEOVER
        }

        private record Names(String command, List<String> synonyms, List<String> routes) {}

        private record Words(String auditType, String help, String done) {}

        private final Shape shape;
        private final Names names;
        private final Words words;

        Kind(Shape shape, Names names, Words words) {
            this.shape = shape;
            this.names = names;
            this.words = words;
        }

        /**
         * What arguments it has.
         *
         * @return the shape of the order
         */
        public Shape shape() {
            return shape;
        }

        /**
         * The name people order it by, as on the command line.
         *
         * @return such as {@code relocate}
         */
        public String command() {
            return names.command;
        }

        /**
         * All names on the command line.
         *
         * @return {@link #command()} first, then its synonyms
         */
        public List<String> commands() {
            return Stream.concat(Stream.of(names.command), names.synonyms.stream())
                    .toList();
        }

        /**
         * The names of its HTTP routes.
         *
         * @return the predecessor's, each meaning the same
         */
        public List<String> routes() {
            return names.routes;
        }

        /**
         * What it does, for the help of the command line.
         *
         * @return a few words
         */
        public String help() {
            return words.help;
        }

        /**
         * What the HTTP API answers when it is done.
         *
         * @return such as {@code Replica started}; for moves, what stands between the two servers
         */
        public String done() {
            return words.done;
        }

        /**
         * The name in the audit trail, in the predecessor's words.
         *
         * @return such as {@code relocate-below}
         */
        public String auditType() {
            return words.auditType;
        }

        /**
         * Whether the wish is incomplete without a destination.
         *
         * @return true for moves
         */
        public boolean needsDestination() {
            return shape == Shape.MOVE;
        }

        /**
         * Whether a former primary is freed from its fence. No server is changed by it: it stays read-only.
         *
         * @return true for both ways of lifting a fence
         */
        public boolean liftsFence() {
            return shape == Shape.FENCE;
        }

        /**
         * Whether a primary hands over to one of its replicas.
         *
         * @return true for the takeovers
         */
        public boolean isTakeover() {
            return shape == Shape.TAKEOVER;
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
