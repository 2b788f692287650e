package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.engine.internal.shell.audit.BackendHealth;
import dev.orchestrator.engine.internal.shell.audit.EventSink;
import dev.orchestrator.engine.internal.shell.schedule.ReadingClock;
import dev.orchestrator.spi.Backend;
import dev.orchestrator.spi.InstanceGateway;
import dev.orchestrator.spi.Ticker;
import dev.orchestrator.spi.host.HostnameResolver;

/**
 * What discovery works with.
 *
 * @param gateway the way to the servers
 * @param backend where everything is remembered
 * @param resolver turns host names into those the fleet uses
 * @param events takes what happened
 * @param health told what of the backend works
 * @param clock the time of day that readings are stamped by: the backend's
 * @param ticker monotonic time, for durations
 */
public record DiscoveryPorts(
        InstanceGateway gateway,
        Backend backend,
        HostnameResolver resolver,
        EventSink events,
        BackendHealth health,
        ReadingClock clock,
        Ticker ticker) {}
