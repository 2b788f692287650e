package dev.orchestrator.engine.internal.core.analysis;

import dev.orchestrator.api.analysis.ReplicaCounts;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Counts the replicas of one server, in one pass: that is done for each server after each reading of its cluster. */
final class ReplicaTally {
    private final AnalysisPolicy policy;
    private final Instant oldestReading;
    private final Set<String> versions = new HashSet<>();
    private int total;
    private int reachable;
    private int replicating;
    private int failing;
    private int lagging;
    private int delayed;
    private int downtimed;
    private int logging;
    private int statements;
    private int mixed;
    private int rows;
    private int acknowledging;

    ReplicaTally(AnalysisPolicy policy, Instant now) {
        this.policy = policy;
        this.oldestReading = now.minus(policy.readingLimit());
    }

    void add(FleetMember replica, boolean isDowntimed) {
        total++;
        downtimed += isDowntimed ? 1 : 0;
        Instance facts = replica.instance();
        if (facts == null || !replica.isReachable()) {
            return;
        }
        reachable++;
        acknowledging += facts.semiSync().replicaEnabled() ? 1 : 0;
        facts.mainChannel().ifPresent(channel -> add(channel, Witnesses.isFresh(replica, oldestReading)));
        if (facts.binlogEnabled() && facts.logReplicaUpdates()) {
            addLogging(facts);
        }
    }

    private void add(ReplicationChannel channel, boolean fresh) {
        boolean receives = channel.receiver() == ReplicationThreadState.RUNNING;
        boolean applies = channel.applier() == ReplicationThreadState.RUNNING;
        replicating += fresh && receives && applies ? 1 : 0;
        failing += channel.receiver() == ReplicationThreadState.CONNECTING ? 1 : 0;
        Duration lag = channel.lag();
        lagging += lag != null && lag.compareTo(policy.lagThreshold()) > 0 ? 1 : 0;
        delayed += channel.configuredDelay().compareTo(Duration.ZERO) > 0 ? 1 : 0;
    }

    private void addLogging(Instance facts) {
        logging++;
        versions.add(facts.version().majorVersion());
        switch (facts.binlogFormat().toUpperCase(Locale.ROOT)) {
            case "STATEMENT" -> statements++;
            case "MIXED" -> mixed++;
            case "ROW" -> rows++;
            default -> {}
        }
    }

    ReplicaCounts counts() {
        return new ReplicaCounts(
                total,
                reachable,
                replicating,
                failing,
                lagging,
                delayed,
                downtimed,
                logging,
                statements,
                mixed,
                rows,
                acknowledging,
                versions.size());
    }
}
