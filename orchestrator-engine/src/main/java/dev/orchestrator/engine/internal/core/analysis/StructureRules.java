package dev.orchestrator.engine.internal.core.analysis;

import static dev.orchestrator.api.analysis.StructureWarning.*;

import dev.orchestrator.api.analysis.StructureWarning;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.engine.internal.core.candidate.ReplicationFilters;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** The table of structure warnings: every row that holds is told. */
final class StructureRules {
    /**
     * What the rows ask for besides the situation.
     *
     * @param replicas the server's replicas
     * @param downtimed who is in downtime
     */
    record Surroundings(List<FleetMember> replicas, Set<InstanceKey> downtimed) {}

    /**
     * A row.
     *
     * @param warning the weakness
     * @param when holds where it is
     */
    record Row(StructureWarning warning, BiPredicate<Situation, Surroundings> when) {}

    static final List<Row> ROWS = List.of(
            new Row(ACCOUNT_REFUSED, (s, x) -> s.refusesOurAccount()),
            new Row(
                    NO_LOGGING_REPLICAS,
                    (s, x) -> s.isPrimary() && s.replicas() > 1 && s.counts().logging() == 0),
            new Row(
                    NO_FAILOVER_SUPPORT,
                    (s, x) -> s.isPrimary()
                            && s.replicas() > 1
                            && any(x.replicas(), r -> r.isReachable() && !usesGtid(r))),
            new Row(
                    STATEMENT_AND_MIXED_LOGGING_REPLICAS,
                    (s, x) -> s.counts().statementLogging() > 0 && s.counts().mixedLogging() > 0),
            new Row(
                    STATEMENT_AND_ROW_LOGGING_REPLICAS,
                    (s, x) -> s.counts().statementLogging() > 0 && s.counts().rowLogging() > 0),
            new Row(
                    MIXED_AND_ROW_LOGGING_REPLICAS,
                    (s, x) -> s.counts().mixedLogging() > 0 && s.counts().rowLogging() > 0),
            new Row(MULTIPLE_MAJOR_VERSIONS, (s, x) -> s.counts().majorVersions() > 1),
            new Row(
                    ALL_REPLICAS_FILTERED,
                    (s, x) -> s.isPrimary() && s.replicas() > 0 && !any(x.replicas(), r -> !isFiltered(r))),
            new Row(DIFFERENT_GTID_MODES, (s, x) -> any(x.replicas(), r -> isOfAnotherMode(r, s.member()))),
            new Row(
                    ERRANT_GTID,
                    (s, x) ->
                            any(x.replicas(), r -> isErrant(r) && !x.downtimed().contains(r.key()))),
            new Row(NO_WRITEABLE_PRIMARY, (s, x) -> s.isPrimary() && s.isReadOnly() && !s.superseded()),
            new Row(
                    NOT_ENOUGH_SEMI_SYNC_REPLICAS,
                    (s, x) -> s.isPrimary()
                            && s.semiSync(y -> y.sourceEnabled()
                                    && !y.sourceActive()
                                    && y.waitForReplicas() > 0
                                    && y.clients() < y.waitForReplicas())),
            new Row(LEFTOVER_CHANNEL, (s, x) -> s.isPrimary() && hasLeftover(s.member())));

    private StructureRules() {}

    static List<StructureWarning> warnings(Situation situation, Surroundings surroundings) {
        List<StructureWarning> warnings = new ArrayList<>();
        for (Row row : ROWS) {
            if (row.when().test(situation, surroundings)) {
                warnings.add(row.warning());
            }
        }
        return warnings;
    }

    private static boolean any(List<FleetMember> replicas, Predicate<FleetMember> which) {
        for (FleetMember replica : replicas) {
            if (which.test(replica)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFiltered(FleetMember replica) {
        Instance facts = replica.instance();
        return facts != null && !ReplicationFilters.of(facts).isEmpty();
    }

    private static boolean isOfAnotherMode(FleetMember replica, FleetMember source) {
        Instance read = replica.instance();
        Instance above = source.instance();
        return read != null && above != null && !read.gtidMode().equals(above.gtidMode());
    }

    private static boolean hasLeftover(FleetMember primary) {
        Instance facts = primary.instance();
        return facts != null
                && !facts.channels().isEmpty()
                && facts.channels().stream().anyMatch(ReplicationChannel::leftover);
    }

    private static boolean isErrant(FleetMember replica) {
        Instance facts = replica.instance();
        return facts != null && !facts.errantGtids().isEmpty();
    }

    private static boolean usesGtid(FleetMember replica) {
        return replica.facts()
                .flatMap(Instance::mainChannel)
                .filter((ReplicationChannel c) -> c.autoPosition() || c.mariaDbGtid())
                .isPresent();
    }
}
