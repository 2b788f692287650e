package dev.orchestrator.simulation;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Something that must never be was seen in a simulated world. */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    Violation(String message) {
        super(message);
        this.problems = List.of(message);
    }

    private Violation(List<String> problems) {
        super("not converged: " + problems);
        this.problems = List.copyOf(problems);
    }

    /** A world has not become as it should be in its time. */
    static Violation notConverged(List<String> problems) {
        return new Violation(problems);
    }

    /**
     * What was seen, whoever it was seen of.
     *
     * @return each problem without names and numbers: two worlds violate the same when they agree in it
     */
    Set<String> kinds() {
        return problems.stream().map(Violation::kind).collect(Collectors.toSet());
    }

    /** The same sentence without names and numbers. */
    static String kind(String problem) {
        return problem.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}[-:,0-9]*", "GTIDS")
                .replaceAll("node[0-9]+", "SERVICE")
                .replaceAll("db[0-9]+(:[0-9]+)?", "SERVER")
                .replaceAll("[0-9]+", "N");
    }
}
