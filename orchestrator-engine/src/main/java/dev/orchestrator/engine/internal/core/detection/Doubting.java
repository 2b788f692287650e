package dev.orchestrator.engine.internal.core.detection;

import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.engine.internal.core.analysis.DetectionHistory;
import dev.orchestrator.engine.internal.core.analysis.DoubtRules;
import dev.orchestrator.engine.internal.core.analysis.FailureAnalyzer.Question;
import dev.orchestrator.engine.internal.core.analysis.ReceiverTest;
import dev.orchestrator.engine.internal.core.analysis.ReceiverTestChoice;
import dev.orchestrator.engine.internal.core.procedure.Severity;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settles doubts about sources that do not answer us while replicas still believe to be connected: has the replicas read
 * until they notice, or restarts one receiver to see whether it finds its source.
 */
final class Doubting {
    private Doubting() {}

    /** Does something about a finding that is in doubt. */
    static Detection consider(Detection d, Question question, FailureAnalysis finding) {
        FleetMember source = question.fleet().member(finding.instance()).orElse(null);
        Instant since = source == null ? null : source.failingSince();
        if (source == null || since == null) {
            return d;
        }
        return switch (DoubtRules.next(source, finding, d.rules().settings().patience(), question.now())) {
            case NOTHING -> d;
            case REREAD -> reread(d, question.fleet(), source, since);
            case TEST -> considerTest(d, question, source, since);
        };
    }

    private static Detection reread(Detection d, Fleet fleet, FleetMember source, Instant since) {
        InstanceKey key = source.key();
        if (d.doubts().of(key) != null || since.equals(d.doubts().rereadFor().get(key))) {
            return d;
        }
        List<InstanceKey> all = fleet.replicasOf(key).stream()
                .filter(FleetMember::isReachable)
                .map(FleetMember::key)
                .toList();
        // One with several channels says here how that of another source fares.
        Set<InstanceKey> connected = new HashSet<>(all);
        connected.removeIf(
                k -> fleet.instance(k).filter(i -> i.channels().size() >= 2).isPresent());
        DoubtSettings settings = d.rules().settings();
        Doubt.Rereading first = new Doubt.Rereading(
                all, connected, connected, settings.patience().dividedBy(settings.rereadInterval()), 0);
        Doubt doubt = new Doubt(source, fleet, first, List.of());
        return nextRound(d.with(d.doubts().reread(key, since)), doubt, first);
    }

    /** Another round, as long as there is patience and anybody left who has not noticed. */
    private static Detection nextRound(Detection d, Doubt doubt, Doubt.Rereading w) {
        if (w.connected().isEmpty()) {
            return keep(d, doubt.with(new Doubt.Refreshing(w.all())));
        }
        if (w.rounds() == 0) {
            return settled(d, doubt);
        }
        return keep(
                d,
                doubt.with(new Doubt.Rereading(w.all(), w.connected(), w.connected(), w.rounds() - 1, nextReading(d))));
    }

    private static long nextReading(Detection d) {
        return d.now().nanos() + d.rules().settings().rereadInterval().toNanos();
    }

    private static Detection considerTest(Detection d, Question question, FleetMember source, Instant since) {
        if (!d.rules().settings().testsAllowed() || !question.intents().recoveriesEnabled()) {
            return remark(d, source, "no receiver is restarted as a test: recoveries are disabled");
        }
        Doubts.Harm harm = d.doubts().endedBy().get(source.cluster());
        // One receiver that a test took away is too many: until somebody has brought it back, no other is tried.
        return harm == null
                ? claim(d, question, source, since)
                : remark(
                        d,
                        source,
                        "no receiver of this cluster is restarted as a test: that of " + harm.replica()
                                + " did not come back after one; start it there, with its user and password, then tests"
                                + " go on");
    }

    /** A receiver that runs again may be lost once more with its source: then tests must go on. */
    static Detection mended(Detection d, Fleet fleet, ClusterId cluster) {
        Doubts.Harm harm = d.doubts().endedBy().get(cluster);
        boolean mended = harm != null && DoubtRules.cameBack(fleet, harm.replica(), harm.at());
        return mended ? d.with(d.doubts().mended(cluster)) : d;
    }

