package dev.orchestrator.servlet.internal.json;

import dev.orchestrator.api.Downtime;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.analysis.StructureWarning;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Topology;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.standalone.text.ClusterFilterTexts;
import dev.orchestrator.standalone.text.InstanceView;
import dev.orchestrator.standalone.text.Timestamps;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The fields the web page shows, of our own shape: clusters as trees, what is wrong, what was done. */
public final class LiveJson implements Json {
    private final ShapeSource snapshot;
    private final List<FailureAnalysis> analyses;
    private final List<Told> recoveries;
    private final Function<InstanceKey, Optional<Decision>> decisions;

    /**
     * A recovery with its steps.
     *
     * @param recovery the recovery
     * @param steps its steps, empty when they are not shown
     */
    public record Told(RecoveryRecord recovery, List<RecoveryStepRecord> steps) {
        /** Copies the steps. */
        public Told {
            steps = List.copyOf(steps);
        }
    }

    /**
     * Makes it.
     *
     * @param snapshot the snapshot
     * @param analyses what is wrong
     * @param recoveries what was done, the newest first
     * @param decisions what was decided last about an instance
     */
    public LiveJson(
            ShapeSource snapshot,
            List<FailureAnalysis> analyses,
            List<Told> recoveries,
            Function<InstanceKey, Optional<Decision>> decisions) {
        this.snapshot = snapshot;
        this.analyses = List.copyOf(analyses);
        this.recoveries = List.copyOf(recoveries);
        this.decisions = decisions;
    }

    @Override
    public void writeTo(JsonOut out) throws IOException {
        List<Cluster> clusters = snapshot.fleet().clusters().stream()
                .sorted(Comparator.comparing(Cluster::alias).thenComparing(Cluster::name))
                .toList();
        out.time("Now", snapshot.now())
                .bool("RecoveriesEnabled", snapshot.intents().recoveriesEnabled())
                .bool("ObserveOnly", snapshot.config().observeOnly())
                .field("RecoveryForbiddenBy", Json.texts(snapshot.config().recoveryForbiddenBy()))
                .field("Clusters", Json.list(clusters, this::cluster))
                .field("Recoveries", Json.list(recoveries, LiveJson::recovery));
    }

    private Json cluster(Cluster cluster) {
        List<Json> rows = new ArrayList<>();
        snapshot.fleet().topology(cluster).roots().forEach(root -> rows(root, root.coPrimary() ? 1 : 0, rows));
        List<FailureAnalysis> wrong =
                analyses.stream().filter(a -> a.cluster().equals(cluster.id())).toList();
        return Json.object(out -> out.text("Name", cluster.name())
                .text("Alias", cluster.alias())
                .text(
                        "Primary",
                        cluster.primary() == null ? "" : cluster.primary().toString())
                .bool("Automated", ClusterFilterTexts.match(snapshot.config().primaryRecoveryFilters(), cluster))
                .field("Instances", Json.list(rows, row -> row))
                .field("Analyses", Json.list(wrong, this::analysis)));
    }

    private void rows(Topology.Node node, int depth, List<Json> rows) {
        rows.add(instance(node.member(), depth));
        node.replicas().forEach(replica -> rows(replica, depth + 1, rows));
    }

    private Json instance(FleetMember member, int depth) {
        InstanceView view = snapshot.view(member);
        Optional<Instance> facts = member.facts();
        Instant seen = member.lastSeen();
        return Json.object(out -> out.text("Key", member.key().toString())
                .text("Alias", facts.map(Instance::instanceAlias).orElse(""))
                .number("Depth", depth)
                .text("Status", view.statusText())
                .text("Lag", view.lagText())
                .bool("Replica", view.channel().isPresent())
                .bool("Writable", facts.map(Instance::isWritable).orElse(false))
                .bool("SuperReadOnly", facts.map(Instance::superReadOnly).orElse(false))
                .text("Version", facts.map(i -> i.version().text()).orElse(""))
                .text("Format", facts.map(LiveJson::format).orElse(""))
                .bool("Gtid", facts.map(InstanceView::supportsOracleGtid).orElse(false))
                .number("ErrantCount", facts.map(i -> i.errantGtids().count()).orElse(0L))
                .text("Errant", facts.map(i -> i.errantGtids().toString()).orElse(""))
                .bool(
                        "SemiSyncSource",
                        facts.map(i -> i.semiSync().sourceActive()).orElse(false))
                .bool(
                        "SemiSyncReplica",
                        facts.map(i -> i.semiSync().replicaActive()).orElse(false))
                .text("PromotionRule", view.promotionRule().text())
                .text("Fence", facts.map(i -> fence(i.serverUuid())).orElse(""))
                .text("Downtime", view.downtime().map(Downtime::reason).orElse(""))
                .field("Problems", Json.texts(view.problems()))
                .field(
                        "Limitations",
                        Json.texts(facts.map(Instance::limitations).orElse(List.of())))
                .text(
                        "Failure",
                        member.failure() == null ? "" : member.failure().message())
                .number(
                        "SeenSecondsAgo",
                        seen == null
                                ? -1
                                : Duration.between(seen, snapshot.now()).toSeconds()));
    }

