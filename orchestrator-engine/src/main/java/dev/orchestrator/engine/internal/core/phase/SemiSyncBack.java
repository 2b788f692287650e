package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.util.Optional;

/**
 * How the semi-sync source side of a server that was to take over, and did not, is switched off again: with it on, its
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
}
