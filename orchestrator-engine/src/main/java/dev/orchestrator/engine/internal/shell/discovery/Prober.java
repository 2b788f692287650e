package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.spi.InstanceGateway;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls through the gateway, stamps what it brings by the clock that the readings of all nodes are put in order by, and
 * turns what should not happen into a failure that is no sign of death.
 */
record Prober(InstanceGateway gateway, Duration deadline, InstantSource clock)
        implements Function<InstanceKey, Observation> {
    private static final Logger log = LoggerFactory.getLogger(Prober.class);

    @Override
    public Observation apply(InstanceKey key) {
        Instant begun = clock.instant();
        try {
            return gateway.probe(key, deadline)
                    .<Observation>match(
                            seen -> new Observation.Seen(seen.instance(), begun, seen.latency()),
                            failed -> new Observation.Failed(failed.key(), failed.failure(), begun, failed.latency()));
        } catch (RuntimeException e) {
            log.atError().addKeyValue("instance", key).setCause(e).log("the gateway failed to poll");
            // A fault of ours must not look like a dead server: the kind is one that says the server is there.
            ProbeFailure failure =
                    new ProbeFailure(ProbeFailure.Kind.STATEMENT_REFUSED, "the poll failed inside orchestrator: " + e);
            return new Observation.Failed(key, failure, begun, Duration.between(begun, clock.instant()));
        }
    }
}
