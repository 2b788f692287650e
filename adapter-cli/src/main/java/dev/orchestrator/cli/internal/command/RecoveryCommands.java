package dev.orchestrator.cli.internal.command;

import static dev.orchestrator.cli.internal.command.Command.once;
import static dev.orchestrator.cli.internal.command.Command.perInstance;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.analysis.StructureWarning;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryOutcome;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryRequest;
import dev.orchestrator.standalone.text.PlanText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** CommandTable about failures and recoveries. */
final class RecoveryCommands {
    private static final Logger LOG = LoggerFactory.getLogger(RecoveryCommands.class);

    private static final String SECTION = "Recovery";

    private RecoveryCommands() {}

    static List<Command> all() {
        return List.of(
                once(SECTION, "replication-analysis", "what is wrong", RecoveryCommands::analysis),
                perInstance(
                        SECTION,
                        "recover",
                        "recover a dead instance; -d chooses the successor",
                        RecoveryCommands::recover),
                perInstance(SECTION, "recover-lite", "recover without hooks", RecoveryCommands::recover),
                perInstance(SECTION, "recovery-plan", "what recover would do, and why", RecoveryCommands::plan),
                once(
                        SECTION,
                        "ack-all-recoveries",
                        "acknowledge all recoveries: -reason",
                        c -> acknowledge(c, RecoveryFilter.all(0, Integer.MAX_VALUE))),
                once(
                        SECTION,
                        "ack-cluster-recoveries",
                        "acknowledge a cluster's recoveries: -reason",
                        c -> acknowledge(c, of(c.cluster(), null))),
                perInstance(
                        SECTION,
                        "ack-instance-recoveries",
                        "acknowledge an instance's recoveries: -reason",
                        c -> acknowledge(c, of(null, c.exactInstance()))),
                once(SECTION, "disable-global-recoveries", "stop all automatic recoveries", c -> {
                    c.orchestrator().recoverySwitch().set(false, c.actor());
                    c.print("OK: Orchestrator recoveries DISABLED globally");
                }),
                once(SECTION, "enable-global-recoveries", "allow automatic recoveries again", c -> {
                    c.orchestrator().recoverySwitch().set(true, c.actor());
                    c.print("OK: Orchestrator recoveries ENABLED globally");
                }),
                once(
                        SECTION,
                        "check-global-recoveries",
                        "whether automatic recoveries are stopped",
                        c -> c.print("OK: Global recoveries disabled: "
                                + !c.orchestrator().recoverySwitch().isEnabled())));
    }

    private static void analysis(CommandCall call) {
        call.orchestrator().analyses().stream()
                .filter(a -> !a.downtimed())
                .sorted(Comparator.comparing(FailureAnalysis::instance))
                .forEach(a -> {
                    List<String> codes = codes(a);
                    if (!codes.isEmpty()) {
                        String cluster = call.fleet()
                                .cluster(a.cluster())
                                .map(Cluster::name)
                                .orElse("");
                        call.print(a.instance() + " (cluster " + cluster + "): " + String.join(", ", codes));
                    }
                });
    }

    private static List<String> codes(FailureAnalysis analysis) {
        List<String> codes = new ArrayList<>();
        if (analysis.code() != AnalysisCode.NO_PROBLEM) {
            codes.add(analysis.code().compatibleName());
        }
        analysis.warnings().stream()
                .map(StructureWarning::compatibleName)
                .filter(name -> !codes.contains(name))
                .forEach(codes::add);
        return codes;
    }

    private static void recover(CommandCall call) {
        RecoveryRequest request = request(call);
        if (call.isOn("noop")) {
            plan(call);
            return;
        }
        RecoveryOutcome outcome = call.orchestrator().recover(request);
        RecoveryRecord recovery = outcome.recovery();
        if (recovery == null) {
            outcome.refusal()
                    .filter(v -> v.refusal() != dev.orchestrator.api.plan.RefusalReason.NO_PROBLEM)
                    .ifPresent(v -> {
                        throw new OrchestratorException(
                                ErrorCode.REFUSED,
                                "recovery of " + request.failed() + " not attempted: " + v.gate() + ": " + v.facts());
                    });
            return;
        }
        if (!outcome.succeeded() || recovery.successor() == null) {
            throw new OrchestratorException(
                    ErrorCode.COMMAND_FAILED,
                    "recovery " + recovery.uid() + " of " + request.failed() + " was attempted; " + outcome.problem());
        }
        call.print(recovery.successor());
        showWhereNobodyPolls(call, recovery);
    }

    /**
     * Where no service polls, nobody else would tell the backend what the topology looks like now. How the recovery ended
     * does not depend on that.
     */
    private static void showWhereNobodyPolls(CommandCall call, RecoveryRecord recovery) {
        try {
            if (call.orchestrator().leaderElection().leader().isEmpty()) {
                recovery.replicas().forEach(replica -> readAgain(call, replica));
            }
        } catch (OrchestratorException e) {
            LOG.atWarn().setCause(e).log("what the recovery changed is not shown to others before the next poll");
        }
    }

    private static void readAgain(CommandCall call, InstanceKey replica) {
        try {
            call.orchestrator().discover(replica, call.actor());
        } catch (OrchestratorException e) {
            if (e.code() != ErrorCode.INSTANCE_UNREACHABLE) {
                throw e;
            }
        }
    }

    private static RecoveryRequest request(CommandCall call) {
        return new RecoveryRequest(call.exactInstance(), call.destination(), call.actor());
    }

    private static void plan(CommandCall call) {
        call.print(PlanText.of(call.orchestrator().planRecovery(request(call))));
    }

    private static RecoveryFilter of(@Nullable Cluster cluster, @Nullable InstanceKey failed) {
        return new RecoveryFilter(
                null, null, cluster == null ? null : cluster.id(), null, failed, false, false, 0, Integer.MAX_VALUE);
    }

    private static void acknowledge(CommandCall call, RecoveryFilter which) {
        int count = call.orchestrator().recoveries().acknowledge(which, call.actor(), call.reason());
        call.print(count + " recoveries acknowledged");
    }
}
