package dev.orchestrator.simulation;

import dev.orchestrator.simulation.node.SimulatedService;
import dev.orchestrator.simulation.plan.Choices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Wall clocks that are set, forward or back; monotonic ones go on. That of a service by minutes; the backend's, by which leases and locks run, forward only by
 * less than the tenth by which holders are careful: farther than that, two may hold the same until the first extends it.
 */
final class ClockFaults {
    private static final String BACKEND = "backend";
    private static final Duration STEP = Duration.ofMillis(500);
    private static final Duration CAREFUL = Duration.ofMillis(100);
    private static final Duration LATE = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofMinutes(10);

    private final Schedule world;

    ClockFaults(Schedule world) {
        this.world = world;
    }

    boolean set(Choices how) {
        List<String> all = new ArrayList<>(List.of(BACKEND));
        world.nodes().forEach(n -> all.add(n.process().name()));
        String whose = how.oneOf("of", all, n -> n);
        boolean back = how.once("back", 2);
        boolean backend = whose.equals(BACKEND);
        long step = how.between("by", Duration.ofMillis(1), backend ? CAREFUL : STEP);
        long by = backend && !back
                ? step
                : how.seldomBetween("far by", 2, STEP, backend ? LATE : LONG).orElse(step);
        world.story()
                .tell(() -> "the clock of " + whose + " is set " + (back ? "back" : "forward") + " by "
                        + Duration.ofNanos(by).toMillis() + " ms");
        set(whose, back ? -by : by);
        return true;
    }

    private void set(String whose, long by) {
        if (whose.equals(BACKEND)) {
            world.backend().setClock(by);
        } else {
            world.nodes().stream()
                    .map(SimulatedService::process)
                    .filter(n -> n.name().equals(whose))
                    .forEach(n -> n.setClock(by));
        }
    }
}
