package dev.orchestrator.simulation.node;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.engine.internal.core.analysis.AnalysisPolicy;
import dev.orchestrator.engine.internal.core.analysis.DetectionHistoryTracker;
import dev.orchestrator.engine.internal.core.analysis.FailureAnalyzer;
import dev.orchestrator.engine.internal.core.detection.Detection;
import dev.orchestrator.engine.internal.core.detection.DetectionEffect;
import dev.orchestrator.engine.internal.core.detection.DetectionEvent;
import dev.orchestrator.engine.internal.core.detection.DetectionEvent.Answer;
import dev.orchestrator.engine.internal.core.detection.DoubtSettings;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What one service finds wrong, and how it makes sure: the engine's own state machine. Not thread-safe. */
final class Detecting implements DetectionEffect.Cases<Boolean> {
    private final SimulatedService node;
    private final NodeProcess process;
    private final FailureAnalyzer analyzer;
    private final DetectionHistoryTracker book;
    private final VirtualLoop<Detection, DetectionEvent, DetectionEffect> loop;
    // By what right the last receiver was restarted: it is started again by the same.
    private @Nullable Right right;

    Detecting(SimulatedService node) {
        this.node = node;
        this.process = node.process();
        AnalysisPolicy policy = node.world().engine().policy().apply(AnalysisPolicy.of(node.config()));
        this.analyzer = new FailureAnalyzer(policy);
        this.book = new DetectionHistoryTracker(policy);
        Detection begin = Detection.begin(
                new Detection.Rules(analyzer, DoubtSettings.of(node.config())),
                node.stamps().now());
        this.loop = new VirtualLoop<>(
                process,
                begin,
                new VirtualLoop.Machine<>(
                        Detection::fold,
                        Detection::next,
                        Detecting::pause,
                        () -> new DetectionEvent.Woke(node.stamps().now()),
                        effect -> new DetectionEvent.Begun(effect, node.stamps().now()),
                        effect -> effect.match(this)));
    }

    private static @Nullable Duration pause(DetectionEffect effect) {
        return effect instanceof DetectionEffect.Wake wake ? wake.in() : null;
    }

    void changed(Set<ClusterId> clusters) {
        if (!clusters.isEmpty()) {
            loop.post(new DetectionEvent.Changed(clusters, node.stamps().now()));
        }
    }

    /** What is wrong with a server by all that is known now. */
    @Nullable
    FailureAnalysis examine(InstanceKey key) {
        Fleet fleet = node.fleet();
        return fleet.member(key)
                .flatMap(m -> analyzer.examine(question(m.cluster()), m.key()))
                .filter(f -> f.code() != AnalysisCode.NO_PROBLEM)
                .orElse(null);
    }

    private FailureAnalyzer.Question question(ClusterId cluster) {
        Fleet fleet = node.fleet();
        List<Fence> fences = node.fences();
        book.observe(fleet, cluster, node.stamps().now().at());
        return new FailureAnalyzer.Question(
                fleet,
                node.intents(),
                fences,
                book.history(),
                node.stamps().now().at());
    }

    private boolean later(DetectionEvent event) {
        process.in(Duration.ZERO, () -> loop.post(event));
        return true;
    }

    private boolean done() {
        loop.post(new DetectionEvent.Woke(node.stamps().now()));
        return true;
    }

    @Override
    public Boolean look(DetectionEffect.Look it) {
        return later(new DetectionEvent.Looked(
                it, question(it.cluster()), node.leads(), node.stamps().now()));
    }

    @Override
    public Boolean probe(DetectionEffect.Probe it) {
        node.gateway().probe(it.replica(), it.patience(), observation -> {
            Optional<ReplicationChannel> channel =
                    observation.match(seen -> seen.instance().mainChannel(), failed -> Optional.empty());
            loop.post(new DetectionEvent.Probed(it, channel, node.stamps().now()));
        });
        return true;
    }

    @Override
    public Boolean refresh(DetectionEffect.Refresh it) {
        node.refresh(
                it.replicas(),
                it.patience(),
                () -> loop.post(new DetectionEvent.Refreshed(it, node.stamps().now())));
        return true;
    }

    private void send(
            InstanceKey replica,
            String uuid,
            InstanceCommand command,
            long until,
            Duration patience,
            BiConsumer<Answer, String> told) {
        PlanStep step = new PlanStep(replica, uuid, command, patience, false, false);
        node.gateway()
                .command(
                        step,
                        Objects.requireNonNull(right),
                        until - process.nanos(),
                        result -> process.in(Duration.ZERO, () -> told.accept(answer(result), result.words())));
    }

    private static Answer answer(StepResult result) {
        return switch (result.kind()) {
            case DONE -> Answer.DONE;
            case NOT_YET -> Answer.NOT_DONE;
            case FAILED -> result.words().startsWith("guard") ? Answer.HELD_BACK : Answer.FAILED;
            case UNKNOWN -> Answer.FAILED;
        };
    }

    @Override
    public Boolean restart(DetectionEffect.Restart it) {
        OptionalLong until = node.leadership().until();
        node.leadership().lease().ifPresent(lease -> right = new Right.UnderLease(lease));
        if (until.isEmpty() || right == null) {
            return later(new DetectionEvent.Restarted(
                    it, Answer.NOT_DONE, "does not lead", 0, node.stamps().now()));
        }
        long end = until.getAsLong();
        InstanceCommand command = new InstanceCommand.RestartReceiver(it.channel());
        send(
                it.replica(),
                it.serverUuid(),
                command,
                end,
                it.patience(),
                (answer, words) -> loop.post(new DetectionEvent.Restarted(
                        it, answer, words, end, node.stamps().now())));
        return true;
    }

    @Override
    public Boolean startAgain(DetectionEffect.StartAgain it) {
        InstanceCommand command = new InstanceCommand.StartReceiver(it.channel());
        send(
                it.replica(),
                it.serverUuid(),
                command,
                it.untilNanos(),
                it.patience(),
                (answer, words) -> loop.post(new DetectionEvent.StartedAgain(
                        it, answer, words, node.stamps().now())));
        return true;
    }

    @Override
    public Boolean testify(DetectionEffect.Testify it) {
        book.add(it.test());
        return done();
    }

    @Override
    public Boolean remark(DetectionEffect.Remark it) {
        book.note(it.source(), it.text());
        return done();
    }

    @Override
    public Boolean suspect(DetectionEffect.Suspect it) {
        node.suspect(it.server());
        return done();
    }

    @Override
    public Boolean tell(DetectionEffect.Tell it) {
        node.world()
                .watcher()
                .told(node, it.finding().instance() + ": " + it.finding().code() + " (before: " + it.before() + ")");
        return done();
    }

    @Override
    public Boolean handOn(DetectionEffect.HandOn it) {
        node.recoveries().handle(it.findings());
        return done();
    }

    @Override
    public Boolean audit(DetectionEffect.Audit it) {
        node.world().watcher().told(node, it.replica() + ": " + it.message());
        return done();
    }

    @Override
    public Boolean note(DetectionEffect.Note it) {
        node.world().watcher().told(node, it.server() + ": " + it.message());
        return done();
    }

    @Override
    public Boolean wake(DetectionEffect.Wake it) {
        return done();
    }

    /** What is found at present, of all clusters, in the order that the engine tells it in. */
    List<FailureAnalysis> findings() {
        return new TreeMap<>(loop.state().findings())
                .values().stream().flatMap(List::stream).toList();
    }
}
