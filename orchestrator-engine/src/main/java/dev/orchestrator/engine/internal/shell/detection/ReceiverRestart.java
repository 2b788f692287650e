package dev.orchestrator.engine.internal.shell.detection;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.Door;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.analysis.ReceiverTest;
import dev.orchestrator.engine.internal.shell.leader.Leadership;
import dev.orchestrator.spi.Guard;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Restarts one receiver, under the lease, and watches whether it finds its source. */
final class ReceiverRestart {
    private static final Logger log = LoggerFactory.getLogger(ReceiverRestart.class);
    private static final Duration PROBE = Duration.ofMillis(300);
    private static final String AUDIT_TYPE = "test-receiver";

    private final DetectionPorts ports;
    private final ConfirmerSettings settings;
    private final CountDownLatch closed;

    ReceiverRestart(DetectionPorts ports, ConfirmerSettings settings, CountDownLatch closed) {
        this.ports = ports;
        this.settings = settings;
        this.closed = closed;
    }

    /** Restarts the receiver; false when it could not be done, which is recorded. */
    boolean restart(Fleet fleet, FleetMember source, FleetMember replica) {
        Optional<Leadership.Held> held = ports.leadership().held();
        if (held.isEmpty()) {
            return false;
        }
        String channel = replica.facts()
                .flatMap(Instance::mainChannel)
                .map(ReplicationChannel::name)
                .orElse("");
        String uuid = replica.facts().map(Instance::serverUuid).orElse("");
        Guard guard = new Guard(uuid, held.get().deadlineNanos());
        try {
            return ports.gateway()
                    .command(
                            replica.key(),
                            guard,
                            new InstanceCommand.RestartReceiver(channel),
                            settings.restartTimeout());
        } catch (OrchestratorException e) {
            log.atWarn()
                    .addKeyValue("cluster", replica.cluster())
                    .addKeyValue("instance", replica.key())
                    .setCause(e)
                    .log("receiver could not be restarted as a test");
            String after = e.code() == ErrorCode.GUARD_REFUSED ? "" : startAgain(replica, guard, channel);
            record(
                    fleet,
                    source,
                    replica,
                    "could not restart the receiver as a test of its source " + source.key() + ": " + e.getMessage()
                            + after);
            return false;
        }
    }

    /** The restart may have come as far as the stop. */
    private String startAgain(FleetMember replica, Guard guard, String channel) {
        try {
            ports.gateway()
                    .command(
                            replica.key(),
                            guard,
                            new InstanceCommand.StartReceiver(channel),
                            settings.restartTimeout());
            return "; started it again";
        } catch (OrchestratorException e) {
            log.atError()
                    .addKeyValue("cluster", replica.cluster())
                    .addKeyValue("instance", replica.key())
                    .setCause(e)
                    .log("receiver may have been left stopped by a test");
            return "; IT MAY BE LEFT STOPPED: " + e.getMessage();
        }
    }

    /**
     * Watches a restarted receiver. On a healthy source it is connecting for a moment too; only one that goes on
     * connecting has lost it.
     *
     * @return true when it lost its source, false when it found it, empty when that cannot be told
     */
    Optional<Boolean> watch(FleetMember replica) {
        long rounds = settings.confirmAfter().dividedBy(settings.rereadInterval());
        ReplicationThreadState last = ReplicationThreadState.NONE;
        for (long round = 0; round <= rounds; round++) {
            if (Reread.pause(closed, settings.rereadInterval())) {
                return Optional.empty();
            }
            last = Reread.receiver(ports, replica.key(), PROBE);
            if (last == ReplicationThreadState.RUNNING) {
                return Optional.of(false);
            }
        }
        return last == ReplicationThreadState.CONNECTING ? Optional.of(true) : Optional.empty();
    }

    static void tell(
            DetectionPorts ports, ConfirmerSettings settings, Fleet fleet, FleetMember source, ReceiverTest test) {
        ports.audit()
                .record(entry(
                        settings,
                        fleet,
                        source,
                        test.replica(),
                        "restarted the receiver as a test of its source " + source.key() + ", which does not answer: "
                                + (test.lostSource()
                                        ? "it does not find its source either"
                                        : "it found its source, which lives")));
    }

    private void record(Fleet fleet, FleetMember source, FleetMember replica, String message) {
        ports.audit().record(entry(settings, fleet, source, replica.key(), message));
    }

    private static AuditEntry entry(
            ConfirmerSettings settings,
            Fleet fleet,
            FleetMember source,
            dev.orchestrator.api.model.InstanceKey replica,
            String message) {
        String cluster = fleet.cluster(source.cluster()).map(Cluster::name).orElse("");
        return new AuditEntry(
                0,
                null,
                AUDIT_TYPE,
                replica,
                cluster,
                new Actor("orchestrator", Door.AUTOMATIC, settings.nodeName()),
                message);
    }
}
