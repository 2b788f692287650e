package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.ServerBefore;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.util.Optional;

/**
 * How semi-sync is put back. Of a server that was to take over, and did not, the source side is switched off again: with it on, its
 * applier may wait for ever for acknowledgements. Not while it may be, or may have been, writable: its own commits that
 * wait would be acknowledged though nobody holds them.
 */
final class SemiSyncBack {
    private SemiSyncBack() {}

    static Optional<InstanceCommand> next(State s, Instance server) {
        boolean switchedOn = server.semiSync().sourceEnabled()
                && s.terms()
                        .before()
                        .of(server.key())
                        .filter(b -> !b.semiSyncSource())
                        .isPresent();
        boolean mayBeWritable = server.isWritable() || s.memory().allFallen().contains(server.key());
        return switchedOn && !mayBeWritable
                ? Optional.of(
                        new InstanceCommand.SetSemiSync(false, server.semiSync().replicaEnabled()))
                : Optional.empty();
    }

    /**
     * A primary that was to follow already waits for acknowledgements again. After it was opened: that it takes writes does
     * not depend on whether this can be switched on.
     */
    static Optional<InstanceCommand> onAgain(Instance primary, ServerBefore before) {
        return before.semiSyncSource() && !primary.semiSync().sourceEnabled()
                ? Optional.of(new InstanceCommand.SetSemiSync(true, before.semiSyncReplica()))
                : Optional.empty();
    }
}
