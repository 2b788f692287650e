package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.analysis.ReplicaCounts;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.plan.DeadPrimaryPlanner;
import dev.orchestrator.engine.internal.shell.leader.Leadership;
import dev.orchestrator.spi.Fence;
import dev.orchestrator.spi.Lease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Plays a whole recovery once, on a stage, when a process starts: the first failover of a process is usually its only
 * one, and loading and linking all that it needs would cost the outage a quarter of a second. Touches no server and no
 * backend, tells nobody.
 */
final class Rehearsal {
    private static final Lease LEASE = new Lease("rehearsal", "rehearsal", "rehearsal", 1, Duration.ofMinutes(1));

    private final RecoveryPorts ports;
    private final RehearsalStage stage;
    private final Executor threads;

    Rehearsal(RecoveryPorts real, Executor threads) {
        this.stage = new RehearsalStage(real.clock().instant());
        this.threads = threads;
        OrchestratorConfig config = real.config().toBuilder()
                .primaryRecoveryFilters(List.of("*"))
                .recoveryForbiddenBy(List.of())
                .observeOnly(false)
                .build();
        this.ports = new RecoveryPorts(
                config,
                "rehearsal",
                "rehearsal",
                stage,
                stage,
                stage,
                stage,
                stage,
                stage,
                () -> Optional.of(new Leadership.Held(
                        LEASE, real.ticker().nanos() + LEASE.ttl().toNanos())),
                event -> {},
                entry -> {},
                (fleet, key) -> Optional.of(finding(fleet)),
                real.clock(),
                real.ticker());
    }

    /** Plays; whether the piece came to its happy end. */
    boolean play() {
        Pauses pauses = new Pauses();
        try (StepJournal journal = new StepJournal(stage, ports.ticker())) {
            Fleet fleet = stage.current();
            FailureAnalysis finding = finding(fleet);
            Attempt attempt = new Attempt(
                    RehearsalStage.PRIMARY,
                    null,
                    ports.automatic(),
                    true,
                    finding,
                    ports.clock().instant());
            LockTaking locks = new LockTaking(stage);
            Gatekeeper gates = new Gatekeeper(ports, locks, threads);
            Gatekeeper.Said said =
                    gates.askBackend(attempt, finding.cluster(), RehearsalStage.PRIMARY, finding.replicas());
            List<GateVerdict> verdicts = gates.ask(attempt, gates.readAnew(RehearsalStage.PRIMARY), said.facts());
            RecoveryOrder order = Gatekeeper.order(attempt, fleet, said.facts().intents(), said.locks());
            Decision decision = gates.decide(attempt, fleet, verdicts, order);
            boolean ended = perform(attempt, order, pauses, journal, fleet);
            return ended && decision.plan() != null;
        } finally {
            pauses.close();
        }
    }

    private boolean perform(Attempt attempt, RecoveryOrder order, Pauses pauses, StepJournal journal, Fleet fleet) {
        RecoveryRecord record = RecoveryRecord.builder(
                        "rehearsal",
                        finding(fleet).cluster(),
                        AnalysisCode.DEAD_PRIMARY,
                        RehearsalStage.PRIMARY,
                        attempt.actor(),
                        attempt.confirmedAt())
                .build();
        Authority authority = Authority.ofLease(ports.leadership(), LEASE);
        RecordKeeper keeper = new RecordKeeper(stage, authority.right(), record);
        RunLog steps = new RunLog(record.uid(), ports, journal, 0);
        PlanExecutor executor = new PlanExecutor(ports, threads, authority, steps);
        DeadPrimaryPlanner planner = new DeadPrimaryPlanner(ports.config(), order.failed());
        RecoveryRun run = new RecoveryRun(ports, order, authority, executor, steps, keeper, planner, pauses, threads);
        return new DeadPrimaryRecovery(
                        run, new NoFences(), new FirstWriteWatch(ports, pauses, threads), Circumstances.USUAL)
                .run(fleet);
    }

    private static FailureAnalysis finding(Fleet fleet) {
        List<InstanceKey> replicas = fleet.members().stream()
                .map(FleetMember::key)
                .filter(k -> !k.equals(RehearsalStage.PRIMARY))
                .toList();
        return new FailureAnalysis(
                AnalysisCode.DEAD_PRIMARY,
                RehearsalStage.PRIMARY,
                null,
                fleet.member(RehearsalStage.PRIMARY).orElseThrow().cluster(),
                true,
                false,
                false,
                true,
                false,
                0,
                new ReplicaCounts(2, 2, 0, 2, 0, 0, 0, 2, 0, 0, 2, 0, 1),
                replicas,
                List.of(),
                List.of("rehearsal"));
    }

    private static final class NoFences implements Fences {
        @Override
        public void enforce(Fence fence, Authority right) {}

        @Override
        public void lift(Fence fence, Authority right, String why) {}

        @Override
        public boolean release(String serverUuid, Authority right, String why) {
            return true;
        }
    }
}
