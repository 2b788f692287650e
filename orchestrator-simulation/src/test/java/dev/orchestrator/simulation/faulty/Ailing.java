package dev.orchestrator.simulation.faulty;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.ReplicationChannel;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** Readings of servers in which it is not seen what keeps one from being like the others. */
final class Ailing {
    private Ailing() {}

    private static Instance with(Instance i, UnaryOperator<ReplicationChannel> seen) {
        return i.toBuilder().channels(i.channels().stream().map(seen).toList()).build();
    }

    /** Nobody sees that a replica executes late on purpose what it receives. */
    static Instance withoutDelays(Instance i) {
        return with(i, c -> c.toBuilder().configuredDelay(Duration.ZERO).build());
    }
}
