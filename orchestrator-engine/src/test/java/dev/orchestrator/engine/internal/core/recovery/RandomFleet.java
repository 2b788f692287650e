package dev.orchestrator.engine.internal.core.recovery;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** The servers that a random run begins with: who has received what, and what somebody stopped before. */
record RandomFleet(RandomRun.Kind kind, Random random, boolean faults) {
    Fleet at(Instant start) {
        FleetBuilder fleet = new FleetBuilder(start)
                .primary("p")
                .replica("r1", "p")
                .replica("r2", "p")
                .replica("r3", "r2")
                .replica("r4", "p");
        String all = MemberBuilder.uuid("p") + ":1-";
        fleet.with(m -> m.executed(all + 10), "p");
        for (String name : List.of("r1", "r2", "r3", "r4")) {
            int received = kind == RandomRun.Kind.DEAD_PRIMARY ? 8 + random.nextInt(4) : 10;
            fleet.with(m -> m.executed(all + (received - random.nextInt(3))).retrieved(all + received), name);
        }
        if (kind != RandomRun.Kind.SWITCHOVER) {
            fleet.with(m -> m.fails(ProbeFailure.Kind.REFUSED, Duration.ofSeconds(1)), kind.about);
            fleet.members().stream()
                    .filter(m -> m.facts()
                            .flatMap(Instance::source)
                            .filter(key(kind.about)::equals)
                            .isPresent())
                    .map(m -> m.key().hostname())
                    .toList()
                    .forEach(n -> fleet.with(m -> m.receiver(ReplicationThreadState.CONNECTING), n));
        }
        fleet.with(m -> m.semiSync(semiSync(true, false)), "p")
                .with(m -> m.semiSync(semiSync(false, true)), "r1", "r2", "r3", "r4");
        for (String name : List.of("r2", "r4")) {
            // Somebody stopped it, for a reason of his own.
            if (chance()) {
                fleet.with(m -> m.receiver(ReplicationThreadState.STOPPED), name);
            }
            if (chance()) {
                fleet.with(m -> m.channel(c -> c.applier(ReplicationThreadState.STOPPED)), name);
            }
        }
        return fleet.build();
    }

    private boolean chance() {
        return faults && random.nextInt(8) == 0;
    }

    private static SemiSyncState semiSync(boolean source, boolean replica) {
        return new SemiSyncState(true, source, false, replica, replica, 1, Duration.ofSeconds(1), 0);
    }
}
