package dev.orchestrator.engine.internal.core.analysis;

import static dev.orchestrator.api.analysis.AnalysisCode.*;
import static dev.orchestrator.engine.internal.core.analysis.ProblemRule.rule;

import dev.orchestrator.api.analysis.AnalysisCode;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table of problems: the first row that holds is the finding. The order is the predecessor's. */
final class ProblemRules {
    static final List<ProblemRule> ROWS = List.of(
            rule(
                    DEAD_PRIMARY_WITHOUT_REPLICAS,
                    s -> s.isPrimary() && s.isSilent() && s.wasEverSeen() && s.replicas() == 0),
            rule(DEAD_PRIMARY, s -> s.isPrimary() && s.agreed() && s.allReachable()),
            rule(DEAD_PRIMARY_AND_REPLICAS, s -> s.isPrimary() && s.verdict() == ReplicaConsensus.ALL_UNREACHABLE),
            rule(DEAD_PRIMARY_AND_SOME_REPLICAS, s -> s.isPrimary() && s.agreed()),
            rule(UNREACHABLE_PRIMARY_WITH_LAGGING_REPLICAS, s -> s.isPrimary() && s.allLagging()),
            rule(UNREACHABLE_PRIMARY, s -> s.isPrimary() && s.isUnconfirmed()),
            rule(LOCKED_SEMI_SYNC_PRIMARY, s -> s.isPrimary() && s.isShortOfSemiSyncReplicas() && s.standsStill()),
            rule(LOCKED_SEMI_SYNC_PRIMARY_HYPOTHESIS, s -> s.isPrimary() && s.isShortOfSemiSyncReplicas()),
            rule(
                    PRIMARY_WITH_TOO_MANY_SEMI_SYNC_REPLICAS,
                    s -> s.isPrimary()
                            && s.policy().enforceExactSemiSyncReplicas()
                            && s.semiSync(y -> y.sourceEnabled()
                                    && y.sourceActive()
                                    && y.waitForReplicas() > 0
                                    && y.clients() > y.waitForReplicas())),
            rule(
                    NO_WRITEABLE_PRIMARY,
                    s -> s.isPrimary()
                            && s.policy().recoverNonWriteablePrimary()
                            && s.answers()
                            && s.isReadOnly()
                            && s.counts().replicating() > 0),
            rule(
                            PRIMARY_SINGLE_REPLICA_NOT_REPLICATING,
                            s -> s.isPrimary()
                                    && s.answers()
                                    && s.replicas() == 1
                                    && s.allReachable()
                                    && s.noneReplicates())
                    .ofReplicas(),
            rule(
                            PRIMARY_SINGLE_REPLICA_DEAD,
                            s -> s.isPrimary()
                                    && s.answers()
                                    && s.replicas() == 1
                                    && s.counts().reachable() == 0)
                    .ofReplicas(),
            rule(
                            ALL_PRIMARY_REPLICAS_NOT_REPLICATING,
                            s -> s.isPrimary()
                                    && s.answers()
                                    && s.replicas() > 1
                                    && s.allReachable()
                                    && s.noneReplicates())
                    .ofReplicas(),
            rule(
                            ALL_PRIMARY_REPLICAS_NOT_REPLICATING_OR_DEAD,
                            s -> s.isPrimary()
                                    && s.answers()
                                    && s.replicas() > 1
                                    && s.counts().reachable() > 0
                                    && s.noneReplicates())
                    .ofReplicas(),
            rule(DEAD_CO_PRIMARY, s -> s.isCoPrimary() && s.agreed() && s.allReachable()),
            rule(DEAD_CO_PRIMARY_AND_SOME_REPLICAS, s -> s.isCoPrimary() && s.agreed()),
            rule(UNREACHABLE_CO_PRIMARY, s -> s.isCoPrimary() && s.isUnconfirmed()),
            rule(
                            ALL_CO_PRIMARY_REPLICAS_NOT_REPLICATING,
                            s -> s.isCoPrimary() && s.answers() && s.replicas() > 0 && s.noneReplicates())
                    .ofReplicas(),
            rule(
                            DEAD_INTERMEDIATE_SOURCE_WITH_SINGLE_REPLICA_FAILING_TO_CONNECT,
                            s -> s.isReplica() && s.agreed() && s.replicas() == 1)
                    .ofReplicas(),
            rule(
                            DEAD_INTERMEDIATE_SOURCE_WITH_SINGLE_REPLICA,
                            s -> s.isReplica() && s.verdict() == ReplicaConsensus.NOBODY_TRIED && s.replicas() == 1)
                    .ofReplicas(),
            rule(DEAD_INTERMEDIATE_SOURCE, s -> s.isReplica() && s.agreed() && s.allReachable()),
            rule(DEAD_INTERMEDIATE_SOURCE_AND_SOME_REPLICAS, s -> s.isReplica() && s.agreed()),
            rule(
                            DEAD_INTERMEDIATE_SOURCE_AND_REPLICAS,
                            s -> s.isReplica() && s.verdict() == ReplicaConsensus.ALL_UNREACHABLE)
                    .ofReplicas(),
            rule(UNREACHABLE_INTERMEDIATE_SOURCE_WITH_LAGGING_REPLICAS, s -> s.isReplica() && s.allLagging()),
            rule(UNREACHABLE_INTERMEDIATE_SOURCE, s -> s.isReplica() && s.isUnconfirmed()),
            rule(
                            ALL_INTERMEDIATE_SOURCE_REPLICAS_FAILING_TO_CONNECT_OR_DEAD,
                            s -> s.isReplica()
                                    && s.answers()
                                    && s.replicas() > 1
                                    && s.noneReplicates()
                                    && s.counts().failingToConnect() > 0
                                    && s.counts().failingToConnect()
                                            == s.counts().reachable())
                    .ofReplicas(),
            rule(
                            ALL_INTERMEDIATE_SOURCE_REPLICAS_NOT_REPLICATING,
                            s -> s.isReplica() && s.answers() && s.replicas() > 0 && s.noneReplicates())
                    .ofReplicas(),
            rule(
                    FIRST_TIER_REPLICA_FAILING_TO_CONNECT,
                    s -> s.isReplica()
                            && s.answers()
                            && s.depth() == 1
                            && !s.sourceFails()
                            && Witnesses.fails(s.member())));

    private static final Map<AnalysisCode, Integer> SEVERITY = new EnumMap<>(AnalysisCode.class);

    static {
        for (int i = 0; i < ROWS.size(); i++) {
            SEVERITY.put(ROWS.get(i).code(), i);
        }
    }

    private ProblemRules() {}

    static Optional<ProblemRule> first(Situation situation) {
        for (ProblemRule row : ROWS) {
            if (row.when().test(situation)) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    /** The place of a code in the table; codes that are in no row come last. */
    static int severity(AnalysisCode code) {
        return SEVERITY.getOrDefault(code, ROWS.size());
    }
}
