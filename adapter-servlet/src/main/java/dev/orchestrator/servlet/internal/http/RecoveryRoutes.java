package dev.orchestrator.servlet.internal.http;

import static dev.orchestrator.servlet.internal.http.Route.order;
import static dev.orchestrator.servlet.internal.http.Route.read;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryOutcome;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryRequest;
import dev.orchestrator.servlet.internal.json.AnalysisJson;
import dev.orchestrator.servlet.internal.json.Json;
import dev.orchestrator.servlet.internal.json.JsonOut;
import dev.orchestrator.servlet.internal.json.RecordsJson;
import dev.orchestrator.standalone.text.InstanceNames;
import dev.orchestrator.standalone.text.Timestamps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is wrong, what was done, what would be done, and doing it. */
final class RecoveryRoutes {
    private static final Duration RECENTLY = Duration.ofMinutes(5);

    private RecoveryRoutes() {}

    static List<Route> all() {
        List<Route> routes = new ArrayList<>(List.of(
                read("replication-analysis", c -> analyses(c, a -> true)),
                read("replication-analysis/instance/:host/:port", c -> {
                    InstanceKey key = c.instanceForReading().key();
                    return analyses(c, a -> a.instance().equals(key));
                }),
                read("replication-analysis/:clusterName", c -> {
                    Cluster cluster = c.clusterForReading("clusterName");
                    return analyses(c, a -> a.cluster().equals(cluster.id()));
                }),
                read("recovery-plan/:host/:port", RecoveryRoutes::plan),
                read("recovery-plan/:host/:port/:candidateHost/:candidatePort", RecoveryRoutes::plan),
                read("last-decision/:host/:port", RecoveryRoutes::lastDecision),
                order("disable-global-recoveries", c -> switchRecoveries(c, false)),
                order("enable-global-recoveries", c -> switchRecoveries(c, true)),
                read("check-global-recoveries", RecoveryRoutes::checkRecoveries),
                read("automated-recovery-filters", RecoveryRoutes::filters),
                read("blocked-recoveries", c -> blocked(c, null)),
                read("blocked-recoveries/cluster/:clusterName", c -> blocked(c, c.clusterForReading("clusterName")))));
        for (String name : List.of("recover", "recover-lite")) {
            routes.add(order(name + "/:host/:port", RecoveryRoutes::recover));
            routes.add(order(name + "/:host/:port/:candidateHost/:candidatePort", RecoveryRoutes::recover));
        }
        routes.addAll(remembered());
        routes.addAll(acknowledging());
        return routes;
    }

    private static List<Route> remembered() {
        return List.of(
                read("audit-recovery", c -> recoveries(c, page(c, null, null))),
                read("audit-recovery/:page", c -> recoveries(c, page(c, null, null))),
                read("audit-recovery/id/:id", c -> recoveries(c, byId(c.number("id")))),
                read("audit-recovery/uid/:uid", c -> recoveries(c, RecoveryFilter.byUid(c.text("uid")))),
                read("audit-recovery/cluster/:clusterName", c -> recoveries(c, ofCluster(c, "clusterName"))),
                read("audit-recovery/cluster/:clusterName/:page", c -> recoveries(c, ofCluster(c, "clusterName"))),
                read("audit-recovery/alias/:clusterAlias", c -> recoveries(c, ofCluster(c, "clusterAlias"))),
                read("audit-recovery/alias/:clusterAlias/:page", c -> recoveries(c, ofCluster(c, "clusterAlias"))),
                read(
                        "audit-recovery-steps/:uid",
                        c -> Answer.bare(
                                Json.list(c.orchestrator().recoveries().steps(c.text("uid")), RecordsJson::step))),
                read(
                        "active-cluster-recovery/:clusterName",
                        c -> recoveries(c, ofCluster(c, "clusterName"), r -> r.isActive())),
                read(
                        "recently-active-cluster-recovery/:clusterName",
                        c -> recoveries(c, ofCluster(c, "clusterName"), r -> endedLately(c, r))),
                read("recently-active-instance-recovery/:host/:port", c -> {
                    InstanceKey key = c.instanceForReading().key();
                    return recoveries(
                            c, RecoveryFilter.all(0, 1000), r -> key.equals(r.successor()) && endedLately(c, r));
                }));
    }

