package dev.orchestrator.engine.internal.core.detection;

import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.analysis.StructureWarning;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.analysis.FailureAnalyzer.Question;
import dev.orchestrator.engine.internal.core.procedure.Severity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What each event changes in detection, the time being noted already. */
final class DetectionFold implements DetectionEvent.Cases<Detection> {
    private final Detection timed;

    DetectionFold(Detection timed) {
        this.timed = timed;
    }

    @Override
    public Detection changed(DetectionEvent.Changed e) {
        return timed.changed(e.clusters());
    }

    @Override
    public Detection looked(DetectionEvent.Looked e) {
        if (timed.closed()) {
            return timed;
        }
        ClusterId cluster = e.effect().cluster();
        List<FailureAnalysis> found = timed.rules().analyzer().analyze(e.question(), cluster);
        Detection told =
                Doubting.mended(told(e.question(), cluster, found), e.question().fleet(), cluster);
        return e.leads() ? act(signs(told, e.question().fleet(), cluster, found), e.question(), found) : told;
    }

    /** Each change of a finding is told once. */
    private Detection told(Question question, ClusterId cluster, List<FailureAnalysis> found) {
        boolean exists = question.fleet().cluster(cluster).isPresent();
        List<FailureAnalysis> last = timed.findings().get(cluster);
        if (exists && found.isEmpty() && found.equals(last)) {
            return timed;
        }
        Map<InstanceKey, AnalysisCode> told = new HashMap<>(timed.told());
        List<DetectionEffect> effects = new ArrayList<>();
        found.forEach(f -> tell(f, told, effects));
        Set<InstanceKey> still = new HashSet<>();
        found.forEach(f -> still.add(f.instance()));
        for (FailureAnalysis old : last == null ? List.<FailureAnalysis>of() : last) {
            if (!still.contains(old.instance())) {
                timed.rules()
                        .analyzer()
                        .examine(question, old.instance())
                        .ifPresentOrElse(f -> tell(f, told, effects), () -> told.remove(old.instance()));
            }
        }
        Map<ClusterId, List<FailureAnalysis>> findings = new HashMap<>(timed.findings());
        if (exists) {
            findings.put(cluster, found);
        } else {
            findings.remove(cluster);
        }
        return timed.with(findings, told).then(effects);
    }

    private static void tell(
            FailureAnalysis finding, Map<InstanceKey, AnalysisCode> told, List<DetectionEffect> effects) {
        AnalysisCode last = told.getOrDefault(finding.instance(), AnalysisCode.NO_PROBLEM);
        if (last != finding.code()) {
            told.put(finding.instance(), finding.code());
            effects.add(new DetectionEffect.Tell(finding, last));
        }
    }

    /** Says which servers refuse our account, and when one does no longer; has sources looked at again. */
    private static Detection signs(Detection next, Fleet fleet, ClusterId cluster, List<FailureAnalysis> found) {
        List<DetectionEffect> effects = new ArrayList<>();
        Set<InstanceKey> refusing = new HashSet<>(next.refusing());
        for (FailureAnalysis f : found) {
            if (f.warnings().contains(StructureWarning.ACCOUNT_REFUSED) && refusing.add(f.instance())) {
                effects.add(new DetectionEffect.Note(
                        Severity.WARN,
                        f.cluster(),
                        f.instance(),
                        "a server refuses our account: it can be neither watched nor recovered until the account"
                                + " is made there, or the right one is configured",
                        f.evidence().toString()));
            }
        }
        for (InstanceKey key : new TreeSet<>(refusing)) {
            Optional<FleetMember> member = fleet.member(key);
            if (member.map(FleetMember::failure).isEmpty()) {
                refusing.remove(key);
                effects.add(new DetectionEffect.Note(
                        Severity.INFO,
                        member.map(FleetMember::cluster).orElse(cluster),
                        key,
                        "a server refuses our account no longer",
                        ""));
            }
        }
        Signs seen = next.signs().look(fleet, cluster, effects);
        boolean same = seen == next.signs() && refusing.equals(next.refusing());
        return same ? next.then(effects) : next.with(seen, refusing).then(effects);
    }

    private static Detection act(Detection told, Question question, List<FailureAnalysis> found) {
        Detection next = told;
        for (FailureAnalysis finding : found) {
            next = Doubting.consider(next, question, finding);
        }
        List<FailureAnalysis> actionable = new ArrayList<>();
        for (FailureAnalysis finding : found) {
            Doubt doubt = next.doubts().of(finding.instance());
            if (finding.actionable() && (doubt == null || !doubt.holdsBack())) {
                actionable.add(finding);
            }
        }
        return actionable.isEmpty() ? next : next.then(new DetectionEffect.HandOn(actionable));
    }

    @Override
    public Detection begun(DetectionEvent.Begun e) {
        DetectionEffect effect = e.effect();
        if (effect instanceof DetectionEffect.Look look) {
            return timed.looking(look.cluster());
        }
        Doubt doubt = Doubting.of(timed, effect);
        return doubt == null ? timed.done(effect) : timed.with(timed.doubts().with(doubt.begun(effect)));
    }

    @Override
    public Detection probed(DetectionEvent.Probed e) {
        return Doubting.probed(timed, e);
    }

    @Override
    public Detection refreshed(DetectionEvent.Refreshed e) {
        return Doubting.refreshed(timed, e.effect());
    }

    @Override
    public Detection restarted(DetectionEvent.Restarted e) {
        return Doubting.restarted(timed, e);
    }

    @Override
    public Detection startedAgain(DetectionEvent.StartedAgain e) {
        return Doubting.startedAgain(timed, e);
    }

    @Override
    public Detection failed(DetectionEvent.Failed e) {
        DetectionEffect effect = e.effect();
        if (effect instanceof DetectionEffect.Probe probe) {
            return Doubting.probed(timed, new DetectionEvent.Probed(probe, Optional.empty(), e.at()));
        }
        if (effect instanceof DetectionEffect.Refresh refresh) {
            return Doubting.refreshed(timed, refresh);
        }
        if (effect instanceof DetectionEffect.Restart restart) {
            return Doubting.restarted(
                    timed, new DetectionEvent.Restarted(restart, DetectionEvent.Answer.NOT_DONE, e.words(), 0, e.at()));
        }
        if (effect instanceof DetectionEffect.StartAgain start) {
            return Doubting.startedAgain(
                    timed, new DetectionEvent.StartedAgain(start, DetectionEvent.Answer.FAILED, e.words(), e.at()));
        }
        return timed;
    }

    @Override
    public Detection woke(DetectionEvent.Woke e) {
        return timed;
    }

    @Override
    public Detection closed(DetectionEvent.Closed e) {
        return timed.closing();
    }
}
