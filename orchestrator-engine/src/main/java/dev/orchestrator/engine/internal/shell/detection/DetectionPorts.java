package dev.orchestrator.engine.internal.shell.detection;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.engine.internal.core.analysis.DetectionHistoryTracker;
import dev.orchestrator.engine.internal.core.analysis.FailureAnalyzer.Question;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.shell.audit.AuditTrail;
import dev.orchestrator.engine.internal.shell.audit.EventSink;
import dev.orchestrator.engine.internal.shell.discovery.FleetView;
import dev.orchestrator.engine.internal.shell.leader.Leadership;
import dev.orchestrator.spi.InstanceGateway;
import dev.orchestrator.spi.Ticker;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/**
 * What detection needs of the world.
 *
 * @param view the snapshot of the fleet
 * @param leadership whether this node may act
 * @param gateway the way to the servers, for receiver tests
 * @param events told of changed findings
 * @param audit told of receiver tests
 * @param intents operators' intent as last read; must not block
 * @param fences the fences that stand, as last read; must not block
 * @param clock the clock that stamps the readings
 * @param ticker monotonic time
 */
public record DetectionPorts(
        FleetView view,
        Leadership leadership,
        InstanceGateway gateway,
        EventSink events,
        AuditTrail audit,
        Supplier<Intents> intents,
        Supplier<List<Fence>> fences,
        InstantSource clock,
        Ticker ticker) {
    Moment now() {
        return new Moment(clock.instant(), ticker.nanos());
    }

    /** What is to be analysed of a cluster; counts what the snapshot shows of replicas' progress. */
    Question question(Fleet fleet, ClusterId cluster, DetectionHistoryTracker book) {
        book.observe(fleet, cluster, clock.instant());
        return new Question(fleet, intents.get(), fences.get(), book.history(), clock.instant());
    }
}