    private static List<Route> acknowledging() {
        return List.of(
                order("ack-recovery/cluster/:clusterHint", c -> acknowledgeCluster(c, "clusterHint")),
                order("ack-recovery/cluster/alias/:clusterAlias", c -> acknowledgeCluster(c, "clusterAlias")),
                order("ack-recovery/instance/:host/:port", c -> {
                    // A server that was forgotten since may still have recoveries.
                    InstanceKey key = c.fleet().canonical(c.key());
                    String message = acknowledged(
                            c, new RecoveryFilter(null, null, null, null, key, false, true, 0, 1000), "instance");
                    if (message.isEmpty() && c.fleet().member(key).isEmpty()) {
                        throw InstanceNames.unknown(c.fleet(), key);
                    }
                    return Answer.ok(message.isEmpty() ? nothing("of " + key) : message, JsonOut.key(key));
                }),
                order("ack-recovery/uid/:uid", c -> acknowledgeOne(c, RecoveryFilter.byUid(c.text("uid")), "uid")),
                order("ack-recovery/:recoveryId", c -> {
                    String id = c.text("recoveryId");
                    boolean number = id.matches("\\d{1,18}");
                    RecoveryFilter one = number ? byId(Long.parseLong(id)) : RecoveryFilter.byUid(id);
                    return acknowledgeOne(c, one, "recoveryId");
                }),
                order("ack-all-recoveries", c -> {
                    String message = acknowledged(
                            c, new RecoveryFilter(null, null, null, null, null, false, true, 0, 100_000), "all");
                    return Answer.ok(message.isEmpty() ? nothing("") : message, Json.of(c.optional("comment")));
                }));
    }

    private static Answer analyses(RouteCall call, Predicate<FailureAnalysis> wanted) {
        List<FailureAnalysis> found = call.orchestrator().analyses().stream()
                .filter(a ->
                        a.code() != AnalysisCode.NO_PROBLEM || !a.warnings().isEmpty())
                .filter(wanted)
                .toList();
        return Answer.ok("Analysis", Json.list(found, a -> AnalysisJson.of(call.snapshot(), a)));
    }

    private static RecoveryRequest request(RouteCall call) {
        InstanceKey failed = call.exactInstance().key();
        InstanceKey candidate = call.has("candidateHost")
                ? InstanceNames.exact(call.fleet(), call.key("candidateHost", "candidatePort"))
                        .key()
                : null;
        return new RecoveryRequest(failed, candidate, call.actor());
    }

    private static Answer plan(RouteCall call) {
        return Answer.ok(
                "Recovery plan",
                RecordsJson.decision(call.snapshot(), call.orchestrator().planRecovery(request(call))));
    }

    private static Answer lastDecision(RouteCall call) {
        return call.orchestrator()
                .lastDecision(call.instanceForReading().key())
                .map(d -> Answer.ok("Last decision", RecordsJson.decision(call.snapshot(), d)))
                .orElseGet(() -> Answer.ok("Nothing was decided about this instance by this node"));
    }

    private static Answer recover(RouteCall call) {
        RecoveryRequest request = request(call);
        RecoveryOutcome outcome = call.orchestrator().recover(request);
        Json failed = JsonOut.key(request.failed());
        RecoveryRecord recovery = outcome.recovery();
        if (recovery == null) {
            String why = outcome.refusal().map(RecordsJson::refusal).orElse("there is nothing to recover");
            return Answer.error("Recovery not attempted: " + why, failed);
        }
        InstanceKey successor = recovery.successor();
        if (successor == null || !outcome.succeeded()) {
            return Answer.error(
                    "Recovery attempted on " + request.failed() + ", but " + outcome.problem() + " (recovery "
                            + recovery.uid() + ")",
                    failed);
        }
        return Answer.ok("Recovery executed on " + request.failed(), JsonOut.key(successor));
    }

    private static Answer switchRecoveries(RouteCall call, boolean enabled) {
        call.orchestrator().recoverySwitch().set(enabled, call.actor());
        return Answer.ok(
                enabled ? "Globally enabled recoveries" : "Globally disabled recoveries",
                Json.of(enabled ? "enabled" : "disabled"));
    }

    private static Answer checkRecoveries(RouteCall call) {
        String state = call.orchestrator().recoverySwitch().isEnabled() ? "enabled" : "disabled";
        return Answer.ok("Global recoveries are " + state, Json.of(state));
    }

    private static Answer filters(RouteCall call) {
        return Answer.ok(
                "Automated recovery configuration details",
                Json.object(java.util.Map.of(
                        "RecoverMasterClusterFilters",
                        Json.texts(call.snapshot().config().primaryRecoveryFilters()),
                        "RecoverIntermediateMasterClusterFilters",
                        Json.texts(call.snapshot().config().intermediateRecoveryFilters()),
                        "RecoveryIgnoreHostnameFilters",
                        Json.texts(List.of()))));
    }

