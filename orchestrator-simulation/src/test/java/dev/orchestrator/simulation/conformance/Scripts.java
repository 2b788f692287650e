package dev.orchestrator.simulation.conformance;

import static dev.orchestrator.simulation.conformance.Member.DB1;
import static dev.orchestrator.simulation.conformance.Member.DB2;
import static dev.orchestrator.simulation.conformance.Member.DB3;
import static dev.orchestrator.simulation.conformance.Step.admit;
import static dev.orchestrator.simulation.conformance.Step.alsoReplicateFrom;
import static dev.orchestrator.simulation.conformance.Step.attach;
import static dev.orchestrator.simulation.conformance.Step.awaitReceiver;
import static dev.orchestrator.simulation.conformance.Step.freeze;
import static dev.orchestrator.simulation.conformance.Step.freezeForLong;
import static dev.orchestrator.simulation.conformance.Step.impatient;
import static dev.orchestrator.simulation.conformance.Step.kill;
import static dev.orchestrator.simulation.conformance.Step.leaveChannel;
import static dev.orchestrator.simulation.conformance.Step.lock;
import static dev.orchestrator.simulation.conformance.Step.purge;
import static dev.orchestrator.simulation.conformance.Step.refuse;
import static dev.orchestrator.simulation.conformance.Step.repoint;
import static dev.orchestrator.simulation.conformance.Step.resetReplication;
import static dev.orchestrator.simulation.conformance.Step.restartReceiver;
import static dev.orchestrator.simulation.conformance.Step.setReadOnly;
import static dev.orchestrator.simulation.conformance.Step.start;
import static dev.orchestrator.simulation.conformance.Step.startApplier;
import static dev.orchestrator.simulation.conformance.Step.startReceiver;
import static dev.orchestrator.simulation.conformance.Step.startReplication;
import static dev.orchestrator.simulation.conformance.Step.stopReceiver;
import static dev.orchestrator.simulation.conformance.Step.stopReplication;
import static dev.orchestrator.simulation.conformance.Step.tell;
import static dev.orchestrator.simulation.conformance.Step.thaw;
import static dev.orchestrator.simulation.conformance.Step.unlock;
import static dev.orchestrator.simulation.conformance.Step.write;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import java.util.List;

/** What is done to servers of every version. */
final class Scripts {
    private static final InstanceKey NOBODY_LISTENS = new InstanceKey("127.0.0.1", 1);
    private static final InstanceKey NO_SUCH_HOST = new InstanceKey("nowhere.invalid", 3306);

    private Scripts() {}

