package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Event.Saving;
import dev.orchestrator.engine.internal.shell.execution.Authority;
import dev.orchestrator.engine.internal.shell.execution.RecordPort;
import dev.orchestrator.engine.internal.shell.fencing.Fences;
import dev.orchestrator.spi.Right;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BiPredicate;

/**
 * Writes the record of a recovery and the fences that belong to it, side by side: each costs the outage a commit of the
 * backend. Both are in the backend, or the outcome is not known.
 */
final class RecordWriter implements RecordPort {
    private final RecordKeeper keeper;
    private final BiPredicate<Fence, Right> writing;
    private final Fences fences;
    private final Authority authority;
    private final Executor threads;

    RecordWriter(
            RecordKeeper keeper,
            BiPredicate<Fence, Right> writing,
            Fences fences,
            Authority authority,
            Executor threads) {
        this.authority = authority;
        this.keeper = keeper;
        this.writing = writing;
        this.fences = fences;
        this.threads = threads;
    }

    @Override
    public Saved save(Effect.Save save) {
        keeper.take(save.record());
        CompletableFuture<Boolean> fenced =
                save.fences().isEmpty() && save.released().isEmpty()
                        ? CompletableFuture.completedFuture(true)
                        : CompletableFuture.supplyAsync(() -> fence(save), threads);
        try {
            boolean written = keeper.save();
            boolean all = fenced.join();
            return written && all
                    ? new Saved(Saving.WRITTEN, "")
                    : new Saved(Saving.REFUSED, "the backend does not take this recovery for the current one any more");
        } catch (OrchestratorException e) {
            return new Saved(
                    Saving.UNKNOWN,
                    Objects.requireNonNullElse(e.getMessage(), e.code().name()));
        } catch (CompletionException e) {
            return new Saved(Saving.UNKNOWN, "a fence: " + (e.getCause() == null ? e : e.getCause()).getMessage());
        }
    }

    private boolean fence(Effect.Save save) {
        boolean all = save.released().isEmpty()
                || fences.release(
                        save.released(),
                        authority,
                        "promoted by recovery " + save.record().uid());
        for (Fence fence : save.fences()) {
            all &= writing.test(fence, authority.right());
        }
        return all;
    }
}