    private static Answer blocked(RouteCall call, @Nullable Cluster only) {
        List<Json> entries = new ArrayList<>();
        for (FailureAnalysis a : call.orchestrator().analyses()) {
            if (!a.actionable() || (only != null && !only.id().equals(a.cluster()))) {
                continue;
            }
            call.orchestrator()
                    .recoveries()
                    .blocking(a)
                    .forEach(r -> entries.add(Json.object(out -> out.field(
                                    "FailedInstanceKey", JsonOut.key(a.instance()))
                            .field(
                                    "ClusterName",
                                    Json.of(call.fleet()
                                            .cluster(a.cluster())
                                            .map(Cluster::name)
                                            .orElse("")))
                            .field("Analysis", Json.of(a.code().compatibleName()))
                            .field(
                                    "LastBlockedTimestamp",
                                    Json.of(Timestamps.utc(call.snapshot().now())))
                            .field("BlockingRecoveryId", Json.of(r.id())))));
        }
        return Answer.bare(Json.list(entries, e -> e));
    }

    private static Answer recoveries(RouteCall call, RecoveryFilter filter) {
        return recoveries(call, filter, r -> true);
    }

    private static Answer recoveries(RouteCall call, RecoveryFilter filter, Predicate<RecoveryRecord> wanted) {
        return Answer.bare(Json.list(
                call.orchestrator().recoveries().find(filter).stream()
                        .filter(wanted)
                        .toList(),
                RecordsJson::recovery));
    }

    private static boolean endedLately(RouteCall call, RecoveryRecord recovery) {
        return recovery.endedAt() != null
                && recovery.endedAt().isAfter(call.snapshot().now().minus(RECENTLY));
    }

    private static RecoveryFilter page(RouteCall call, @Nullable Cluster cluster, @Nullable String clusterName) {
        return new RecoveryFilter(
                null,
                null,
                cluster == null ? null : cluster.id(),
                clusterName,
                null,
                false,
                call.optional("unacknowledged").equals("true"),
                call.offset(),
                call.pageSize());
    }

    private static RecoveryFilter byId(long id) {
        return new RecoveryFilter(null, id, null, null, null, false, false, 0, 1);
    }

    /** By the cluster's lasting identity where it is known; a cluster of old is found by the name it had. */
    private static RecoveryFilter ofCluster(RouteCall call, String parameter) {
        try {
            return page(call, call.clusterForReading(parameter), null);
        } catch (OrchestratorException e) {
            if (e.code() != ErrorCode.UNKNOWN_CLUSTER) {
                throw e;
            }
            return page(call, null, call.text(parameter));
        }
    }

    private static Answer acknowledgeCluster(RouteCall call, String parameter) {
        Cluster cluster = call.exactCluster(parameter);
        String message = acknowledged(
                call, new RecoveryFilter(null, null, cluster.id(), null, null, false, true, 0, 1000), "cluster");
        return Answer.ok(
                message.isEmpty() ? nothing("of cluster " + cluster.name()) : message, Json.of(cluster.name()));
    }

    private static Answer acknowledgeOne(RouteCall call, RecoveryFilter one, String parameter) {
        String id = call.text(parameter);
        int count = acknowledge(call, one);
        if (count == 0 && call.orchestrator().recoveries().find(one).isEmpty()) {
            throw new OrchestratorException(
                    ErrorCode.INVALID_INPUT, "no recovery " + id + " is known; /api/audit-recovery lists them");
        }
        String message = count == 0 ? "Recovery " + id + " was acknowledged before" : "Acknowledged recovery";
        return Answer.ok(message, Json.of(id));
    }

    /** In the predecessor's words, and how many; empty when there was none. */
    private static String acknowledged(RouteCall call, RecoveryFilter filter, String whose) {
        int count = acknowledge(call, filter);
        return count == 0 ? "" : "Acknowledged " + whose + " recoveries: " + count;
    }

    private static String nothing(String whose) {
        return "No recovery " + (whose.isEmpty() ? "" : whose + " ")
                + "waits for an acknowledgement: nothing is changed";
    }

    private static int acknowledge(RouteCall call, RecoveryFilter filter) {
        return call.orchestrator().recoveries().acknowledge(filter, call.actor(), call.optional("comment"));
    }
}