    private static Detection claim(Detection d, Question question, FleetMember source, Instant since) {
        InstanceKey key = source.key();
        Instant now = question.now();
        DoubtSettings settings = d.rules().settings();
        DetectionHistory history = question.history();
        Instant alive = history.lastAlive(key).orElse(null);
        if (d.doubts().of(key) != null || d.doubts().isAnswered(key, since, now, settings.restAfterTest(), alive)) {
            return d;
        }
        Doubts rested = d.doubts().rested(now);
        Set<InstanceKey> resting = rested.restUntil().keySet();
        Optional<FleetMember> chosen = ReceiverTestChoice.choose(
                question.fleet(),
                key,
                resting,
                history.lostInTests(key, since),
                d.rules().analyzer().policy());
        if (chosen.isEmpty()) {
            return resting.isEmpty()
                    ? remark(
                            d,
                            source,
                            "no receiver can be restarted as a test: none is connected, keeps its user and password where"
                                    + " we can see it, uses GTID, is not delayed and not needed for semi-sync"
                                    + " acknowledgements")
                    : d.with(rested);
        }
        Doubt.Restarting work = new Doubt.Restarting(chosen.get(), d.now().at());
        return d.with(rested.rest(chosen.get().key(), now.plus(settings.restAfterTest()))
                .with(new Doubt(source, question.fleet(), work, List.of())));
    }

    static Detection probed(Detection d, DetectionEvent.Probed e) {
        Doubt known = of(d, e.effect());
        if (known == null) {
            return d;
        }
        Doubt doubt = known.ended(e.effect());
        if (doubt.work() instanceof Doubt.Rereading w) {
            return heard(d, doubt, w, e);
        }
        return doubt.work() instanceof Doubt.Watching w
                ? watched(d, doubt, w, e.channel().orElse(null))
                : keep(d, doubt);
    }

    private static Detection heard(Detection d, Doubt doubt, Doubt.Rereading w, DetectionEvent.Probed e) {
        InstanceKey replica = e.effect().replica();
        Set<InstanceKey> unheard = new HashSet<>(w.unheard());
        unheard.remove(replica);
        Set<InstanceKey> connected = new HashSet<>(w.connected());
        if (e.channel()
                .filter(c -> c.receiver() == ReplicationThreadState.RUNNING)
                .isEmpty()) {
            connected.remove(replica);
        }
        Doubt.Rereading next = new Doubt.Rereading(w.all(), connected, unheard, w.rounds(), w.notBeforeNanos());
        return unheard.isEmpty() ? nextRound(d, doubt, next) : keep(d, doubt.with(next));
    }

    private static Detection watched(Detection d, Doubt doubt, Doubt.Watching w, @Nullable ReplicationChannel channel) {
        ReceiverTest.Showing showing =
                channel == null ? ReceiverTest.Showing.NOTHING : ReceiverTest.Showing.of(channel);
        boolean goesOn = showing == ReceiverTest.Showing.IN_VAIN || showing == ReceiverTest.Showing.NOTHING;
        if (goesOn && w.rounds() > 0) {
            return keep(d, doubt.with(new Doubt.Watching(w.replica(), w.at(), w.rounds() - 1, nextReading(d))));
        }
        ReceiverTest.Outcome outcome = switch (showing) {
            case CONNECTED -> ReceiverTest.Outcome.FOUND;
            case REFUSED -> ReceiverTest.Outcome.REFUSED;
            case IN_VAIN -> ReceiverTest.Outcome.LOST;
            case STOPPED_WITH_ERROR, NOTHING -> null;
        };
        Detection told = harm(d, doubt, w.replica(), channel);
        return outcome == null
                ? settled(told, doubt)
                : conclude(
                        told,
                        doubt,
                        new ReceiverTest(doubt.source().key(), w.replica().key(), w.at(), outcome));
    }

    /** A test has done harm when a receiver that ran does not run any more: somebody must know. */
    private static Detection harm(Detection d, Doubt doubt, FleetMember replica, @Nullable ReplicationChannel channel) {
        boolean ran = replica.facts()
                .flatMap(Instance::mainChannel)
                .filter(c -> c.receiver() == ReplicationThreadState.RUNNING)
                .isPresent();
        if (!ran || channel == null) {
            return d;
        }
        ReceiverTest.Showing showing = ReceiverTest.Showing.of(channel);
        if (showing != ReceiverTest.Showing.REFUSED && showing != ReceiverTest.Showing.STOPPED_WITH_ERROR) {
            return d;
        }
        String error = "error " + channel.lastReceiverErrno() + " " + channel.lastReceiverError();
        FleetMember source = doubt.source();
        return d.with(d.doubts()
                        .harmed(
                                source.cluster(),
                                new Doubts.Harm(replica.key(), d.now().at())))
                .then(new DetectionEffect.Note(
                        Severity.ERROR,
                        replica.cluster(),
                        replica.key(),
                        "a receiver that was restarted as a test did not come back; no receiver of this cluster is tested"
                                + " until it runs again",
                        "its source is " + source.key() + "; " + error))
                .then(audit(
                        doubt,
                        replica.key(),
                        "the receiver, which ran, did not come back after it was restarted as a test of its source "
                                + source.key() + ": " + error
                                + ". No receiver of this cluster is tested until it runs again: start it with its user"
                                + " and password"));
    }

