package dev.orchestrator.engine.internal.core.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryRecordBuilder;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.api.recovery.ServerBefore;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The record of a recovery or switchover, as it is registered: with all that whoever goes on with it needs. */
public final class Records {
    private Records() {}

    /**
     * Who begins it.
     *
     * @param uid its identity
     * @param actor by whose order
     * @param node the node that runs it
     * @param nodeToken the random text of this run of the node
     * @param epoch of the lease it is run under, 0 for an operator's order
     * @param at when
     */
    public record Beginning(String uid, Actor actor, String node, String nodeToken, long epoch, Instant at) {}

    /**
     * Of the recovery of a failed server.
     *
     * @param beginning who begins it
     * @param finding what was found
     * @param detectedAt since when the server does not answer, by the clock that stamps recoveries
     * @param confirmedAt when it was found
     * @param terms who takes part
     * @param fleet the snapshot
     * @return the record
     */
    public static RecoveryRecord ofFailure(
            Beginning beginning,
            FailureAnalysis finding,
            Instant detectedAt,
            Instant confirmedAt,
            Terms terms,
            Fleet fleet) {
        return begun(beginning, finding.code(), terms, fleet)
                .detectedAt(detectedAt)
                .confirmedAt(confirmedAt)
                .build();
    }

    /**
     * Of a switchover.
     *
     * @param beginning who begins it
     * @param terms who takes part
     * @param fleet the snapshot
     * @return the record
     */
    public static RecoveryRecord ofSwitchover(Beginning beginning, Terms terms, Fleet fleet) {
        return begun(beginning, AnalysisCode.NO_PROBLEM, terms, fleet)
                .type(RecoveryType.SWITCHOVER)
                .build();
    }

    /** Of replicas that are left alone nothing is written down: whoever goes on must not put back what was not changed. */
    private static List<ServerBefore> touched(Terms terms) {
        return terms.before().servers().stream()
                .filter(b ->
                        b.key().equals(terms.primary()) || !terms.leftAlone().containsKey(b.key()))
                .toList();
    }

    private static RecoveryRecordBuilder begun(Beginning by, AnalysisCode found, Terms terms, Fleet fleet) {
        FleetMember replaced = fleet.member(terms.primary()).orElseThrow();
        Optional<Cluster> cluster = fleet.cluster(replaced.cluster());
        return RecoveryRecord.builder(by.uid(), replaced.cluster(), found, terms.primary(), by.actor(), by.at())
                .clusterName(cluster.map(Cluster::name).orElse(""))
                .clusterAlias(cluster.map(Cluster::alias).orElse(""))
                .failedUuid(replaced.facts().map(Instance::serverUuid).orElse(""))
                .replicaCount(terms.replicas().size())
                .replicas(terms.replicas())
                .before(touched(terms))
                .node(by.node())
                .nodeToken(by.nodeToken())
                .epoch(by.epoch())
                .gtidsAtDetection(replaced.facts().map(Instance::executedGtids).orElse(null));
    }

    /**
     * The end of a recovery that reached one.
     *
     * @param last all that its procedure knew at its end
     * @param at when that was
     * @return the record
     */
    public static RecoveryRecord ended(State last, Instant at) {
        RecoveryRecord record = last.record();
        boolean successful = last.end() == Effect.End.SUCCEEDED && record.successful();
        return record.toBuilder().successful(successful).endedAt(at).build();
    }

    /**
     * What whoever ordered it is told when its end is not in the backend: it ended as it did, but others do not see it yet.
     *
     * @param ended the record at its end
     * @return the record to be told
     */
    public static RecoveryRecord unwritten(RecoveryRecord ended) {
        List<String> errors = new ArrayList<>(ended.errors());
        errors.add(
                "this end is not in the backend: it did not answer, or somebody else has the recovery now; whoever leads"
                        + " ends it there, do nothing by hand");
        return ended.toBuilder().errors(errors).build();
    }

    /**
     * An entry of the audit trail about a recovery.
     *
     * @param record its record
     * @param instance the server it is about
     * @param actor who acts
     * @param what what happens, as it follows its identity in the sentence
     * @return the entry
     */
    public static AuditEntry audited(RecoveryRecord record, InstanceKey instance, Actor actor, String what) {
        String message = "recovery " + record.uid() + what;
        return new AuditEntry(0, null, record.type().auditType(), instance, record.clusterName(), actor, message);
    }

    /**
     * What came of a recovery.
     *
     * @param ended its record
     * @return for people
     */
    public static String result(RecoveryRecord ended) {
        if (!ended.successful()) {
            return "failed: " + ended.errors();
        }
        String reached = "ended: " + ended.type().result(ended.successor()) + "; replicas not following: "
                + ended.lostReplicas() + ". ";
        return ended.type().promotes() ? reached + ended.lossNote() : reached;
    }

    /**
     * What listeners see of a switchover whose former primary is the primary again: the record itself names nobody.
     *
     * @param record the record
     * @param primary the former primary
     * @return the record with it as the successor
     */
    public static RecoveryRecord fallenBack(RecoveryRecord record, Instance primary) {
        return record.toBuilder()
                .successor(primary.key())
                .successorAlias(primary.instanceAlias())
                .successorUuid(primary.serverUuid())
                .build();
    }

    /**
     * The text by which the locks of a recovery are known.
     *
     * @param uid its identity
     * @param failed the server that is replaced
     * @return for people, and found again by the identity in it
     */
    public static String lockReason(String uid, InstanceKey failed) {
        return "recovery " + uid + " of " + failed;
    }

    /**
     * Why one cannot be registered.
     *
     * @param other the recovery that holds the cluster's slot, null when it is not known
     * @return for people
     */
    public static String busy(@Nullable RecoveryRecord other) {
        return other == null
                ? "another recovery of the cluster is under way"
                : "recovery " + other.uid() + " of " + other.failed() + " is under way since " + other.startedAt();
    }
}
