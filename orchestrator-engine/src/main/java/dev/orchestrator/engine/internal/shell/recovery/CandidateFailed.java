package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.model.InstanceKey;

/** The chosen replica cannot take over after all; another one may. */
final class CandidateFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient InstanceKey candidate;
    private final boolean banned;

    /**
     * Tells who and why.
     *
     * @param candidate the chosen replica
     * @param banned whether it must not be chosen again; false when only the choice must be made anew
     * @param why in words
     */
    CandidateFailed(InstanceKey candidate, boolean banned, String why) {
        super(why, null, false, false);
        this.candidate = candidate;
        this.banned = banned;
    }

    InstanceKey candidate() {
        return candidate;
    }

    boolean banned() {
        return banned;
    }
}
