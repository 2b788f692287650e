package dev.orchestrator.engine.internal.shell.detection;

import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.analysis.AnalysisPolicy;
import dev.orchestrator.engine.internal.core.analysis.FailureAnalyzer;
import dev.orchestrator.engine.internal.core.analysis.ReceiverTest;
import dev.orchestrator.engine.internal.core.analysis.WitnessBook;
import dev.orchestrator.engine.internal.shell.discovery.FleetListener;
import dev.orchestrator.engine.internal.shell.recovery.FailureHandler;
import dev.orchestrator.engine.internal.shell.recovery.Reanalysis;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Analyses every cluster that changed, on a thread of its own, tells changed findings, has suspects looked at again and
 * hands what can be acted upon to the handler, while this node leads. However often the fleet changes meanwhile, each
 * cluster waits at most once.
 */
public final class FailureWatch implements FleetListener, Reanalysis, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FailureWatch.class);

    private final DetectionPorts ports;
    private final FailureHandler handler;
    private final FailureAnalyzer analyzer;
    private final WitnessBook book;
    private final Confirmer confirmer;
    private final Suspicions suspicions;
    private final Refusals refusals = new Refusals();
    private final ExecutorService thread = NamedExecutors.pool("detection", 1);

    // Guarded by the monitor.
    private final Set<ClusterId> waiting = new HashSet<>();
    private boolean planned;

    /** Read by anybody, written by the detection thread. */
    private final Map<ClusterId, List<FailureAnalysis>> findings = new ConcurrentHashMap<>();

    /** What was told of each instance; owned by the detection thread. */
    private final Map<InstanceKey, AnalysisCode> told = new HashMap<>();

    /**
     * A watch.
     *
     * @param ports the world
     * @param policy limits
     * @param book where testimony is kept; whoever analyses again needs it too
     * @param confirmerSettings how doubts are settled
     * @param handler told of findings that can be acted upon
     */
    public FailureWatch(
            DetectionPorts ports,
            AnalysisPolicy policy,
            WitnessBook book,
            ConfirmerSettings confirmerSettings,
            FailureHandler handler) {
        this.ports = ports;
        this.handler = handler;
        this.analyzer = new FailureAnalyzer(policy);
        this.book = book;
        this.suspicions = new Suspicions(ports.view());
        this.confirmer = new Confirmer(ports, confirmerSettings, new Confirmer.Report() {
            @Override
            public void tested(ClusterId cluster, ReceiverTest test) {
                book.add(test);
                plan(Set.of(cluster));
            }

            @Override
            public void noted(ClusterId cluster, InstanceKey source, String text) {
                book.note(source, text);
            }

            @Override
            public void settled(ClusterId cluster) {
                plan(Set.of(cluster));
            }
        });
    }

    @Override
    public void fleetChanged(Fleet fleet, Set<ClusterId> touched) {
        plan(touched);
    }

    /**
     * What was found last, of all clusters.
     *
     * @return problems and warnings, cluster by cluster, the most severe of each first
     */
    public List<FailureAnalysis> findings() {
        Fleet fleet = ports.view().current();
        return new TreeMap<>(findings)
                .entrySet().stream()
                        .filter(e -> fleet.cluster(e.getKey()).isPresent())
                        .flatMap(e -> e.getValue().stream())
                        .toList();
    }

    /** Analyses by all that is known at this moment; counts what the given picture shows of replicas' progress. */
    @Override
    public Optional<FailureAnalysis> analyze(Fleet fleet, InstanceKey instance) {
        Optional<FleetMember> member = fleet.member(instance);
        member.ifPresent(m -> book.observe(fleet, m.cluster(), ports.clock().instant()));
        return member.flatMap(m -> analyzer.examine(question(fleet), m.key()))
                .filter(f -> f.code() != AnalysisCode.NO_PROBLEM);
    }

    private FailureAnalyzer.Question question(Fleet fleet) {
        return new FailureAnalyzer.Question(
                fleet,
                ports.intents().get(),
                ports.fences().get(),
                book.testimony(),
                ports.clock().instant());
    }

    private synchronized void plan(Collection<ClusterId> touched) {
        waiting.addAll(touched);
        if (!planned && !waiting.isEmpty()) {
            try {
                thread.execute(this::run);
                planned = true;
            } catch (RejectedExecutionException e) {
                log.debug("closing: nothing is analysed any more");
            }
        }
    }

    private synchronized Set<ClusterId> take() {
        Set<ClusterId> taken = Set.copyOf(waiting);
        waiting.clear();
        planned = false;
        return taken;
    }

    private void run() {
        Set<ClusterId> clusters = take();
        Fleet fleet = ports.view().current();
        for (ClusterId cluster : clusters) {
            try {
                analyse(fleet, cluster);
            } catch (RuntimeException e) {
                log.atError().addKeyValue("cluster", cluster).setCause(e).log("a cluster could not be analysed");
            }
        }
    }

    private void analyse(Fleet fleet, ClusterId cluster) {
        book.observe(fleet, cluster, ports.clock().instant());
        FailureAnalyzer.Question question = question(fleet);
        List<FailureAnalysis> found = analyzer.analyze(question, cluster);
        List<FailureAnalysis> before = findings.getOrDefault(cluster, List.of());
        if (fleet.cluster(cluster).isPresent()) {
            findings.put(cluster, found);
        } else {
            findings.remove(cluster);
        }
        found.forEach(this::tell);
        tellResolved(question, before, found);
        if (ports.leadership().held().isPresent()) {
            refusals.tell(fleet, found);
            suspicions.raise(fleet, cluster);
            act(question, found);
        }
    }

    private void tell(FailureAnalysis finding) {
        AnalysisCode last = told.getOrDefault(finding.instance(), AnalysisCode.NO_PROBLEM);
        if (last != finding.code()) {
            told.put(finding.instance(), finding.code());
            log.atInfo()
                    .addKeyValue("cluster", finding.cluster())
                    .addKeyValue("instance", finding.instance())
                    .addKeyValue("analysis", finding.code())
                    .addKeyValue("before", last)
                    .addKeyValue("evidence", finding.evidence())
                    .log("the finding changed");
            ports.events()
                    .publish(new OrchestratorEvent.AnalysisChanged(ports.clock().instant(), finding));
        }
    }

    private void tellResolved(
            FailureAnalyzer.Question question, List<FailureAnalysis> before, List<FailureAnalysis> found) {
        Set<InstanceKey> still = new HashSet<>();
        found.forEach(f -> still.add(f.instance()));
        for (FailureAnalysis old : before) {
            if (!still.contains(old.instance())) {
                analyzer.examine(question, old.instance())
                        .ifPresentOrElse(this::tell, () -> told.remove(old.instance()));
            }
        }
    }

    private void act(FailureAnalyzer.Question question, List<FailureAnalysis> found) {
        found.forEach(f -> confirmer.consider(question, f));
        List<FailureAnalysis> actionable = new ArrayList<>();
        for (FailureAnalysis finding : found) {
            // A receiver restarted by us must not start again under a recovery that has stopped it.
            if (finding.actionable() && !confirmer.isRestarting(finding.instance())) {
                actionable.add(finding);
            }
        }
        if (!actionable.isEmpty()) {
            handler.handle(List.copyOf(actionable));
        }
    }

    /** Ends the analysis and what is under way to confirm doubts. */
    @Override
    public void close() {
        thread.shutdown();
        confirmer.close();
    }
}
