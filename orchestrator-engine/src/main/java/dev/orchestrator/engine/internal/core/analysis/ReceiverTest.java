package dev.orchestrator.engine.internal.core.analysis;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import java.time.Instant;

/**
 * A replica's receiver was restarted to see whether it finds its source.
 *
 * @param source the source in question
 * @param replica the replica whose receiver was restarted
 * @param at when the restart was ordered
 * @param outcome what came of it
 */
public record ReceiverTest(InstanceKey source, InstanceKey replica, Instant at, Outcome outcome) {
    /** What a restarted receiver said about its source. */
    public enum Outcome {
        /** It connected. */
        FOUND,
        /** The source answered and refused it: it lives. */
        REFUSED,
        /** It went on connecting in vain. */
        LOST
    }

    /** What a restarted receiver shows at one moment. A start forgets the errors of earlier attempts. */
    public enum Showing {
        /** It is connected. */
        CONNECTED,
        /** The source refused it. */
        REFUSED,
        /** It stopped with an error that says nothing about whether the source lives. */
        STOPPED_WITH_ERROR,
        /** It tries in vain, as if the source were gone. */
        IN_VAIN,
        /** Nothing that can be told yet. */
        NOTHING;

        /**
         * Reads a channel after the restart.
         *
         * @param channel the channel
         * @return what it shows
         */
        public static Showing of(ReplicationChannel channel) {
            ReceiverError error = ReceiverError.of(channel);
            return switch (channel.receiver()) {
                case RUNNING -> CONNECTED;
                case CONNECTING ->
                    switch (error) {
                        case REFUSED -> REFUSED;
                        case NONE, UNREACHABLE -> IN_VAIN;
                        case UNRESOLVABLE, OTHER -> NOTHING;
                    };
                case STOPPED, NONE ->
                    switch (error) {
                        case REFUSED -> REFUSED;
                        case UNREACHABLE, UNRESOLVABLE, OTHER -> STOPPED_WITH_ERROR;
                        case NONE -> NOTHING;
                    };
            };
        }
    }

    /** Whether the receiver did not find its source. */
    public boolean lostSource() {
        return outcome == Outcome.LOST;
    }

    /** One clause for people. */
    public String describe() {
        return switch (outcome) {
            case FOUND -> "found its source";
            case REFUSED -> "was refused by its source, which therefore lives";
            case LOST -> "did not find its source";
        };
    }
}