    private static Detection conclude(Detection d, Doubt doubt, ReceiverTest test) {
        List<InstanceKey> replicas = doubt.fleet().replicasOf(test.source()).stream()
                .map(FleetMember::key)
                .toList();
        String said = "restarted the receiver as a test of its source " + test.source() + ", which does not answer: "
                + switch (test.outcome()) {
                    case LOST -> "it does not find its source either";
                    case FOUND -> "it found its source, which lives";
                    case REFUSED -> "its source refused it, so it lives";
                };
        return keep(d, doubt.with(new Doubt.Concluding(test, replicas))).then(audit(doubt, test.replica(), said));
    }

    static Detection refreshed(Detection d, DetectionEffect.Refresh effect) {
        Doubt doubt = of(d, effect);
        if (doubt == null) {
            return d;
        }
        return doubt.work() instanceof Doubt.Concluding w
                ? settled(d.with(d.doubts().answered(w.test())).then(new DetectionEffect.Testify(w.test())), doubt)
                : settled(d, doubt);
    }

    static Detection restarted(Detection d, DetectionEvent.Restarted e) {
        Doubt known = of(d, e.effect());
        if (known == null || !(known.work() instanceof Doubt.Restarting w)) {
            return d;
        }
        Doubt doubt = known.ended(e.effect());
        DoubtSettings settings = d.rules().settings();
        return switch (e.answer()) {
            case DONE ->
                d.closed()
                        ? settled(d, doubt)
                        : keep(
                                d,
                                doubt.with(new Doubt.Watching(
                                        w.replica(),
                                        w.at(),
                                        settings.confirmAfter().dividedBy(settings.rereadInterval()),
                                        nextReading(d))));
            case NOT_DONE -> notRestarted(d, doubt, w.replica());
            case HELD_BACK ->
                notRestarted(refused(d, w.replica(), e.words()), doubt, w.replica())
                        .then(audit(doubt, w.replica().key(), notRestarted(doubt, e.words())));
            case FAILED ->
                keep(
                        refused(d, w.replica(), e.words()),
                        // The restart may have come as far as the stop.
                        doubt.with(new Doubt.Starting(w.replica(), e.words(), e.untilNanos())));
        };
    }

    private static Detection refused(Detection d, FleetMember replica, String words) {
        return d.then(new DetectionEffect.Note(
                Severity.WARN, replica.cluster(), replica.key(), "receiver could not be restarted as a test", words));
    }

    private static String notRestarted(Doubt doubt, String words) {
        return "could not restart the receiver as a test of its source "
                + doubt.source().key() + ": " + words;
    }

    private static Detection notRestarted(Detection d, Doubt doubt, FleetMember replica) {
        return settled(remark(d, doubt.source(), "receiver of " + replica.key() + " could not be restarted"), doubt);
    }

    static Detection startedAgain(Detection d, DetectionEvent.StartedAgain e) {
        Doubt doubt = of(d, e.effect());
        if (doubt == null || !(doubt.work() instanceof Doubt.Starting w)) {
            return d;
        }
        boolean left = e.answer() == DetectionEvent.Answer.FAILED || e.answer() == DetectionEvent.Answer.HELD_BACK;
        String after = left ? "; IT MAY BE LEFT STOPPED: " + e.words() : "; started it again";
        Detection said = left
                ? d.then(new DetectionEffect.Note(
                        Severity.ERROR,
                        w.replica().cluster(),
                        w.replica().key(),
                        "receiver may have been left stopped by a test",
                        e.words()))
                : d;
        return notRestarted(said, doubt, w.replica())
                .then(audit(doubt, w.replica().key(), notRestarted(doubt, w.error()) + after));
    }

    /** The doubt that an effect belongs to, null when it belongs to none or that one is settled. */
    static @Nullable Doubt of(Detection d, DetectionEffect effect) {
        InstanceKey source = effect instanceof DetectionEffect.Probe e
                ? e.source()
                : effect instanceof DetectionEffect.Refresh r
                        ? r.source()
                        : effect instanceof DetectionEffect.Restart s
                                ? s.source()
                                : effect instanceof DetectionEffect.StartAgain a ? a.source() : null;
        return source == null ? null : d.doubts().of(source);
    }

    private static Detection keep(Detection d, Doubt doubt) {
        return d.with(d.doubts().with(doubt));
    }

    /** Nothing more is done about it; its cluster is looked at with what was found. */
    private static Detection settled(Detection d, Doubt doubt) {
        return d.with(d.doubts().without(doubt.source().key()))
                .changed(Set.of(doubt.source().cluster()));
    }

    private static Detection remark(Detection d, FleetMember source, String text) {
        return d.then(new DetectionEffect.Remark(source.key(), text));
    }

    private static DetectionEffect audit(Doubt doubt, InstanceKey replica, String message) {
        return new DetectionEffect.Audit(replica, doubt.clusterName(), message);
    }
}
