package dev.orchestrator.simulation;

import dev.orchestrator.api.CancelOutcome;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.simulation.node.SimulatedService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A change that a service was told to stop says what it makes of that, does so, and is over before long. */
final class CancelChecks {
    /** A demoted primary that is silent is waited for for a minute, and a successor that may be writable as well. */
    private static final Duration LONGEST = Duration.ofSeconds(100);

    private final Schedule world;
    private final Map<String, Asked> asked = new LinkedHashMap<>();

    /** One that was told. */
    private static final class Asked {
        private final SimulatedService node;
        private final long at;
        private @Nullable CancelOutcome outcome;

        private Asked(SimulatedService node, long at) {
            this.node = node;
            this.at = at;
        }
    }

    CancelChecks(Schedule world) {
        this.world = world;
    }

    void asked(SimulatedService node, String uid) {
        asked.putIfAbsent(uid, new Asked(node, world.events().now()));
    }

    void answered(String uid, CancelOutcome outcome) {
        Asked it = asked.get(uid);
        if (it != null) {
            it.outcome = outcome;
        }
    }

    /** Whoever goes on with what a service that vanished was told to stop knows nothing of that. */
    void over(SimulatedService node, String uid, State state) {
        Asked it = asked.remove(uid);
        if (it == null
                || it.node != node
                || state.end() == Effect.End.ABANDONED
                || state.memory().isOvertaken()) {
            return;
        }
        long waited = world.events().now() - it.at;
        CancelOutcome outcome = it.outcome;
        if (outcome == null) {
            // Whoever runs it says so at once; it may be just over in the same moment.
            if (waited > 0) {
                throw new Violation(uid + " was told to stop, and goes on to its end: " + state.end());
            }
            return;
        }
        boolean undone = outcome == CancelOutcome.ROLLS_BACK || outcome == CancelOutcome.STOPS;
        if (undone && state.end() != Effect.End.GIVEN_UP) {
            throw new Violation(uid + " was to stop (" + outcome.words() + "), and ends: " + state.end());
        }
        if (outcome == CancelOutcome.FINISHES
                && state.end() == Effect.End.GIVEN_UP
                && state.record().errors().isEmpty()) {
            throw new Violation(uid + " was to be finished, and is given up without a word");
        }
    }

    /** What is not over though it was told to stop long ago. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        asked.forEach((uid, it) -> {
            boolean late = world.events().now() - it.at > LONGEST.toNanos();
            if (late && it.node.process().runs() && it.node.running().contains(uid)) {
                problems.add(uid + " was told to stop long ago, and is not over");
            }
        });
        return problems;
    }
}
