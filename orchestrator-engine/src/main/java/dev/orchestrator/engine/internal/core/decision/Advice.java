package dev.orchestrator.engine.internal.core.decision;

import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.model.InstanceKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an operator can do about a problem that nothing is done about automatically, one row for each.
 *
 * @param expected what a sound server would show instead
 * @param next what an operator can do, with the commands
 */
record Advice(String expected, String next) {
    private static final Advice LET_IT_ANSWER = new Advice(
            "it answers, or its replicas agree that it is gone",
            "see whether %s lives, and what keeps us and its replicas from it (network, account, connection limit); if it is"
                    + " gone and none of its replicas was connected to it before, nobody can confirm that: compare their"
                    + " GTIDs, and make one the source of the others by hand (relocate, set-writeable)");
    private static final Advice START_REPLICAS = new Advice(
            "at least one of its replicas replicates",
            "see the replicas' errors (their accounts, the network, skipped or purged transactions), mend them and order"
                    + " start-replica for each; until then a failure of %s cannot be recovered without loss");
    private static final Advice MIND_THE_OTHER = new Advice(
            "both of the servers that replicate from each other answer",
            "let writers use only the other one, order relocate for each replica of %s to below that, and bring this one"
                    + " back");
    private static final Advice BRING_BACK = new Advice(
            "it answers, or a replica of it does",
            "bring %s or one of its replicas back; if it is gone for good, rebuild it from a backup, or forget it");
    private static final Advice ENOUGH_ACKNOWLEDGEMENTS = new Advice(
            "as many semi-sync replicas are connected as a commit waits for",
            "bring its semi-sync replicas back (rpl_semi_sync_replica_enabled, then restart-replica), or lower"
                    + " rpl_semi_sync_source_wait_for_replica_count of %s");

    private static final Advice FEWER_ACKNOWLEDGEMENTS = new Advice(
            "no more semi-sync replicas are connected than a commit waits for",
            "switch rpl_semi_sync_replica_enabled off on some replicas of %s and order restart-replica for them");
    private static final Advice WRITABLE = new Advice(
            "the primary of a cluster can be written",
            "see who made it read-only and why; if it shall take writes, order set-writeable -i %s");
    private static final Advice ANOTHER_REPLICA = new Advice(
            "its replica answers",
            "bring the replica back or build a new one: until then nobody can take over from %s; forget the old one if it is"
                    + " gone for good");
    private static final Advice CONNECT = new Advice(
            "its receiver is connected to its source",
            "see the receiver's last error (account, network, name of the source), mend it and order restart-replica -i %s");

    /**
     * What can be done about a problem of a server.
     *
     * @param code the problem; each has its row, or there is nothing to compile
     * @param instance the server
     * @return empty when nothing is wrong, or a recovery does it
     */
    static Optional<Advice> about(AnalysisCode code, InstanceKey instance) {
        return Optional.ofNullable(row(code)).map(row -> new Advice(row.expected, row.next.formatted(instance)));
    }

    private static @Nullable Advice row(AnalysisCode code) {
        return switch (code) {
            case NO_PROBLEM,
                    DEAD_PRIMARY,
                    DEAD_PRIMARY_AND_SOME_REPLICAS,
                    DEAD_INTERMEDIATE_SOURCE,
                    DEAD_INTERMEDIATE_SOURCE_AND_SOME_REPLICAS,
                    DEAD_INTERMEDIATE_SOURCE_WITH_SINGLE_REPLICA_FAILING_TO_CONNECT,
                    ALL_INTERMEDIATE_SOURCE_REPLICAS_FAILING_TO_CONNECT_OR_DEAD -> null;
            case DEAD_PRIMARY_WITHOUT_REPLICAS, DEAD_PRIMARY_AND_REPLICAS, DEAD_INTERMEDIATE_SOURCE_AND_REPLICAS ->
                BRING_BACK;
            case UNREACHABLE_PRIMARY,
                    UNREACHABLE_PRIMARY_WITH_LAGGING_REPLICAS,
                    UNREACHABLE_INTERMEDIATE_SOURCE,
                    UNREACHABLE_INTERMEDIATE_SOURCE_WITH_LAGGING_REPLICAS -> LET_IT_ANSWER;
            case LOCKED_SEMI_SYNC_PRIMARY, LOCKED_SEMI_SYNC_PRIMARY_HYPOTHESIS -> ENOUGH_ACKNOWLEDGEMENTS;
            case DEAD_CO_PRIMARY, DEAD_CO_PRIMARY_AND_SOME_REPLICAS, UNREACHABLE_CO_PRIMARY -> MIND_THE_OTHER;
            case PRIMARY_SINGLE_REPLICA_NOT_REPLICATING,
                    ALL_PRIMARY_REPLICAS_NOT_REPLICATING,
                    ALL_PRIMARY_REPLICAS_NOT_REPLICATING_OR_DEAD,
                    ALL_CO_PRIMARY_REPLICAS_NOT_REPLICATING,
                    ALL_INTERMEDIATE_SOURCE_REPLICAS_NOT_REPLICATING,
                    DEAD_INTERMEDIATE_SOURCE_WITH_SINGLE_REPLICA -> START_REPLICAS;
            case PRIMARY_WITH_TOO_MANY_SEMI_SYNC_REPLICAS -> FEWER_ACKNOWLEDGEMENTS;
            case NO_WRITEABLE_PRIMARY -> WRITABLE;
            case PRIMARY_SINGLE_REPLICA_DEAD -> ANOTHER_REPLICA;
            case FIRST_TIER_REPLICA_FAILING_TO_CONNECT -> CONNECT;
        };
    }

    /** Both, in one sentence. */
    String words() {
        return "expected: " + expected + "; next: " + next;
    }
}
