package dev.orchestrator.simulation;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.world.Dice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many servers there are, and who replicates from whom: in a few worlds up to twelve, in trees of up to four levels below
 * the primary. Its dice are its own.
 */
final class Shapes {
    private static final int LARGEST = 12;
    private static final int DEEPEST = 4;
    private static final int LAST = 4;

    private final Choices own;
    private final Map<InstanceKey, Integer> levels = new HashMap<>();
    private int more;

    Shapes(long seed, Choices chosen) {
        this.own = chosen.by(new Dice(seed ^ 0x5a9eL << 32));
    }

    /**
     * How many servers there are.
     *
     * @param usual how many there would be in any other world
     */
    int size(int usual) {
        more = own.seldomNumber("more servers", 12, 1, LARGEST - usual).orElse(0);
        return usual + more;
    }

    /**
     * From whom a server replicates: in a large world mostly from one that is far below the primary.
     *
     * @param next the server
     * @param before all that have a source, and the primary first
     * @param usual from whom it would replicate in any other world
     */
    InstanceKey source(InstanceKey next, List<InstanceKey> before, InstanceKey usual) {
        if (more == 0) {
            return usual;
        }
        List<InstanceKey> last = before.subList(Math.max(0, before.size() - LAST), before.size());
        List<InstanceKey> able = last.stream().filter(k -> level(k) < DEEPEST).toList();
        return able.isEmpty()
                ? usual
                : own.seldomOneOf(next.hostname() + " deep below", 2, able, InstanceKey::hostname)
                        .orElse(usual);
    }

    /** A server replicates from another. */
    void placed(InstanceKey server, InstanceKey source) {
        levels.put(server, level(source) + 1);
    }

    private int level(InstanceKey key) {
        return levels.getOrDefault(key, 0);
    }
}
