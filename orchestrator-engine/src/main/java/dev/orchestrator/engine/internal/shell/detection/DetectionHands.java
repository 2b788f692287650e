package dev.orchestrator.engine.internal.shell.detection;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.analysis.DetectionHistoryTracker;
import dev.orchestrator.engine.internal.core.analysis.FailureAnalyzer.Question;
import dev.orchestrator.engine.internal.core.detection.DetectionEffect;
import dev.orchestrator.engine.internal.core.detection.DetectionEvent;
import dev.orchestrator.engine.internal.core.detection.DetectionEvent.Answer;
import dev.orchestrator.engine.internal.shell.leader.Leadership;
import dev.orchestrator.spi.Guard;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Carries out what detection wants and says what came of it. Thread-safe.
 *
 * @param ports the world
 * @param book where history is kept
 * @param nodeName who tests receivers, for the audit trail
 * @param handler told of findings that can be acted upon
 */
record DetectionHands(
        DetectionPorts ports, DetectionHistoryTracker book, String nodeName, Consumer<List<FailureAnalysis>> handler)
        implements DetectionEffect.Cases<DetectionEvent> {
    private static final Logger log = LoggerFactory.getLogger(DetectionHands.class);
    private static final String AUDIT_TYPE = "test-receiver";

    private DetectionEvent done() {
        return new DetectionEvent.Woke(ports.now());
    }

    @Override
    public DetectionEvent look(DetectionEffect.Look it) {
        Question question = ports.question(ports.view().current(), it.cluster(), book);
        return new DetectionEvent.Looked(it, question, ports.leadership().held().isPresent(), ports.now());
    }

    @Override
    public DetectionEvent probe(DetectionEffect.Probe it) {
        Optional<ReplicationChannel> channel = ports.gateway()
                .probe(it.replica(), it.patience())
                .match(seen -> seen.instance().mainChannel(), failed -> Optional.empty());
        return new DetectionEvent.Probed(it, channel, ports.now());
    }

    @Override
    public DetectionEvent refresh(DetectionEffect.Refresh it) {
        ports.view().refresh(it.replicas(), it.patience());
        return new DetectionEvent.Refreshed(it, ports.now());
    }

    /** How a command ended. */
    private record Sent(Answer answer, String words) {}

    private Sent send(InstanceKey replica, Guard guard, InstanceCommand command, Duration patience) {
        try {
            boolean done = ports.gateway().command(replica, guard, command, patience);
            return new Sent(done ? Answer.DONE : Answer.NOT_DONE, "");
        } catch (OrchestratorException e) {
            String words = Objects.requireNonNullElse(e.getMessage(), e.code().name());
            return new Sent(e.code() == ErrorCode.GUARD_REFUSED ? Answer.HELD_BACK : Answer.FAILED, words);
        }
    }

    @Override
    public DetectionEvent restart(DetectionEffect.Restart it) {
        Optional<Leadership.Held> held = ports.leadership().held();
        if (held.isEmpty()) {
            return new DetectionEvent.Restarted(it, Answer.NOT_DONE, "this node does not lead", 0, ports.now());
        }
        long until = held.get().deadlineNanos();
        Sent sent = send(
                it.replica(),
                new Guard(it.serverUuid(), until),
                new InstanceCommand.RestartReceiver(it.channel()),
                it.patience());
        return new DetectionEvent.Restarted(it, sent.answer(), sent.words(), until, ports.now());
    }

    @Override
    public DetectionEvent startAgain(DetectionEffect.StartAgain it) {
        Sent sent = send(
                it.replica(),
                new Guard(it.serverUuid(), it.untilNanos()),
                new InstanceCommand.StartReceiver(it.channel()),
                it.patience());
        return new DetectionEvent.StartedAgain(it, sent.answer(), sent.words(), ports.now());
    }

    @Override
    public DetectionEvent testify(DetectionEffect.Testify it) {
        book.add(it.test());
        return done();
    }

    @Override
    public DetectionEvent remark(DetectionEffect.Remark it) {
        book.note(it.source(), it.text());
        return done();
    }

    @Override
    public DetectionEvent suspect(DetectionEffect.Suspect it) {
        ports.view().suspect(it.server(), it.sign());
        return done();
    }

    @Override
    public DetectionEvent tell(DetectionEffect.Tell it) {
        log.atInfo()
                .addKeyValue("cluster", it.finding().cluster())
                .addKeyValue("instance", it.finding().instance())
                .addKeyValue("analysis", it.finding().code())
                .addKeyValue("before", it.before())
                .addKeyValue("evidence", it.finding().evidence())
                .log("the finding changed");
        ports.events()
                .publish(new OrchestratorEvent.AnalysisChanged(ports.clock().instant(), it.finding()));
        return done();
    }

    @Override
    public DetectionEvent handOn(DetectionEffect.HandOn it) {
        handler.accept(it.findings());
        return done();
    }

    @Override
    public DetectionEvent audit(DetectionEffect.Audit it) {
        Actor actor = new Actor("orchestrator", Origin.AUTOMATIC, nodeName);
        ports.audit().record(new AuditEntry(0, null, AUDIT_TYPE, it.replica(), it.cluster(), actor, it.message()));
        return done();
    }

    @Override
    public DetectionEvent note(DetectionEffect.Note it) {
        log.atLevel(Level.valueOf(it.severity().name()))
                .addKeyValue("cluster", it.cluster())
                .addKeyValue("instance", it.server())
                .addKeyValue("facts", it.facts())
                .log(it.message());
        return done();
    }

    @Override
    public DetectionEvent wake(DetectionEffect.Wake it) {
        return done();
    }
}
