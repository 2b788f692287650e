package dev.orchestrator.engine.internal.shell.detection;

import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.analysis.DoubtRules;
import dev.orchestrator.engine.internal.core.analysis.FailureAnalyzer;
import dev.orchestrator.engine.internal.core.analysis.ReceiverTest;
import dev.orchestrator.engine.internal.core.analysis.ReceiverTestChoice;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles doubts about sources that do not answer us while replicas still believe to be connected: has the replicas read
 * until they notice, or restarts one receiver to see whether it finds its source. One thing at a time per source.
 * Thread-safe, never blocks its caller.
 */
final class Confirmer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Confirmer.class);

    private final DetectionPorts ports;
    private final ConfirmerSettings settings;
    private final Report report;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService workers = NamedExecutors.blocking("confirm");

    // Guarded by the monitor.
    private final Map<InstanceKey, Doing> underWay = new HashMap<>();
    private final Map<InstanceKey, Instant> rereadFor = new HashMap<>();
    private final Map<InstanceKey, Instant> restUntil = new HashMap<>();
    private final Map<InstanceKey, ReceiverTest> answers = new HashMap<>();

    /** The clusters in which a test took a receiver away, and whose. */
    private final Map<ClusterId, Harm> endedBy = new HashMap<>();

    private record Harm(InstanceKey replica, Instant at) {}

    private enum Doing {
        REREADING,
        RESTARTING,
        WATCHING
    }

    /** Told what came of it, on a thread of the confirmer. */
    interface Report {
        void tested(ClusterId cluster, ReceiverTest test);

        void noted(ClusterId cluster, InstanceKey source, String text);

        void settled(ClusterId cluster);
    }

    Confirmer(DetectionPorts ports, ConfirmerSettings settings, Report report) {
        this.ports = ports;
        this.settings = settings;
        this.report = report;
    }

    /** Whether a receiver of a replica of this source is about to be restarted, or being restarted. */
    synchronized boolean isRestarting(InstanceKey source) {
        return underWay.get(source) == Doing.RESTARTING;
    }

    /** Does something about a finding that is in doubt. */
    void consider(FailureAnalyzer.Question question, FailureAnalysis finding) {
        FleetMember source = question.fleet().member(finding.instance()).orElse(null);
        Instant since = source == null ? null : source.failingSince();
        if (source == null || since == null) {
            return;
        }
        switch (DoubtRules.next(source, finding, settings.patience(), question.now())) {
            case NOTHING -> {}
            case REREAD -> {
                if (begin(source.key(), since)) {
                    start(source, () -> new Reread(ports, settings, closed).run(question.fleet(), source));
                }
            }
            case TEST -> considerTest(question, source, since);
        }
    }

    private synchronized boolean begin(InstanceKey source, Instant since) {
        if (underWay.containsKey(source) || since.equals(rereadFor.get(source))) {
            return false;
        }
        rereadFor.put(source, since);
        underWay.put(source, Doing.REREADING);
        return true;
    }

    private void considerTest(FailureAnalyzer.Question question, FleetMember source, Instant since) {
        if (!settings.testsAllowed() || !question.intents().recoveriesEnabled()) {
            report.noted(source.cluster(), source.key(), "no receiver is restarted as a test: recoveries are disabled");
            return;
        }
        Fleet fleet = question.fleet();
        if (areTestsEnded(fleet, source)) {
            return;
        }
        Optional<FleetMember> chosen = claim(fleet, source, since, question.now());
        chosen.ifPresent(replica -> start(source, () -> test(fleet, source, replica)));
    }

    /** One receiver that a test took away is too many: until somebody has brought it back, no other is tried. */
    private synchronized boolean areTestsEnded(Fleet fleet, FleetMember source) {
        Harm harm = endedBy.get(source.cluster());
        if (harm == null) {
            return false;
        }
        if (DoubtRules.cameBack(fleet, harm.replica, harm.at)) {
            endedBy.remove(source.cluster());
            return false;
        }
        report.noted(
                source.cluster(),
                source.key(),
                "no receiver of this cluster is restarted as a test: that of " + harm.replica
                        + " did not come back after one; start it there, with its user and password, then tests go on");
        return true;
    }

    private synchronized void endTests(FleetMember source, FleetMember replica) {
        endedBy.put(source.cluster(), new Harm(replica.key(), ports.clock().instant()));
    }

    /** A source that was found stays found for a while, one that was lost until it answers. */
    private boolean isAnswered(InstanceKey source, Instant since, Instant now) {
        ReceiverTest last = answers.get(source);
        return last != null
                && !last.at().isBefore(since)
                && (last.lostSource()
                        || last.at().plus(settings.restAfterTest()).isAfter(now));
    }

    private synchronized Optional<FleetMember> claim(Fleet fleet, FleetMember source, Instant since, Instant now) {
        if (underWay.containsKey(source.key()) || isAnswered(source.key(), since, now)) {
            return Optional.empty();
        }
        restUntil.values().removeIf(until -> until.isBefore(now));
        Set<InstanceKey> resting = new HashSet<>(restUntil.keySet());
        Optional<FleetMember> chosen = ReceiverTestChoice.choose(fleet, source.key(), resting);
        if (chosen.isPresent()) {
            restUntil.put(chosen.get().key(), now.plus(settings.restAfterTest()));
            underWay.put(source.key(), Doing.RESTARTING);
        } else if (resting.isEmpty()) {
            report.noted(
                    source.cluster(),
                    source.key(),
                    "no receiver can be restarted as a test: none is connected, keeps its user and password where we can see it,"
                            + " uses GTID, is not delayed and not needed for semi-sync acknowledgements");
        }
        return chosen;
    }

    private void test(Fleet fleet, FleetMember source, FleetMember replica) {
        Instant at = ports.clock().instant();
        ReceiverRestart restart = new ReceiverRestart(ports, settings, closed);
        boolean done;
        try {
            done = restart.restart(fleet, source, replica);
        } finally {
            setWatching(source.key());
        }
        if (!done) {
            report.noted(source.cluster(), source.key(), "receiver of " + replica.key() + " could not be restarted");
            return;
        }
        ReceiverRestart.Result result = restart.watch(replica);
        Optional<String> harm = result.harm(replica);
        harm.ifPresent(error -> {
            endTests(source, replica);
            restart.tellHarm(fleet, source, replica, error);
        });
        result.outcome().ifPresent(o -> conclude(fleet, source, new ReceiverTest(source.key(), replica.key(), at, o)));
    }

    private void conclude(Fleet fleet, FleetMember source, ReceiverTest test) {
        ReceiverRestart.tell(ports, settings, fleet, source, test);
        // The picture must hold what the test saw before the test counts.
        ports.view()
                .refresh(
                        fleet.replicasOf(source.key()).stream()
                                .map(FleetMember::key)
                                .toList(),
                        Duration.ofMillis(400));
        answer(test);
        report.tested(source.cluster(), test);
    }

    /** Kept here too: whoever analyses at this moment may hold older testimony. */
    private synchronized void answer(ReceiverTest test) {
        answers.put(test.source(), test);
    }

    private synchronized void setWatching(InstanceKey source) {
        underWay.put(source, Doing.WATCHING);
    }

    private void start(FleetMember source, Runnable task) {
        try {
            workers.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    log.atWarn()
                            .addKeyValue("cluster", source.cluster())
                            .addKeyValue("instance", source.key())
                            .setCause(e)
                            .log("a doubt could not be settled");
                } finally {
                    end(source.key());
                    report.settled(source.cluster());
                }
            });
        } catch (RejectedExecutionException e) {
            end(source.key());
        }
    }

    private synchronized void end(InstanceKey source) {
        underWay.remove(source);
    }

    @Override
    public void close() {
        closed.countDown();
        workers.shutdown();
    }
}
