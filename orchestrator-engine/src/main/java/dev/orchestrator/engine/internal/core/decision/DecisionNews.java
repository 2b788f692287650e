package dev.orchestrator.engine.internal.core.decision;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The last automatic decision about each server, and whether the next one is news: a refusal when its reason changes, going
 * ahead each time. Not thread-safe.
 */
public final class DecisionNews {
    private final Map<InstanceKey, Decision> last = new HashMap<>();
    // What the last decision was about is over: the next one is news, whatever it says.
    private final Set<InstanceKey> over = new HashSet<>();

    /**
     * The last decision.
     *
     * @param key the server
     * @return empty when there was nothing to decide
     */
    public Optional<Decision> last(InstanceKey key) {
        return Optional.ofNullable(last.get(key));
    }

    /**
     * Takes a decision.
     *
     * @param key the server
     * @param decision what was decided
     * @return whether people are to be told of it
     */
    public boolean isNews(InstanceKey key, Decision decision) {
        Decision before = last.put(key, decision);
        boolean begins = over.remove(key) || before == null;
        return begins || decision.refusal().isEmpty() || !answer(before).equals(answer(decision));
    }

    /**
     * The problem of a server is gone: what is decided about its next one is news, whatever was told before.
     *
     * @param key the server
     */
    public void problemOver(InstanceKey key) {
        if (last.containsKey(key)) {
            over.add(key);
        }
    }

    /** The same reason at the same gate is the same answer, whatever the facts say in passing. */
    private static String answer(Decision decision) {
        return (decision.analysis() == null ? "" : decision.analysis().code().name())
                + decision.refusal().map(v -> v.gate() + v.refusal()).orElse("go");
    }
}
