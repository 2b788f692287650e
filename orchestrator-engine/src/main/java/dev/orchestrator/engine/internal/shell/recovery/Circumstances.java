package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.plan.Decision;

/** What one recovery does differently from others. */
interface Circumstances {
    /** Nothing. */
    Circumstances USUAL = new Circumstances() {};

    /** Adds to a decision what stands behind it. */
    default Decision explained(Decision decision) {
        return decision;
    }

    /** What is noted in the recovery's steps at its begin; empty for nothing. */
    default String remark() {
        return "";
    }

    /** Told when the new primary is writable, before the others are repointed. Returns soon. */
    default void promoted(Instance primary) {}
}
