package dev.orchestrator.examples.spring;

import dev.orchestrator.api.LeaderElection;
import dev.orchestrator.api.LeaderElection.Leader;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.api.model.Cluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/**
 * Up as long as this node can do its work, which needs the backend. A cluster with a problem is told but leaves it up: who
 * takes the node away then, or restarts it, takes away what repairs the cluster.
 */
final class OrchestratorHealth implements HealthIndicator {
    private final Orchestrator orchestrator;

    OrchestratorHealth(Orchestrator orchestrator) {
        this.orchestrator = orchestrator;
    }

    @Override
    public Health health() {
        LeaderElection election = orchestrator.leaderElection();
        try {
            return Health.up()
                    .withDetail("backend", orchestrator.backendDescription())
                    .withDetail("standing", election.standing())
                    .withDetail("leader", election.leader().map(Leader::node).orElse("nobody"))
                    .withDetail("clusters", problems())
                    .build();
        } catch (OrchestratorException e) {
            return Health.down(e)
                    .withDetail("backend", orchestrator.backendDescription())
                    .withDetail("code", e.code())
                    .build();
        }
    }

    /** By the cluster's alias; an empty list for a cluster that is as it should be. */
    private Map<String, List<String>> problems() {
        Map<String, List<String>> problems = new TreeMap<>();
        List<FailureAnalysis> findings = orchestrator.analyses();
        for (Cluster cluster : orchestrator.fleet().clusters()) {
            List<String> here = new ArrayList<>();
            for (FailureAnalysis finding : findings) {
                if (finding.cluster().equals(cluster.id()) && finding.code() != AnalysisCode.NO_PROBLEM) {
                    here.add(finding.code() + " at " + finding.instance());
                }
            }
            problems.put(cluster.alias(), here);
        }
        return problems;
    }
}