    static List<ConformanceScript> all() {
        return List.of(
                ConformanceScript.of("what is written arrives").then(write(DB1, 3), write(DB1, 1)),
                ConformanceScript.of("a receiver is stopped, started and restarted alone")
                        .then(
                                stopReceiver(DB2),
                                write(DB1, 2),
                                stopReceiver(DB2),
                                startReceiver(DB2),
                                startReceiver(DB2),
                                restartReceiver(DB2),
                                awaitReceiver(DB2)),
                ConformanceScript.of("only the receiver runs")
                        .then(
                                stopReplication(DB2),
                                startReceiver(DB2),
                                write(DB1, 2),
                                stopReceiver(DB2),
                                repoint(DB2, DB3),
                                startApplier(DB2),
                                repoint(DB2, DB3),
                                startReplication(DB2),
                                write(DB1, 1)),
                ConformanceScript.of("a lock holds the applier up, and its replica is pointed elsewhere")
                        .then(
                                lock(DB2),
                                write(DB1, 2),
                                stopReceiver(DB2),
                                repoint(DB2, DB3),
                                startReceiver(DB2),
                                unlock(DB2)),
                ConformanceScript.of("a switchover by hand")
                        .then(
                                write(DB1, 1),
                                setReadOnly(DB1, true),
                                stopReplication(DB2),
                                resetReplication(DB2),
                                resetReplication(DB2),
                                setReadOnly(DB2, false),
                                write(DB2, 2),
                                stopReceiver(DB3),
                                repoint(DB3, DB2),
                                startReceiver(DB3),
                                attach(DB1, DB2),
                                startReplication(DB1),
                                write(DB2, 1)),
                ConformanceScript.of("the source is killed and comes back")
                        .then(
                                write(DB1, 1),
                                kill(DB1),
                                stopReceiver(DB2),
                                startReceiver(DB2),
                                restartReceiver(DB3),
                                start(DB1),
                                write(DB1, 1)),
                ConformanceScript.of("the source is frozen, and one receiver is restarted")
                        .then(freeze(DB1), restartReceiver(DB2), stopReceiver(DB2), startReceiver(DB2), thaw(DB1)),
                ConformanceScript.of("the source is frozen until its receivers notice it")
                        .then(
                                impatient(DB2),
                                impatient(DB3),
                                freezeForLong(DB1),
                                stopReceiver(DB2),
                                startReceiver(DB2),
                                thaw(DB1),
                                write(DB1, 1)),
                ConformanceScript.of("a replica is killed and comes back as its configuration file says")
                        .then(setReadOnly(DB2, false), kill(DB2), write(DB1, 2), start(DB2), write(DB1, 1)),
                ConformanceScript.of("a replica that was stopped is killed and comes back")
                        .then(stopReplication(DB2), kill(DB2), start(DB2), write(DB1, 1)),
                ConformanceScript.of("what was received is there after a restart")
                        .then(lock(DB2), write(DB1, 2), kill(DB1), kill(DB2), start(DB2), start(DB1)),
                ConformanceScript.of("a replica comes back without replication")
                        .where(DB2, OptionFile::skippingReplicaStart)
                        .then(kill(DB2), write(DB1, 2), start(DB2), startReplication(DB2)),
                ConformanceScript.of("what was received is there after a restart without replication")
                        .where(DB2, OptionFile::skippingReplicaStart)
                        .then(lock(DB2), write(DB1, 2), refuse(DB1, 1045), kill(DB2), start(DB2), startApplier(DB2)),
                ConformanceScript.of("what was received is thrown away at a restart")
                        .where(DB2, OptionFile::recoveringRelayLogs)
                        .then(lock(DB2), write(DB1, 2), refuse(DB1, 1045), kill(DB2), start(DB2), admit(DB1)),
                ConformanceScript.of("receivers are refused: the password was changed")
                        .then(
                                refuse(DB1, 1045),
                                restartReceiver(DB2),
                                awaitReceiver(DB2),
                                stopReceiver(DB3),
                                startReceiver(DB3),
                                admit(DB1),
                                write(DB1, 1)),
                ConformanceScript.of("receivers are refused: the account was locked")
                        .then(refuse(DB1, 3118), stopReplication(DB2), startReplication(DB2), admit(DB1)),
                ConformanceScript.of("a source where nobody listens")
                        .then(
                                stopReceiver(DB2),
                                repoint(DB2, NOBODY_LISTENS),
                                startReceiver(DB2),
                                awaitReceiver(DB2),
                                stopReceiver(DB2),
                                repoint(DB2, DB1),
                                startReceiver(DB2)),
                ConformanceScript.of("a source that has no address")
                        .then(stopReceiver(DB2), repoint(DB2, NO_SUCH_HOST), startReceiver(DB2), stopReplication(DB2)),
                ConformanceScript.of("a source that is the replica itself")
                        .then(
                                stopReceiver(DB2),
                                repoint(DB2, DB2),
                                startReceiver(DB2),
                                awaitReceiver(DB2),
                                stopReceiver(DB2),
                                repoint(DB2, DB1),
                                startReceiver(DB2)),
                ConformanceScript.of("the source has purged what a replica needs")
                        .then(
                                stopReplication(DB2),
                                write(DB1, 2),
                                purge(DB1),
                                startReplication(DB2),
                                restartReceiver(DB2),
                                stopReceiver(DB2),
                                repoint(DB2, DB3),
                                startReceiver(DB2)),
                ConformanceScript.of("errant transactions")
                        .then(
                                setReadOnly(DB2, false),
                                write(DB2, 2),
                                setReadOnly(DB2, true),
                                stopReceiver(DB3),
                                repoint(DB3, DB2),
                                startReceiver(DB3),
                                write(DB1, 1)),
                ConformanceScript.of("two channels")
                        .then(
                                alsoReplicateFrom(DB3, "own", "other", DB2),
                                write(DB1, 1),
                                tell(DB3, new InstanceCommand.StopReceiver("own")),
                                write(DB1, 1),
                                tell(DB3, new InstanceCommand.StopReplication("other")),
                                repoint(DB3, "own", DB2),
                                tell(DB3, new InstanceCommand.ResetReplication("other")),
                                tell(DB3, new InstanceCommand.StartReplication("own"))),
                ConformanceScript.of("a primary with a channel that never ran")
                        .then(leaveChannel(DB1, DB2), write(DB1, 1), setReadOnly(DB1, true), resetReplication(DB1)),
                ConformanceScript.of("replication filters")
                        .where(DB2, c -> c.filtering("replicate-do-db=app"))
                        .where(DB1, c -> c.filtering("binlog-ignore-db=scratch"))
                        .then(write(DB1, 2), stopReplication(DB2), startReplication(DB2)),
                ConformanceScript.of("commands that are refused change nothing")
                        .then(
                                repoint(DB1, DB2),
                                stopReceiver(DB1),
                                startReceiver(DB1),
                                startReplication(DB1),
                                startApplier(DB1),
                                stopReplication(DB1),
                                tell(DB1, new InstanceCommand.StopReceiver("nowhere")),
                                resetReplication(DB1),
                                repoint(DB2, DB3)));
    }
}
