package dev.orchestrator.servlet.internal.json;

import static dev.orchestrator.api.model.channel.BinlogCoordinates.Type.BINARY;

import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.RunningChange;
import dev.orchestrator.api.operation.ServerResult;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.Plan;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.standalone.text.Timestamps;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** What is remembered - recoveries, steps, audit, locks - in the predecessor's shapes; decisions in our own. */
public final class RecordsJson {
    private RecordsJson() {}

    /**
     * A recovery in the shape TopologyRecovery.
     *
     * @param r the recovery
     * @return the object
     */
    public static Json recovery(RecoveryRecord r) {
        return Json.object(out -> out.number("Id", r.id())
                .text("UID", r.uid())
                .field("AnalysisEntry", AnalysisJson.of(r))
                .key("SuccessorKey", r.successor())
                .text("SuccessorAlias", r.successorAlias())
                .field(
                        "SuccessorBinlogCoordinates",
                        r.successorCoordinates() == null
                                ? Json.NULL
                                : JsonOut.coordinates(r.successorCoordinates(), BINARY))
                .bool("IsActive", r.isActive())
                .bool("IsSuccessful", r.successful())
                .keys("LostReplicas", r.lostReplicas())
                .keys("ParticipatingInstanceKeys", r.participants())
                .field("AllErrors", Json.texts(r.errors().isEmpty() ? List.of("") : r.errors()))
                .time("RecoveryStartTimestamp", r.startedAt())
                .time("RecoveryEndTimestamp", r.endedAt())
                .text("ProcessingNodeHostname", r.node())
                .text("ProcessingNodeToken", r.nodeToken())
                .bool("Acknowledged", r.acknowledged())
                .time("AcknowledgedAt", r.acknowledgedAt())
                .text("AcknowledgedBy", r.acknowledgedBy())
                .text("AcknowledgedComment", r.acknowledgedComment())
                .number("LastDetectionId", 0)
                .number("RelatedRecoveryId", 0)
                .text("Type", "")
                .text("RecoveryType", r.type().compatibleName()));
    }

    /**
     * A running change, in a shape of our own.
     *
     * @param r the change
     * @return the object
     */
    public static Json running(RunningChange r) {
        return Json.object(out -> out.text("UID", r.uid())
                .text("Kind", r.kind())
                .text("Description", r.description())
                .keys("InstanceKeys", r.instances())
                .text("Actor", r.actor().toString())
                .text("ProcessingNodeHostname", r.node())
                .text("ProcessingNodeToken", r.nodeToken())
                .time("StartTimestamp", r.since())
                .text("Phase", r.phase())
                .bool("ProcessIsSilent", r.silent())
                .text("CancelledBy", cancelled(r, c -> c.by().toString()).orElse(""))
                .time(
                        "CancelledAt",
                        cancelled(r, RunningChange.Cancellation::at).orElse(null))
                .text("CancelOutcome", r.cancelOutcome().map(Enum::name).orElse("")));
    }

    private static <T> Optional<T> cancelled(RunningChange r, Function<RunningChange.Cancellation, T> part) {
        return Optional.ofNullable(r.cancellation()).map(part);
    }

    /**
     * What an operation did to a server, in a shape of our own.
     *
     * @param r the result
     * @return the object
     */
    public static Json result(ServerResult r) {
        return Json.object(out -> out.key("Key", r.server())
                .text("Ending", r.ending().name().toLowerCase(Locale.ROOT))
                .field("Done", Json.texts(r.done()))
                .text("Why", r.why())
                .key("MasterKey", r.source()));
    }

    /**
     * A step of a recovery.
     *
     * @param step the step
     * @return the object
     */
    public static Json step(RecoveryStepRecord step) {
        return Json.object(out -> out.number("Id", step.number())
                .text("RecoveryUID", step.recoveryUid())
                .time("AuditAt", step.at())
                .text("Message", stepText(step)));
    }

    /**
     * A step as one sentence.
     *
     * @param step the step
     * @return the sentence
     */
    public static String stepText(RecoveryStepRecord step) {
        String text = Timestamps.millis(step.at()) + " " + step.phase() + ": "
                + (step.instance() == null ? "" : step.instance() + ": ") + step.description();
        return switch (step.state()) {
            case NOTE -> text + (step.result().isEmpty() ? "" : ": " + step.result());
            case RUNNING -> text + " ...";
            case DONE, FAILED, SKIPPED ->
                text + " - " + step.state().name().toLowerCase(java.util.Locale.ROOT)
                        + (step.result().isEmpty() ? "" : ": " + step.result()) + " ("
                        + step.duration().toMillis() + " ms)";
        };
    }

    /**
     * An audit entry.
     *
     * @param entry the entry
     * @return the object
     */
    public static Json audit(AuditEntry entry) {
        return Json.object(out -> out.number("AuditId", entry.id())
                .time("AuditTimestamp", entry.at())
                .text("AuditType", entry.type())
                .key("AuditInstanceKey", entry.instance())
                .text("Message", entry.message()));
    }

    /**
     * A maintenance lock.
     *
     * @param lock the lock
     * @return the object
     */
    public static Json maintenance(LockInfo lock) {
        return Json.object(out -> out.number("MaintenanceId", lock.id())
                .key("Key", lock.instance())
                .time("BeginTimestamp", lock.since())
                .number("SecondsElapsed", lock.age().toSeconds())
                .bool("IsActive", true)
                .text("Owner", lock.owner().who())
                .text("Reason", lock.reason()));
    }

    /**
     * A decision in our own shape: what was found, every gate, and the plan.
     *
     * @param snapshot the snapshot
     * @param decision the decision
     * @return the object
     */
    public static Json decision(ShapeSource snapshot, Decision decision) {
        return Json.object(out -> out.field(
                        "Analysis",
                        decision.analysis() == null ? Json.NULL : AnalysisJson.of(snapshot, decision.analysis()))
                .field(
                        "Evidence",
                        Json.texts(
                                decision.analysis() == null
                                        ? List.of()
                                        : decision.analysis().evidence()))
                .text("Refusal", decision.refusal().map(RecordsJson::refusal).orElse(""))
                .field("Gates", Json.list(decision.verdicts(), RecordsJson::gate))
                .field("Plan", decision.plan() == null ? Json.NULL : plan(decision.plan())));
    }

    /**
     * Why nothing is done, in one sentence.
     *
     * @param verdict the verdict that refused
     * @return the reason and the facts
     */
    public static String refusal(GateVerdict verdict) {
        return verdict.refusal() + (verdict.facts().isEmpty() ? "" : ": " + verdict.facts());
    }

    private static Json gate(GateVerdict verdict) {
        return Json.object(out -> out.text("Gate", verdict.gate())
                .bool("Passed", verdict.passed())
                .text(
                        "Refusal",
                        verdict.refusal() == null ? "" : verdict.refusal().name())
                .text("Facts", verdict.facts()));
    }

    private static Json plan(Plan plan) {
        return Json.object(out -> out.text("Title", plan.title())
                .field("Stages", Json.list(plan.stages(), RecordsJson::stage))
                .field("Notes", Json.texts(plan.notes())));
    }

    private static Json stage(Plan.Stage stage) {
        return Json.object(
                out -> out.text("Name", stage.name()).field("Steps", Json.list(stage.steps(), RecordsJson::planStep)));
    }

    private static Json planStep(PlanStep step) {
        return Json.object(out -> out.key("Instance", step.instance())
                .text("Description", step.command().describe())
                .number("TimeoutMilliseconds", step.timeout().toMillis())
                .bool("Required", step.required())
                .bool("Irreversible", step.irreversible()));
    }
}
