package dev.orchestrator.engine.internal.core.detection;

import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.analysis.FailureAnalyzer;
import dev.orchestrator.engine.internal.core.procedure.LivingState;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * All that detection knows; what comes next depends on nothing else. A value: {@link #fold} yields the next one.
 *
 * @param rules how it judges
 * @param now when it was last told something
 * @param waiting clusters that have changed since they were looked at; however often they change, each waits once
 * @param findings what was found last, by cluster
 * @param told what was told last of a server
 * @param refusing the servers that refuse our account, as far as that was told
 * @param signs why sources were suspected
 * @param doubts what is being done about sources in doubt
 * @param closed whether the engine closes
 * @param outbox what is to be done once
 */
public record Detection(
        Rules rules,
        Moment now,
        Set<ClusterId> waiting,
        Map<ClusterId, List<FailureAnalysis>> findings,
        Map<InstanceKey, AnalysisCode> told,
        Set<InstanceKey> refusing,
        Signs signs,
        Doubts doubts,
        boolean closed,
        List<DetectionEffect> outbox)
        implements LivingState<Detection, DetectionEvent, DetectionEffect> {
    /**
     * How it judges.
     *
     * @param analyzer finds what is wrong
     * @param settings how doubts are settled
     */
    public record Rules(FailureAnalyzer analyzer, DoubtSettings settings) {}

    /** Copies the collections. */
    public Detection {
        waiting = Set.copyOf(waiting);
        findings = Map.copyOf(findings);
        told = Map.copyOf(told);
        refusing = Set.copyOf(refusing);
        outbox = List.copyOf(outbox);
    }

    /**
     * Detection that has seen nothing yet.
     *
     * @param rules how it judges
     * @param now the present moment
     * @return the state
     */
    public static Detection begin(Rules rules, Moment now) {
        return new Detection(
                rules, now, Set.of(), Map.of(), Map.of(), Set.of(), Signs.NONE, Doubts.NONE, false, List.of());
    }

    @Override
    public Detection fold(DetectionEvent event) {
        return event.match(new DetectionFold(at(event.at())));
    }

    @Override
    public List<DetectionEffect> next() {
        List<DetectionEffect> effects = new ArrayList<>(outbox);
        // In an order of its own: that of a copied set is another one in each process.
        new TreeSet<>(waiting).forEach(cluster -> effects.add(new DetectionEffect.Look(cluster)));
        doubts.underWay().values().forEach(doubt -> effects.addAll(doubt.wanted(rules.settings(), now.nanos())));
        return effects;
    }

    @Override
    public DetectionEvent woke(Moment at) {
        return new DetectionEvent.Woke(at);
    }

    @Override
    public DetectionEvent begun(DetectionEffect effect, Moment at) {
        return new DetectionEvent.Begun(effect, at);
    }

    @Override
    public DetectionEvent failed(DetectionEffect effect, String why, Moment at) {
        return new DetectionEvent.Failed(effect, why, at);
    }

    /**
     * Whether a receiver is stopped that is to run.
     *
     * @return true until it is known to have been started, or to be somebody else's care
     */
    public boolean isRestarting() {
        return doubts.underWay().values().stream().anyMatch(Doubt::isRestarting);
    }

    private Detection at(Moment moment) {
        return new Detection(rules, moment, waiting, findings, told, refusing, signs, doubts, closed, outbox);
    }

    /** Clusters are to be looked at. */
    Detection changed(Set<ClusterId> clusters) {
        Set<ClusterId> all = new HashSet<>(waiting);
        all.addAll(clusters);
        return closed ? this : waiting(all);
    }

    /** A cluster is being looked at. */
    Detection looking(ClusterId cluster) {
        Set<ClusterId> left = new HashSet<>(waiting);
        left.remove(cluster);
        return waiting(left);
    }

    private Detection waiting(Set<ClusterId> clusters) {
        return new Detection(rules, now, clusters, findings, told, refusing, signs, doubts, closed, outbox);
    }

    Detection with(Map<ClusterId, List<FailureAnalysis>> found, Map<InstanceKey, AnalysisCode> nowTold) {
        return new Detection(rules, now, waiting, found, nowTold, refusing, signs, doubts, closed, outbox);
    }

    Detection with(Signs next, Set<InstanceKey> refuse) {
        return new Detection(rules, now, waiting, findings, told, refuse, next, doubts, closed, outbox);
    }

    Detection with(Doubts next) {
        return new Detection(rules, now, waiting, findings, told, refusing, signs, next, closed, outbox);
    }

    Detection closing() {
        return new Detection(rules, now, Set.of(), findings, told, refusing, signs, doubts.closing(), true, outbox);
    }

    Detection then(DetectionEffect effect) {
        return then(List.of(effect));
    }

    Detection then(List<DetectionEffect> effects) {
        if (effects.isEmpty()) {
            return this;
        }
        List<DetectionEffect> all = new ArrayList<>(outbox);
        all.addAll(effects);
        return outbox(all);
    }

    Detection done(DetectionEffect effect) {
        List<DetectionEffect> left = new ArrayList<>(outbox);
        left.remove(effect);
        return outbox(left);
    }

    private Detection outbox(List<DetectionEffect> effects) {
        return new Detection(rules, now, waiting, findings, told, refusing, signs, doubts, closed, effects);
    }
}
