package dev.orchestrator.engine.internal.core.analysis;

import dev.orchestrator.api.model.BinlogCoordinates;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A replica asked about its failing source.
 *
 * @param replica the replica
 * @param voice what it says
 */
record Witness(FleetMember replica, Voice voice) {

    /**
     * The question put to all replicas of one source.
     *
     * @param source the failing source
     * @param since when it began to fail
     * @param now the present
     * @param policy limits
     * @param testimony marks and tests
     */
    record Question(InstanceKey source, Instant since, Instant now, AnalysisPolicy policy, Testimony testimony) {
        /** A reading begun when the failure began, or later, and not too long ago. */
        boolean isFresh(@Nullable Instant read) {
            return read != null && !read.isBefore(since) && !read.isBefore(now.minus(policy.readingLimit()));
        }

        boolean refutedBy(InstanceKey replica) {
            return testimony.tests().stream()
                    .anyMatch(t -> !t.lostSource()
                            && t.source().equals(source)
                            && t.replica().equals(replica)
                            && !t.at().isBefore(since)
                            && t.at().plus(policy.refutationHolds()).isAfter(now));
        }

        /** Whether the receiver was seen connecting in vain since the failure began, by a reading or a test. */
        boolean hasTried(InstanceKey replica) {
            return testimony
                            .mark(source, replica)
                            .filter(m -> m.lost() && !m.at().isBefore(since))
                            .isPresent()
                    || testimony.tests().stream()
                            .anyMatch(t -> t.lostSource()
                                    && t.source().equals(source)
                                    && t.replica().equals(replica)
                                    && !t.at().isBefore(since));
        }

        boolean confirmedElsewhere(InstanceKey replica) {
            return testimony.tests().stream()
                    .anyMatch(t -> t.lostSource()
                            && t.source().equals(source)
                            && !t.replica().equals(replica)
                            && !t.at().isBefore(since));
        }
    }

    static Witness ask(FleetMember replica, Question question) {
        return new Witness(replica, voice(replica, question));
    }

    private static Voice voice(FleetMember replica, Question question) {
        Instance facts = replica.instance();
        if (facts == null || replica.failure() != null) {
            return Voice.UNREACHABLE;
        }
        if (!question.isFresh(replica.lastSeen())) {
            return Voice.STALE;
        }
        ReplicationThreadState receiver =
                facts.mainChannel().map(ReplicationChannel::receiver).orElse(ReplicationThreadState.NONE);
        return switch (receiver) {
            case CONNECTING -> Voice.AGREES;
            case STOPPED, NONE -> question.hasTried(replica.key()) ? Voice.AGREES : Voice.STOPPED;
            case RUNNING -> connected(replica, facts, question);
        };
    }

    private static Voice connected(FleetMember replica, Instance facts, Question question) {
        Optional<Testimony.Mark> mark = question.testimony()
                .mark(question.source(), replica.key())
                .filter(m -> !m.at().isBefore(question.since()));
        ReplicationChannel channel = facts.mainChannel().orElseThrow();
        if (question.refutedBy(replica.key())
                || question.hasTried(replica.key())
                || mark.filter(m -> hasProgressed(m, channel)).isPresent()) {
            return Voice.REFUTES;
        }
        boolean readTwice = mark.filter(m -> replica.lastSeen() != null && m.at().isBefore(replica.lastSeen()))
                .isPresent();
        return readTwice && question.confirmedElsewhere(replica.key()) ? Voice.MUTE : Voice.CONNECTED;
    }

    private static boolean hasProgressed(Testimony.Mark mark, ReplicationChannel channel) {
        BinlogCoordinates before = mark.read();
        BinlogCoordinates now = channel.readCoordinates();
        return !mark.retrieved().equals(channel.retrievedGtids())
                || (before != null && now != null && !before.equals(now));
    }

    /** One sentence for people. */
    String describe() {
        ProbeFailure failure = replica.failure();
        String why = failure == null ? "never read" : failure.kind() + " (" + failure.message() + ")";
        String says = switch (voice) {
            case UNREACHABLE -> "cannot be read: " + why;
            case STALE -> "was last read before the failure began: waiting for a fresh read";
            case AGREES -> "receiver has lost its source and does not find it again";
            case STOPPED -> "receiver is stopped, it does not try to reach its source";
            case MUTE -> "receiver believes to be connected but has received nothing since the failure began";
            case CONNECTED -> "receiver is connected to its source, as far as it knows";
            case REFUTES -> "has reached its source since the failure began";
        };
        return "replica " + replica.key() + " (read at " + replica.lastSeen() + "): " + says;
    }
}
