package dev.orchestrator.simulation;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.server.ByHand;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.world.Dice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * In some worlds a replica executes what it receives late on purpose, so that people can undo what somebody should not
 * have written: by an hour, or by some seconds. It takes nobody's place, and keeps its delay. Its dice are its own.
 */
final class Delays {
    private final Schedule world;
    private final Choices chosen;
    private final boolean wanted;
    private final Map<InstanceKey, Duration> delays = new HashMap<>();

    Delays(Schedule world, long seed, Choices choices) {
        this.world = world;
        this.chosen = choices.by(new Dice(seed ^ 0x0DE1A7L << 24));
        this.wanted = chosen.once("a replica is delayed", 8);
    }

    /** Whether one is. */
    boolean areThere() {
        return wanted;
    }

    /** The servers replicate as usual; now one is delayed, seldom two. */
    void complete() {
        if (!wanted) {
            return;
        }
        List<SimulatedServer> replicas = replicas();
        SimulatedServer first =
                chosen.oneOf("the delayed replica is", replicas, s -> s.key().hostname());
        delay(first);
        replicas.remove(first);
        chosen.seldomOneOf(
                        "another delayed replica is", 4, replicas, s -> s.key().hostname())
                .ifPresent(this::delay);
    }

    private List<SimulatedServer> replicas() {
        List<SimulatedServer> all = new ArrayList<>(world.servers().all());
        all.remove(0);
        return all;
    }

    private void delay(SimulatedServer server) {
        String words = server.key().hostname() + " is delayed by";
        boolean veryLate = chosen.once(words + " an hour", 2);
        Duration delay = veryLate
                ? Duration.ofHours(1)
                : Duration.ofNanos(chosen.between(words, Duration.ofSeconds(1), Duration.ofSeconds(20)));
        delays.put(server.key(), delay);
        new ByHand(server).delay(delay);
    }

    /** Whether one is delayed on purpose. */
    boolean isDelayed(SimulatedServer server) {
        return delays.containsKey(server.key());
    }

    /** Those that replicate and have lost their delay, though nobody made them the primary. */
    List<String> problems() {
        return world.servers().all().stream()
                .filter(s -> isDelayed(s) && s.isReadOnly() && !wasNamed(s.key()))
                .filter(s -> !s.replication().delay().equals(delays.get(s.key())))
                .map(s -> s.key() + " is not delayed any more by "
                        + Objects.requireNonNull(delays.get(s.key())).toSeconds() + " s")
                .toList();
    }

    private boolean wasNamed(InstanceKey key) {
        return world.backend().rows().recoveries().stream()
                .anyMatch(r ->
                        Optional.ofNullable(r.successor()).filter(key::equals).isPresent());
    }
}
