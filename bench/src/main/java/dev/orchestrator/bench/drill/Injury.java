package dev.orchestrator.bench.drill;

/** What is done to the primary. */
public enum Injury {
    /** kill -9. */
    CRASH,
    /** kill -STOP. */
    FREEZE
}
