package dev.orchestrator.simulation;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.server.SentCommand;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.world.Dice;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * In some worlds operators have registered that one of the replicas must not be promoted. What it received all the same it
 * has to hand on. Its dice are its own.
 */
final class MustNot {
    /** So chosen that the seeds which once found something keep their worlds. */
    private static final long SALT = 209L << 40;

    private static final String RULE = "promotion rule must_not of";

    private final Schedule world;
    private final Dice dice;
    private @Nullable InstanceKey key;

    MustNot(Schedule world, long seed) {
        this.world = world;
        this.dice = new Dice(seed ^ SALT);
    }

    /** The servers are there. */
    void complete(Choices chosen) {
        List<String> replicas = world.servers().all().stream()
                .skip(1)
                .map(s -> s.key().hostname())
                .toList();
        Optional<String> thrown = dice.once(10) ? Optional.of(dice.oneOf(replicas)) : Optional.empty();
        chosen.perhaps(RULE, thrown, replicas).ifPresent(host -> {
            InstanceKey replica = new InstanceKey(host, 3306);
            key = replica;
            world.backend().rows().promotionRules().register(replica, PromotionRule.MUST_NOT);
            world.servers().onCommand(this::check);
        });
    }

    /** Whether a rule stands. */
    boolean isRegistered() {
        return key != null;
    }

    boolean isOf(SimulatedServer server) {
        return server.key().equals(key);
    }

    private void check(SimulatedServer server, SentCommand order) {
        if (isOf(server) && order.command().equals(new InstanceCommand.SetReadOnly(false))) {
            throw new Violation(key + " is promoted, whose promotion rule is must_not");
        }
    }
}
