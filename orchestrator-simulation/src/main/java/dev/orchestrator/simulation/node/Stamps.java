package dev.orchestrator.simulation.node;

import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.engine.internal.core.clock.ReadingTime;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import java.time.Instant;
import java.util.Collection;

/**
 * The clock by which one service stamps its readings of servers: the backend's, as the service knows it, by the engine's
 * own rule. Not thread-safe.
 */
final class Stamps {
    private final NodeProcess process;
    private ReadingTime time;

    Stamps(NodeProcess process) {
        this.process = process;
        this.time = ReadingTime.begin(process.now().at(), process.nanos());
    }

    private Instant wall() {
        return process.now().at();
    }

    Instant instant() {
        time = time.on(wall(), process.nanos());
        return time.stamp();
    }

    Moment now() {
        return new Moment(instant(), process.nanos());
    }

    boolean areOld() {
        return time.isOld(process.nanos());
    }

    /** What the backend's clock showed between question and answer. */
    void told(Instant shown, long asked) {
        time = time.told(shown, asked, process.nanos());
    }

    /** The backend's time is taken over as it is. */
    void set() {
        time = time.setTo(wall(), process.nanos());
    }

    /** Others have read these. */
    void saw(Collection<FleetMember> members) {
        for (FleetMember member : members) {
            Instant begun = member.lastAttempt();
            if (begun != null) {
                time = time.on(wall(), process.nanos()).saw(begun);
            }
        }
    }
}
