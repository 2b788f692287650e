package dev.orchestrator.simulation.mutants;

import java.lang.instrument.Instrumentation;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** By whose leave classes are exchanged while they run: all that is not exchanged stays compiled. */
final class Agent {
    private static volatile @Nullable Instrumentation given;

    private Agent() {}

    /**
     * Called before the main class.
     *
     * @param args none
     * @param instrumentation the leave
     */
    public static void premain(String args, Instrumentation instrumentation) {
        given = instrumentation;
    }

    static Instrumentation leave() {
        return Objects.requireNonNull(given, "not started as an agent: see bench/mutants");
    }
}
