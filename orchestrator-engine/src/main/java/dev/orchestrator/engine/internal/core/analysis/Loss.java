package dev.orchestrator.engine.internal.core.analysis;

import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.ReplicationChannel;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a receiver that tries to connect and does not succeed says, by itself, about a source that fails for us. */
enum Loss {
    /** It was connected shortly before we lost the source, and does not reach it any more. */
    LOST,
    /** The source refused it after we had lost it: it lives. */
    REFUSED_SINCE,
    /** It was connected shortly before; what stopped it may be a refusal from before we lost the source. */
    IN_DOUBT,
    /** Its channel is detached, or the name of its source has no address. */
    NO_ADDRESS,
    /** No poll saw it connected shortly before we lost the source. */
    NOT_CONNECTED_BEFORE;

    static Loss of(
            FleetMember source, Instant since, FleetMember replica, ReplicationChannel channel, AnalysisPolicy policy) {
        ReceiverError error = ReceiverError.of(channel);
        Instant errorAt = errorAt(replica, channel);
        if (error == ReceiverError.REFUSED && errorAt != null && !errorAt.isBefore(since)) {
            return REFUSED_SINCE;
        }
        if (channel.detached() || error == ReceiverError.UNRESOLVABLE) {
            return NO_ADDRESS;
        }
        if (!wasConnected(source, since, channel, policy)) {
            return NOT_CONNECTED_BEFORE;
        }
        return switch (error) {
            case NONE, UNREACHABLE -> LOST;
            case REFUSED, OTHER, UNRESOLVABLE -> IN_DOUBT;
        };
    }

    /** When the receiver's last attempt failed, by the clock of our readings; not later than it was. */
    static @Nullable Instant errorAt(FleetMember replica, ReplicationChannel channel) {
        return channel.receiverErrorAge() == null || replica.lastSeen() == null
                ? null
                : replica.lastSeen().minus(channel.receiverErrorAge());
    }

    /**
     * Measured from the source's last answer, not from our first failed poll: between them may lie the time in which no
     * node polled. A source that never answered us has only the latter.
     */
    static boolean wasConnected(FleetMember source, Instant since, ReplicationChannel channel, AnalysisPolicy policy) {
        Instant answered = source.lastAnswer() == null ? since : source.lastAnswer();
        Instant until = channel.connectedUntil();
        return until != null && !until.isBefore(answered.minus(policy.readingLimit()));
    }
}