    /** How far the fence of a former primary has come; empty for a server without one. */
    private String fence(String serverUuid) {
        return snapshot.fences().stream()
                .filter(f -> f.serverUuid().equals(serverUuid))
                .findFirst()
                .map(f -> f.state().name().toLowerCase(Locale.ROOT) + (f.note().isEmpty() ? "" : ": " + f.note()))
                .orElse("");
    }

    private static String format(Instance instance) {
        return instance.binlogEnabled() ? instance.binlogFormat() : "nobinlog";
    }

    private Json analysis(FailureAnalysis a) {
        // What was decided about another problem of the instance is history, and stands with the recoveries.
        Optional<Decision> decision = decisions
                .apply(a.instance())
                .filter(d -> d.analysis() != null && d.analysis().code() == a.code());
        return Json.object(out -> out.text("Instance", a.instance().toString())
                .text(
                        "Code",
                        a.code() == AnalysisCode.NO_PROBLEM ? "" : a.code().compatibleName())
                .text("Description", a.code().description())
                .bool("Actionable", a.actionable())
                .bool("Downtimed", a.downtimed())
                .field("Warnings", Json.list(a.warnings(), (StructureWarning w) -> Json.of(w.compatibleName())))
                .field("Evidence", Json.texts(a.evidence()))
                .text(
                        "Decision",
                        decision.map(d -> d.refusal().map(RecordsJson::refusal).orElse("recovery goes ahead"))
                                .orElse("")));
    }

    private static Json recovery(Told told) {
        RecoveryRecord r = told.recovery();
        return Json.object(out -> out.text("Uid", r.uid())
                .text("Cluster", r.clusterAlias().isEmpty() ? r.clusterName() : r.clusterAlias())
                .text("Analysis", r.type().compatibleReason(r.analysis()))
                .text("Failed", r.failed().toString())
                .text("Successor", r.successor() == null ? "" : r.successor().toString())
                .bool("Active", r.isActive())
                .bool("Successful", r.successful())
                .bool("Acknowledged", r.acknowledged())
                .text("Actor", r.actor().toString())
                .text("Started", Timestamps.utc(r.startedAt()))
                .field("Marks", Json.list(marks(r), m -> m))
                .text("LossNote", r.lossNote())
                .text("Lost", r.lostGtids() == null ? "" : r.lostGtids().toString())
                .field("Errors", Json.texts(r.errors()))
                .field("Steps", Json.list(told.steps(), LiveJson::step)));
    }

    /** The moments of a recovery, in milliseconds after the first sign of the failure. */
    private static List<Json> marks(RecoveryRecord r) {
        List<Json> marks = new ArrayList<>();
        Instant from = r.detectedAt() == null ? r.startedAt() : r.detectedAt();
        mark(marks, "detected", from, r.detectedAt());
        mark(marks, "confirmed", from, r.confirmedAt());
        mark(marks, "decided", from, r.startedAt());
        mark(marks, "promoted", from, r.promotedAt());
        mark(marks, "first write", from, r.firstWriteAt());
        mark(marks, "repointed", from, r.repointedAt());
        mark(marks, "ended", from, r.endedAt());
        return marks;
    }

    private static void mark(List<Json> marks, String name, Instant from, @Nullable Instant at) {
        if (at != null) {
            marks.add(Json.object(out -> out.text("Name", name)
                    .number("Millis", Duration.between(from, at).toMillis())));
        }
    }

    private static Json step(RecoveryStepRecord step) {
        return Json.object(out -> out.text("At", Timestamps.millis(step.at()))
                .text("Phase", step.phase())
                .text("Instance", step.instance() == null ? "" : step.instance().toString())
                .text("Description", step.description())
                .text("State", step.state().name())
                .text("Result", step.result())
                .number("Millis", step.duration().toMillis()));
    }
}
