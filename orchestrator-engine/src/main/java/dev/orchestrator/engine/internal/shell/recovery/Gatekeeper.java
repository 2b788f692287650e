package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.decision.GateFacts;
import dev.orchestrator.engine.internal.core.decision.RecoveryAttempt;
import dev.orchestrator.engine.internal.core.decision.RecoveryGates;
import dev.orchestrator.engine.internal.core.decision.Said;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import dev.orchestrator.engine.internal.core.recovery.FreshLook;
import dev.orchestrator.engine.internal.core.recovery.ReadyRecovery;
import dev.orchestrator.engine.internal.shell.execution.RecoveryPorts;
import dev.orchestrator.spi.Guard;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what the gates look at, and asks them. Changes nothing anywhere. */
final class Gatekeeper {
    private static final Logger log = LoggerFactory.getLogger(Gatekeeper.class);
    /** A server that already failed to answer gets one more chance, but not the patience of a whole poll. */
    private static final Duration LAST_CHANCE = Duration.ofMillis(500);

    /** How long a server may take to be read while others wait for it. */
    static final Duration READ = Duration.ofSeconds(1);

    private static final int LOOKS = 30;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final RecoveryPorts ports;
    private final RecoveryStores stores;
    private final Executor threads;

    Gatekeeper(RecoveryPorts ports, RecoveryStores stores, Executor threads) {
        this.ports = ports;
        this.stores = stores;
        this.threads = threads;
    }

    /**
     * Opens the way to the replicas of a failed server while the backend is still being asked, by a command that changes
     * nothing: a new connection takes as long as the whole decision. Never waits.
     */
    void openWays(InstanceKey failed, Fleet fleet) {
        fleet.replicasOf(failed).stream()
                .filter(FleetMember::isReachable)
                .flatMap(m -> m.facts().stream())
                .forEach(i -> threads.execute(() -> openWay(i)));
    }

    private void openWay(Instance replica) {
        Guard guard = new Guard(replica.serverUuid(), ports.clocks().nanos() + READ.toNanos());
        InstanceCommand nothing = new InstanceCommand.AwaitExecuted(GtidSet.empty());
        try {
            ports.gateway().command(replica.key(), guard, nothing, READ);
        } catch (OrchestratorException e) {
            log.atDebug().addKeyValue("instance", replica.key()).setCause(e).log("no connection in advance");
        }
    }

    /** The gates that need nobody but this node. */
    List<GateVerdict> quickLook(RecoveryAttempt attempt, Fleet fleet) {
        return ask(attempt, fleet, null);
    }

    /** All gates; without what the backend said, those that do not need it. */
    List<GateVerdict> ask(RecoveryAttempt attempt, Fleet fleet, @Nullable Said said) {
        return RecoveryGates.ask(new GateFacts(
                attempt.failed(),
                attempt.finding(),
                fleet,
                ports.config(),
                attempt.automatic(),
                ports.leadership().held().isPresent(),
                ports.clocks().instant(),
                said == null ? null : said.facts()));
    }

    /**
     * Reads the backend's part.
     *
     * @throws OrchestratorException with {@code BACKEND_UNAVAILABLE} when it does not answer in time
     */
    Said askBackend(RecoveryAttempt attempt, Fleet fleet) {
        Terms all = ready(attempt, fleet, null).terms();
        ClusterId cluster = fleet.member(attempt.failed()).orElseThrow().cluster();
        InstanceKey failed = fleet.canonical(attempt.failed());
        return Said.of(stores.read(attempt.type(), cluster, failed), attempt, failed, all.followers());
    }

    /** What would be done now. Reads anew, locks and changes nothing. */
    Decision plan(RecoveryAttempt requested, Sleeper sleeper) {
        Fleet fleet = readUntilClear(requested.failed(), sleeper);
        RecoveryAttempt attempt = requested.with(analyze(fleet, requested.failed()));
        List<GateVerdict> quick = quickLook(attempt, fleet);
        if (!RecoveryGates.passed(quick)) {
            return new Decision(attempt.finding(), quick, null);
        }
        try {
            Said said = askBackend(attempt, fleet);
            return decide(ready(attempt, fleet, said), said);
        } catch (OrchestratorException e) {
            return attempt.withoutBackend(quick, e);
        }
    }

    /**
     * Reads a failed server and its replicas anew for an operator's order: again for about three seconds while the server is
     * silent and its replicas were read before it fell silent, or have not noticed yet.
     */
    Fleet readUntilClear(InstanceKey failed, Sleeper sleeper) {
        Fleet fleet = readAnew(failed);
        for (int look = 1; look < LOOKS && isDoubtful(fleet, failed) && sleeper.pause(BETWEEN_LOOKS); look++) {
            fleet = readAnew(failed);
        }
        return fleet;
    }

    private boolean isDoubtful(Fleet fleet, InstanceKey failed) {
        FailureAnalysis finding = analyze(fleet, failed);
        return finding != null && FreshLook.isDoubtful(finding.code());
    }

    @Nullable
    FailureAnalysis analyze(Fleet fleet, InstanceKey instance) {
        return ports.reanalysis().analyze(fleet, fleet.canonical(instance)).orElse(null);
    }

    /** Reads the failed server, its replicas, and the replicas of those of them that are silent, side by side. */
    Fleet readAnew(InstanceKey failed) {
        FreshLook look = FreshLook.at(ports.fleet().current(), failed, ports.config());
        CompletableFuture<Fleet> lastChance =
                CompletableFuture.supplyAsync(() -> ports.fleet().refresh(look.silent(), LAST_CHANCE), threads);
        if (!look.answering().isEmpty()) {
            ports.fleet().refresh(look.answering(), READ);
        }
        lastChance.join();
        return ports.fleet().current();
    }

    /** Who takes part, by the given snapshot; before the backend was asked, nobody is left alone. */
    ReadyRecovery ready(RecoveryAttempt attempt, Fleet fleet, @Nullable Said said) {
        return ReadyRecovery.of(attempt, fleet, said, ports.config());
    }

    /** The decision on a fresh snapshot. */
    Decision decide(ReadyRecovery ready, Said said) {
        return ready.decide(
                ask(ready.attempt(), ready.fleet(), said), ports.clocks().instant());
    }
}
