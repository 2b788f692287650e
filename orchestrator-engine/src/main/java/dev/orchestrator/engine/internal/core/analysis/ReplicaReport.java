package dev.orchestrator.engine.internal.core.analysis;

import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A replica asked about its failing source.
 *
 * @param replica the replica
 * @param voice what it says
 * @param at when it last tried in vain, or was refused; null when that cannot be told
 */
record ReplicaReport(
        FleetMember replica, SourceView voice, @Nullable Instant at) {

    /**
     * The question put to all replicas of one source.
     *
     * @param source the failing source
     * @param since when it began to fail
     * @param now the present
     * @param policy limits
     * @param history marks and tests
     */
    record Question(FleetMember source, Instant since, Instant now, AnalysisPolicy policy, DetectionHistory history) {
        /** A reading begun when the failure began, or later, and not too long ago. */
        boolean isFresh(@Nullable Instant read) {
            return read != null && !read.isBefore(since) && !read.isBefore(now.minus(policy.readingLimit()));
        }

        /** Receiver tests made since the failure began. */
        private Stream<ReceiverTest> tests() {
            return history.tests().stream().filter(t -> t.source().equals(source.key()) && !t.at().isBefore(since));
        }

        /** When a test last came to this end. */
        private Optional<Instant> tested(InstanceKey replica, ReceiverTest.Outcome outcome) {
            return tests().filter(t -> t.replica().equals(replica) && t.outcome() == outcome)
                    .map(ReceiverTest::at)
                    .max(Comparator.naturalOrder());
        }

        /** As {@link #tested}, as long as a test that found the source alive stands. */
        private Optional<Instant> testedLately(InstanceKey replica, ReceiverTest.Outcome outcome) {
            return tested(replica, outcome)
                    .filter(at -> at.plus(policy.refutationHolds()).isAfter(now));
        }

        private Optional<DetectionHistory.Mark> mark(InstanceKey replica) {
            return history.mark(source.key(), replica).filter(m -> !m.at().isBefore(since));
        }

        /** Whether nothing showed after that moment that the replica had reached its source. */
        private boolean isNews(InstanceKey replica, Instant at) {
            return mark(replica).filter(m -> !m.isBefore(at)).isEmpty();
        }

        /** When a test found that the receiver has lost its source, unless it was seen to reach that again. */
        private Optional<Instant> lostInTest(InstanceKey replica) {
            return tested(replica, ReceiverTest.Outcome.LOST).filter(at -> isNews(replica, at));
        }

        /** Whether the receiver lost its source since the failure began and did not find it again, by all we saw. */
        private boolean hasTried(InstanceKey replica) {
            return mark(replica).filter(DetectionHistory.Mark::lost).isPresent()
                    || lostInTest(replica).isPresent();
        }

        /** Tests that found other receivers to have lost the source, made after this one was last seen to reach it. */
        private Stream<Instant> lostElsewhere(InstanceKey replica) {
            return tests().filter(t -> t.lostSource() && !t.replica().equals(replica))
                    .map(ReceiverTest::at)
                    .filter(at -> isNews(replica, at));
        }

        /** A sign of life stands for as long as a test that found the source alive. */
        private boolean isAlive(DetectionHistory.Mark mark) {
            Instant alive = mark.alive();
            return alive != null && alive.plus(policy.refutationHolds()).isAfter(now);
        }

        /** Whether it got nothing from one reading to a later one while another receiver was found to have lost it. */
        private boolean isMute(FleetMember replica, DetectionHistory.Mark mark) {
            Instant read = replica.lastSeen();
            return read != null
                    && mark.at().isBefore(read)
                    && lostElsewhere(replica.key()).anyMatch(at -> mark.alive() == null || at.isBefore(read));
        }
    }

    static ReplicaReport ask(FleetMember replica, Question question) {
        Instance facts = replica.instance();
        if (facts == null || replica.failure() != null) {
            return new ReplicaReport(replica, SourceView.UNREACHABLE, null);
        }
        if (!question.isFresh(replica.lastSeen())) {
            return new ReplicaReport(replica, SourceView.STALE, null);
        }
        ReplicationChannel channel = facts.mainChannel().orElse(null);
        if (channel == null) {
            return stopped(replica, question);
        }
        return switch (channel.receiver()) {
            case CONNECTING -> connecting(replica, channel, question);
            case STOPPED, NONE ->
                loss(replica, channel, question) == Loss.REFUSED_SINCE
                        ? new ReplicaReport(replica, SourceView.REFUSED, Loss.errorAt(replica, channel))
                        : stopped(replica, question);
            case RUNNING -> new ReplicaReport(replica, connected(replica, channel, question), null);
        };
    }

    /**
     * Whether the latest reading of a replica shows that it lost a source that fails for us.
     *
     * @param source the failing source
     * @param since when it began to fail
     * @param replica the replica
     * @param policy limits
     * @return false also for one that was kept from its source by anything else
     */
    static boolean hasLost(FleetMember source, Instant since, FleetMember replica, AnalysisPolicy policy) {
        return replica.facts()
                .flatMap(Instance::mainChannel)
                .filter(c -> c.receiver() == ReplicationThreadState.CONNECTING)
                .filter(c -> Loss.of(source, since, replica, c, policy) == Loss.LOST)
                .isPresent();
    }

    private static Loss loss(FleetMember replica, ReplicationChannel channel, Question question) {
        return Loss.of(question.source(), question.since(), replica, channel, question.policy());
    }

    private static ReplicaReport stopped(FleetMember replica, Question question) {
        Optional<Instant> refused = question.testedLately(replica.key(), ReceiverTest.Outcome.REFUSED);
        if (refused.isPresent()) {
            return new ReplicaReport(replica, SourceView.REFUSED, refused.get());
        }
        SourceView voice = question.hasTried(replica.key()) ? SourceView.AGREES : SourceView.STOPPED;
        return new ReplicaReport(
                replica, voice, question.lostInTest(replica.key()).orElse(null));
    }

    private static ReplicaReport connecting(FleetMember replica, ReplicationChannel channel, Question question) {
        Loss loss = loss(replica, channel, question);
        Instant errorAt = Loss.errorAt(replica, channel);
        Optional<Instant> lost = question.lostInTest(replica.key());
        Instant refusedAt = loss == Loss.REFUSED_SINCE ? errorAt : null;
        if (lost.isPresent() && (refusedAt == null || !refusedAt.isAfter(lost.get()))) {
            return new ReplicaReport(replica, SourceView.AGREES, lost.get());
        }
        if (refusedAt != null) {
            return new ReplicaReport(replica, SourceView.REFUSED, refusedAt);
        }
        Optional<Instant> refused = question.testedLately(replica.key(), ReceiverTest.Outcome.REFUSED);
        boolean unreachable = ReceiverError.of(channel) == ReceiverError.UNREACHABLE;
        if (refused.isPresent() && !unreachable) {
            return new ReplicaReport(replica, SourceView.REFUSED, refused.get());
        }
        return switch (loss) {
            case LOST -> new ReplicaReport(replica, SourceView.AGREES, unreachable ? errorAt : null);
            case IN_DOUBT, REFUSED_SINCE -> new ReplicaReport(replica, doubt(replica, question), errorAt);
            case NO_ADDRESS, NOT_CONNECTED_BEFORE ->
                new ReplicaReport(
                        replica, question.hasTried(replica.key()) ? SourceView.AGREES : SourceView.NO_EVIDENCE, null);
        };
    }

    /** One test speaks for all that are in doubt. */
    private static SourceView doubt(FleetMember replica, Question question) {
        return question.lostElsewhere(replica.key()).findAny().isPresent() ? SourceView.MUTE : SourceView.IN_DOUBT;
    }

    /** This witness when another replica tried in vain at some time. */
    ReplicaReport unlessBefore(Instant triedInVain) {
        return voice == SourceView.REFUSED && at != null && at.isBefore(triedInVain)
                ? new ReplicaReport(replica, SourceView.IN_DOUBT, at)
                : this;
    }

    private static SourceView connected(FleetMember replica, ReplicationChannel channel, Question question) {
        Optional<DetectionHistory.Mark> mark = question.mark(replica.key());
        if (question.testedLately(replica.key(), ReceiverTest.Outcome.FOUND).isPresent()
                || question.hasTried(replica.key())
                || mark.filter(m -> question.isAlive(m) || m.hasProgressed(channel))
                        .isPresent()) {
            return SourceView.REFUTES;
        }
        return mark.filter(m -> question.isMute(replica, m)).isPresent() ? SourceView.MUTE : SourceView.CONNECTED;
    }

    /** One sentence for people. */
    String describe() {
        return "replica " + replica.key() + " (read at " + replica.lastSeen() + "): " + says();
    }

    private String says() {
        return switch (voice) {
            case UNREACHABLE -> "cannot be read: " + why(replica.failure());
            case STALE -> "was last read before the failure began: waiting for a fresh read";
            case AGREES -> "receiver has lost its source and does not find it again";
            case REFUSED -> "receiver was refused by its source since the failure began" + error();
            case IN_DOUBT -> "receiver has lost its source, perhaps by a refusal before the failure began" + error();
            case NO_EVIDENCE ->
                "receiver does not reach its source, and was not connected shortly before the failure began" + error();
            case STOPPED -> "receiver is stopped, it does not try to reach its source";
            case MUTE -> "receiver has received nothing since the failure began, and a test found the source gone";
            case CONNECTED -> "receiver is connected to its source, as far as it knows";
            case REFUTES -> "has reached its source since the failure began";
        };
    }

    private static String why(@Nullable ProbeFailure failure) {
        return failure == null ? "never read" : failure.kind() + " (" + failure.message() + ")";
    }

    private String error() {
        return replica.facts()
                .flatMap(Instance::mainChannel)
                .map(c -> (c.detached() ? "; its channel is detached" : "")
                        + (c.lastReceiverErrno() == 0
                                ? ""
                                : ": error " + c.lastReceiverErrno() + " " + c.lastReceiverError()))
                .orElse("");
    }
}
