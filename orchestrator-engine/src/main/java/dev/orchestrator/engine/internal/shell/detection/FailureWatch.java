package dev.orchestrator.engine.internal.shell.detection;

import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.analysis.AnalysisPolicy;
import dev.orchestrator.engine.internal.core.analysis.DetectionHistoryTracker;
import dev.orchestrator.engine.internal.core.analysis.FailureAnalyzer;
import dev.orchestrator.engine.internal.core.detection.Detection;
import dev.orchestrator.engine.internal.core.detection.DetectionEffect;
import dev.orchestrator.engine.internal.core.detection.DetectionEvent;
import dev.orchestrator.engine.internal.core.detection.DoubtSettings;
import dev.orchestrator.engine.internal.shell.execution.CoreLoop;
import dev.orchestrator.engine.internal.shell.execution.Reanalysis;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/**
 * Watches every cluster that changes, on a thread of its own: tells {@link Detection} of changes, and has carried out what
 * it wants. Thread-safe; whoever tells it something never waits.
 */
public final class FailureWatch implements Reanalysis, AutoCloseable {
    /** The time of a restart that fails and of the start after it. */
    private static final Duration RESTARTS = Duration.ofSeconds(4);

    private final DetectionPorts ports;
    private final FailureAnalyzer analyzer;
    private final DetectionHistoryTracker book;
    private final ExecutorService thread = NamedExecutors.pool("detection", 1);
    private final ExecutorService workers = NamedExecutors.blocking("confirm");
    private final CoreLoop<Detection, DetectionEvent, DetectionEffect> loop;

    /**
     * A watch.
     *
     * @param ports the world
     * @param policy limits
     * @param book where history is kept; whoever analyses again needs it too
     * @param settings how doubts are settled
     * @param handler told of findings of one cluster that can be acted upon, the most severe first, and again as long as they
     *     stand; must not block
     */
    public FailureWatch(
            DetectionPorts ports,
            AnalysisPolicy policy,
            DetectionHistoryTracker book,
            DoubtSettings settings,
            Consumer<List<FailureAnalysis>> handler) {
        this.ports = ports;
        this.analyzer = new FailureAnalyzer(policy);
        this.book = book;
        DetectionHands hands = new DetectionHands(ports, book, settings.nodeName(), handler);
        Detection begin = Detection.begin(new Detection.Rules(analyzer, settings), ports.now());
        this.loop = new CoreLoop<>(begin, effect -> effect.match(hands), thread, workers, ports::now);
    }

    /**
     * The snapshot of the fleet has changed. Never blocks.
     *
     * @param fleet the new snapshot
     * @param touched the clusters that observations arrived for
     */
    public void fleetChanged(Fleet fleet, Set<ClusterId> touched) {
        if (!touched.isEmpty()) {
            loop.post(new DetectionEvent.Changed(touched, ports.now()));
        }
    }

    /** What was found last: cluster by cluster, the most severe of each first. */
    @Override
    public List<FailureAnalysis> findings() {
        Fleet fleet = ports.view().current();
        return new TreeMap<>(loop.state().findings())
                .entrySet().stream()
                        .filter(e -> fleet.cluster(e.getKey()).isPresent())
                        .flatMap(e -> e.getValue().stream())
                        .toList();
    }

    /** Analyses by all that is known at this moment; counts what the given snapshot shows of replicas' progress. */
    @Override
    public Optional<FailureAnalysis> analyze(Fleet fleet, InstanceKey instance) {
        Optional<FleetMember> member = fleet.member(instance);
        return member.flatMap(m -> analyzer.examine(ports.question(fleet, m.cluster(), book), m.key()))
                .filter(f -> f.code() != AnalysisCode.NO_PROBLEM);
    }

    /** Ends the analysis and what is under way to confirm doubts; a receiver that is being restarted is awaited. */
    @Override
    public void close() {
        loop.post(new DetectionEvent.Closed(ports.now()));
        loop.await(state -> state.closed() && !state.isRestarting(), RESTARTS);
        thread.shutdown();
        workers.shutdown();
    }
}
