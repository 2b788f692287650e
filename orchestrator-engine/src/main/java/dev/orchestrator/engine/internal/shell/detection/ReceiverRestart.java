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
import org.jspecify.annotations.Nullable;
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
     * What was seen of a restarted receiver.
     *
     * @param outcome what it says about its source, empty when that cannot be told
     * @param last the channel as it was read last, null when it could not be read
     */
    record Result(
            Optional<ReceiverTest.Outcome> outcome,
            @Nullable ReplicationChannel last) {
        /** Why the receiver does not run any more, if it ran before the restart. */
        Optional<String> harm(FleetMember before) {
            boolean ran = before.facts()
                    .flatMap(Instance::mainChannel)
                    .filter(c -> c.receiver() == ReplicationThreadState.RUNNING)
                    .isPresent();
            ReplicationChannel channel = last;
            if (!ran || channel == null) {
                return Optional.empty();
            }
            return switch (ReceiverTest.Showing.of(channel)) {
                case REFUSED, STOPPED_WITH_ERROR ->
                    Optional.of("error " + channel.lastReceiverErrno() + " " + channel.lastReceiverError());
                case CONNECTED, IN_VAIN, NOTHING -> Optional.empty();
            };
        }
    }

    /**
     * Watches a restarted receiver. On a healthy source it is connecting for a moment too; only one that goes on
     * connecting has lost it.
     */
    Result watch(FleetMember replica) {
        long rounds = settings.confirmAfter().dividedBy(settings.rereadInterval());
        ReplicationChannel last = null;
        ReceiverTest.Showing showing = ReceiverTest.Showing.NOTHING;
        for (long round = 0; round <= rounds; round++) {
            if (Reread.pause(closed, settings.rereadInterval())) {
                return new Result(Optional.empty(), null);
            }
            last = Reread.channel(ports, replica.key(), PROBE).orElse(null);
            showing = last == null ? ReceiverTest.Showing.NOTHING : ReceiverTest.Showing.of(last);
            switch (showing) {
                case CONNECTED -> {
                    return new Result(Optional.of(ReceiverTest.Outcome.FOUND), last);
                }
                case REFUSED -> {
                    return new Result(Optional.of(ReceiverTest.Outcome.REFUSED), last);
                }
                case STOPPED_WITH_ERROR -> {
                    return new Result(Optional.empty(), last);
                }
                case IN_VAIN, NOTHING -> {}
            }
        }
        return new Result(
                showing == ReceiverTest.Showing.IN_VAIN ? Optional.of(ReceiverTest.Outcome.LOST) : Optional.empty(),
                last);
    }

    /** A test has done harm: somebody must know. */
    void tellHarm(Fleet fleet, FleetMember source, FleetMember replica, String error) {
        log.atError()
                .addKeyValue("cluster", replica.cluster())
                .addKeyValue("instance", replica.key())
                .addKeyValue("source", source.key())
                .addKeyValue("error", error)
                .log("a receiver that was restarted as a test did not come back; no receiver of this cluster is tested"
                        + " until it runs again");
        record(
                fleet,
                source,
                replica,
                "the receiver, which ran, did not come back after it was restarted as a test of its source "
                        + source.key() + ": " + error
                        + ". No receiver of this cluster is tested until it runs again: start it with its user and"
                        + " password");
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
                                + switch (test.outcome()) {
                                    case LOST -> "it does not find its source either";
                                    case FOUND -> "it found its source, which lives";
                                    case REFUSED -> "its source refused it, so it lives";
                                }));
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
