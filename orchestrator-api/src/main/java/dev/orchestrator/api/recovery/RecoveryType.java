package dev.orchestrator.api.recovery;

import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.InstanceKey;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of recovery, one row each: which problems it is for, what allows it, what it blocks and how it is told. What
 * it does is bound to the row in the engine. A problem stands in one row at most; one that stands in none has no
 * recovery.
 */
public enum RecoveryType {
    /** A replica is promoted in the place of a dead primary. */
    DEAD_PRIMARY(
            new Problems(
                    EnumSet.of(AnalysisCode.DEAD_PRIMARY, AnalysisCode.DEAD_PRIMARY_AND_SOME_REPLICAS),
                    EnumSet.of(
                            AnalysisCode.UNREACHABLE_PRIMARY, AnalysisCode.UNREACHABLE_PRIMARY_WITH_LAGGING_REPLICAS),
                    EnumSet.of(AnalysisCode.DEAD_PRIMARY_WITHOUT_REPLICAS, AnalysisCode.DEAD_PRIMARY_AND_REPLICAS)),
            new Terms("primary", OrchestratorConfig::primaryRecoveryFilters, BlockScope.CLUSTER, true),
            new Names("recover-dead-master", "MasterRecovery", null),
            "%s is the primary"),
    /** The replicas of a dead intermediate source are moved below another server; nobody is promoted. */
    DEAD_INTERMEDIATE_SOURCE(
            new Problems(
                    EnumSet.of(
                            AnalysisCode.DEAD_INTERMEDIATE_SOURCE,
                            AnalysisCode.DEAD_INTERMEDIATE_SOURCE_AND_SOME_REPLICAS,
                            AnalysisCode.DEAD_INTERMEDIATE_SOURCE_WITH_SINGLE_REPLICA_FAILING_TO_CONNECT,
                            AnalysisCode.ALL_INTERMEDIATE_SOURCE_REPLICAS_FAILING_TO_CONNECT_OR_DEAD),
                    EnumSet.of(
                            AnalysisCode.UNREACHABLE_INTERMEDIATE_SOURCE,
                            AnalysisCode.UNREACHABLE_INTERMEDIATE_SOURCE_WITH_LAGGING_REPLICAS,
                            AnalysisCode.DEAD_INTERMEDIATE_SOURCE_WITH_SINGLE_REPLICA),
                    EnumSet.of(AnalysisCode.DEAD_INTERMEDIATE_SOURCE_AND_REPLICAS)),
            new Terms(
                    "intermediate source", OrchestratorConfig::intermediateRecoveryFilters, BlockScope.INSTANCE, false),
            new Names("recover-dead-intermediate-master", "IntermediateMasterRecovery", null),
            "its replicas replicate from %s"),
    /** A living primary hands over to a replica, by an operator's order only. */
    SWITCHOVER(
            Problems.NONE,
            new Terms("primary", config -> List.of(), BlockScope.NOTHING, true),
            new Names("graceful-master-takeover", "MasterRecovery", "GracefulMasterTakeover"),
            "%s is the primary");

    /** What a recovery that was not acknowledged blocks, so that the next failure is not answered by flapping. */
    public enum BlockScope {
        /** Further recoveries of that scope in the whole cluster. */
        CLUSTER,
        /** Further recoveries of that scope of the same instance. */
        INSTANCE,
        /** Nothing: an operator ordered it, and whatever became of it, a failure after it is one of its own. */
        NOTHING
    }

    /** Why a problem stands in a row. */
    private record Problems(Set<AnalysisCode> recovered, Set<AnalysisCode> unconfirmed, Set<AnalysisCode> hopeless) {
        static final Problems NONE = new Problems(Set.of(), Set.of(), Set.of());

        boolean concern(AnalysisCode code) {
            return recovered.contains(code) || unconfirmed.contains(code) || hopeless.contains(code);
        }
    }

    private record Terms(
            String role, Function<OrchestratorConfig, List<String>> filters, BlockScope scope, boolean promotes) {}

    private record Names(
            String audit, String compatible, @Nullable String order) {}

    private final Problems problems;
    private final Terms terms;
    private final Names names;
    private final String result;

    RecoveryType(Problems problems, Terms terms, Names names, String result) {
        this.problems = problems;
        this.terms = terms;
        this.names = names;
        this.result = result;
    }

    /**
     * The recovery that exists for a problem.
     *
     * @param code the problem
     * @return empty when nothing is done about it
     */
    public static Optional<RecoveryType> recovering(AnalysisCode code) {
        return first(t -> t.problems.recovered.contains(code));
    }

    /**
     * The recovery that a problem belongs to, although it may be unconfirmed or leave nobody to recover with.
     *
     * @param code the problem
     * @return empty when no recovery has to do with it
     */
    public static Optional<RecoveryType> about(AnalysisCode code) {
        return first(t -> t.problems.concern(code));
    }

    private static Optional<RecoveryType> first(Predicate<RecoveryType> which) {
        for (RecoveryType type : values()) {
            if (which.test(type)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /**
     * The problems that it recovers from.
     *
     * @return empty for what is only ordered
     */
    public Set<AnalysisCode> analyses() {
        return Set.copyOf(problems.recovered);
    }

    /**
     * Whether a problem may be one of {@link #analyses()}, but nothing has confirmed it.
     *
     * @param code the problem
     * @return true for the unconfirmed ones of this kind
     */
    public boolean isUnconfirmed(AnalysisCode code) {
        return problems.unconfirmed.contains(code);
    }

    /**
     * Whether a problem of this kind leaves no replica that it could be recovered with.
     *
     * @param code the problem
     * @return true for such a problem
     */
    public boolean leavesNobody(AnalysisCode code) {
        return problems.hopeless.contains(code);
    }

    /**
     * What the failed server was, in words.
     *
     * @return such as {@code intermediate source}
     */
    public String role() {
        return terms.role;
    }

    /**
     * The filters one of which must name a cluster before this is done automatically in it.
     *
     * @param config the configuration
     * @return the filters; none for what is only ordered
     */
    public List<String> filters(OrchestratorConfig config) {
        return terms.filters.apply(config);
    }

    /** What it blocks until it is acknowledged or long enough ago. */
    public BlockScope blockScope() {
        return terms.scope;
    }

    /**
     * Whether its successor is a new primary.
     *
     * @return false when replicas only move below another server
     */
    public boolean promotes() {
        return terms.promotes;
    }

    /**
     * Its type in the audit.
     *
     * @return the predecessor's name
     */
    public String auditType() {
        return names.audit;
    }

    /**
     * Its type in the HTTP API.
     *
     * @return the predecessor's name
     */
    public String compatibleName() {
        return names.compatible;
    }

    /**
     * What it was done for, by the name the HTTP API shows.
     *
     * @param found the problem
     * @return the problem's name, or the order's where an operator's order was the only reason
     */
    public String compatibleReason(AnalysisCode found) {
        return names.order == null ? found.compatibleName() : names.order;
    }

    /**
     * What it was done for, in words.
     *
     * @param found the problem
     * @return a sentence without a full stop
     */
    public String reason(AnalysisCode found) {
        return names.order == null ? found.description() : "Primary hands over to a replica by an operator's order";
    }

    /**
     * What a successful one has reached, in words.
     *
     * @param successor the server that was promoted, or below which replicas were moved
     * @return a sentence without a full stop
     */
    public String result(@Nullable InstanceKey successor) {
        return String.format(result, successor == null ? "nobody" : successor);
    }
}
