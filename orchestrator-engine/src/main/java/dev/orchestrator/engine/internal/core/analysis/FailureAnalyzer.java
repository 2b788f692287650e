package dev.orchestrator.engine.internal.core.analysis;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.analysis.StructureWarning;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds what is wrong with the servers of a fleet. Pure: the same snapshot, intent, history and time give the same
 * findings.
 *
 * <p>A source is dead only if it does not answer us and every replica that can be read, read since the failure began,
 * has lost it too: see {@code docs/analyses.md}.
 */
public final class FailureAnalyzer {
    private final AnalysisPolicy policy;

    /**
     * Makes an analyzer.
     *
     * @param policy limits
     */
    public FailureAnalyzer(AnalysisPolicy policy) {
        this.policy = policy;
    }

    /**
     * The limits it goes by.
     *
     * @return the policy
     */
    public AnalysisPolicy policy() {
        return policy;
    }

    /**
     * What is looked at.
     *
     * @param fleet the snapshot
     * @param intents operators' intent
     * @param fences the fences that stand
     * @param history what is known beyond the snapshot
     * @param now the present, by the clock that stamped the readings
     */
    public record Question(Fleet fleet, Intents intents, List<Fence> fences, DetectionHistory history, Instant now) {
        /** Copies the fences. */
        public Question {
            fences = List.copyOf(fences);
        }

        /** A question about a fleet in which no fence stands. */
        public Question(Fleet fleet, Intents intents, DetectionHistory history, Instant now) {
            this(fleet, intents, List.of(), history, now);
        }
    }

    /**
     * Findings of one cluster.
     *
     * @param question what is looked at
     * @param cluster the cluster
     * @return servers with a problem or a warning, the most severe first, then by key; empty for an unknown cluster
     */
    public List<FailureAnalysis> analyze(Question question, ClusterId cluster) {
        List<FailureAnalysis> findings = new ArrayList<>();
        SituationReader reader = new SituationReader(question, policy);
        for (FleetMember member : question.fleet().membersOf(cluster)) {
            Examination examination = Examination.of(question, reader, member);
            if (!examination.isQuiet()) {
                findings.add(examination.finding(question));
            }
        }
        findings.sort(Comparator.comparingInt((FailureAnalysis f) -> ProblemRules.severity(f.code()))
                .thenComparing(FailureAnalysis::instance));
        return findings;
    }

    /**
     * Findings of all clusters.
     *
     * @param question what is looked at
     * @return as {@link #analyze(Question, ClusterId)}, cluster by cluster
     */
    public List<FailureAnalysis> analyze(Question question) {
        return question.fleet().clusters().stream()
                .map(Cluster::id)
                .flatMap(id -> analyze(question, id).stream())
                .toList();
    }

    /**
     * The finding about one server, whether or not it has a problem.
     *
     * @param question what is looked at
     * @param key any of the server's keys
     * @return empty when it is not in the fleet
     */
    public Optional<FailureAnalysis> examine(Question question, InstanceKey key) {
        return question.fleet()
                .member(key)
                .map(m -> Examination.of(question, new SituationReader(question, policy), m)
                        .finding(question));
    }

    /** What the tables say of one server. Most servers are well: of those nothing is written down. */
    private record Examination(
            Situation situation,
            List<FleetMember> replicas,
            Optional<ProblemRule> rule,
            List<StructureWarning> warnings) {
        static Examination of(Question question, SituationReader reader, FleetMember member) {
            List<FleetMember> replicas = question.fleet().replicasOf(member.key());
            Situation situation = reader.read(member, replicas);
            return new Examination(
                    situation,
                    replicas,
                    ProblemRules.first(situation),
                    StructureRules.warnings(situation, new StructureRules.Surroundings(replicas, reader.downtimed())));
        }

        boolean isQuiet() {
            return rule.isEmpty() && warnings.isEmpty();
        }

        FailureAnalysis finding(Question question) {
            FleetMember member = situation.member();
            AnalysisCode code = rule.map(ProblemRule::code).orElse(AnalysisCode.NO_PROBLEM);
            return new FailureAnalysis(
                    code,
                    member.key(),
                    situation.source(),
                    member.cluster(),
                    situation.isPrimary(),
                    situation.isCoPrimary(),
                    member.isReachable(),
                    isActionable(code, situation),
                    situation.downtimed() || coveredByReplicas(rule, situation),
                    situation.depth(),
                    situation.counts(),
                    keys(replicas),
                    warnings,
                    isQuiet() ? List.of() : Evidence.of(situation, replicas, question.history()));
        }
    }

    private static List<InstanceKey> keys(List<FleetMember> replicas) {
        List<InstanceKey> keys = new ArrayList<>(replicas.size());
        replicas.forEach(r -> keys.add(r.key()));
        return keys;
    }

    /** Whose place is taken is not replaced again; but replicas that it left behind are moved all the same. */
    private static boolean isActionable(AnalysisCode code, Situation situation) {
        return RecoveryType.recovering(code)
                .filter(type -> !situation.superseded() || !type.promotes())
                .isPresent();
    }

    private static boolean coveredByReplicas(Optional<ProblemRule> rule, Situation situation) {
        return rule.map(ProblemRule::aboutReplicas).orElse(false)
                && situation.replicas() > 0
                && situation.counts().downtimed() == situation.replicas();
    }

    /** Whether the facts say that no ordinary client can write there. */
    static boolean isWritable(FleetMember member) {
        return member.facts().map(Instance::isWritable).orElse(false);
    }
}
