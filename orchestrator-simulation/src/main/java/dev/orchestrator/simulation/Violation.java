package dev.orchestrator.simulation;

/** Something that must never be was seen in a simulated world. */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    Violation(String message) {
        super(message);
    }
}
