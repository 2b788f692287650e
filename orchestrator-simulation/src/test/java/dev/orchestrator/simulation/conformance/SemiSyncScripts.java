package dev.orchestrator.simulation.conformance;

import static dev.orchestrator.simulation.conformance.Member.DB1;
import static dev.orchestrator.simulation.conformance.Member.DB2;
import static dev.orchestrator.simulation.conformance.Member.DB3;
import static dev.orchestrator.simulation.conformance.Step.kill;
import static dev.orchestrator.simulation.conformance.Step.repoint;
import static dev.orchestrator.simulation.conformance.Step.resetReplication;
import static dev.orchestrator.simulation.conformance.Step.setReadOnly;
import static dev.orchestrator.simulation.conformance.Step.start;
import static dev.orchestrator.simulation.conformance.Step.startReceiver;
import static dev.orchestrator.simulation.conformance.Step.stopReceiver;
import static dev.orchestrator.simulation.conformance.Step.stopReplication;
import static dev.orchestrator.simulation.conformance.Step.tell;
import static dev.orchestrator.simulation.conformance.Step.write;

import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.testkit.server.SemiSync;
import java.time.Duration;
import java.util.List;

/** What is done to servers whose commits wait for an acknowledgement. */
final class SemiSyncScripts {
    private static final InstanceCommand AS_SOURCE = new InstanceCommand.SetSemiSync(true, false);
    private static final InstanceCommand AS_REPLICA = new InstanceCommand.SetSemiSync(false, true);
    private static final SemiSync IMPATIENT = new SemiSync(1, Duration.ofSeconds(1));

    private SemiSyncScripts() {}

    private static ConformanceScript lossless(String name) {
        return ConformanceScript.of(name).where(c -> c.withSemiSync(SemiSync.lossless()));
    }

    static List<ConformanceScript> all() {
        return List.of(
                lossless("commits are acknowledged").then(write(DB1, 3), stopReceiver(DB2), write(DB1, 1)),
                lossless("nobody acknowledges, until somebody does")
                        .then(stopReceiver(DB2), stopReceiver(DB3), write(DB1, 2), startReceiver(DB2), write(DB1, 1)),
                lossless("nobody acknowledges, and semi-sync is switched off")
                        .then(
                                stopReceiver(DB2),
                                stopReceiver(DB3),
                                write(DB1, 1),
                                tell(DB1, AS_REPLICA),
                                tell(DB1, AS_SOURCE),
                                startReceiver(DB2)),
                lossless("the source is killed with a commit that nobody has acknowledged")
                        .then(
                                stopReceiver(DB2),
                                stopReceiver(DB3),
                                write(DB1, 1),
                                kill(DB1),
                                start(DB1),
                                startReceiver(DB2)),
                lossless("a switchover by hand")
                        .then(
                                setReadOnly(DB1, true),
                                stopReplication(DB2),
                                resetReplication(DB2),
                                tell(DB2, AS_SOURCE),
                                setReadOnly(DB2, false),
                                write(DB2, 1),
                                stopReceiver(DB3),
                                repoint(DB3, DB2),
                                startReceiver(DB3)),
                ConformanceScript.of("a commit waits for a while only")
                        .where(c -> c.withSemiSync(IMPATIENT))
                        .then(stopReceiver(DB2), stopReceiver(DB3), write(DB1, 2), startReceiver(DB2), write(DB1, 1)));
    }
}
