package dev.orchestrator.engine.internal.shell.home;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.engine.internal.shell.audit.AuditTrail;
import dev.orchestrator.engine.internal.shell.audit.EventSink;
import dev.orchestrator.spi.Backend;
import dev.orchestrator.spi.InstanceGateway;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * What {@link BackendHome} reaches out to.
 *
 * @param backend the backend, and where it is
 * @param blockPeriod how long a recovery blocks the next one
 * @param gateway the way to the servers
 * @param fleet the picture; asks the backend on a node that does not lead
 * @param events told of moves, and of what was not done
 * @param audit told the same
 * @param self who acts
 * @param lease the name of the leader's lease
 * @param clock the time of day
 * @param ticker monotonic time
 */
public record HomePorts(
        Backend backend,
        Duration blockPeriod,
        InstanceGateway gateway,
        Supplier<Fleet> fleet,
        EventSink events,
        AuditTrail audit,
        Actor self,
        String lease,
        InstantSource clock,
        Ticker ticker) {}
