package dev.orchestrator.engine.internal.shell.execution;

import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.StepId;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import java.util.HashMap;
import java.util.Map;

/** Keeps one row for each step, however often it is tried. Owned by the runner's thread. */
final class StepRows {
    private final StepLog log;
    private final Map<StepId, StepLog.Running> rows = new HashMap<>();

    StepRows(StepLog log) {
        this.log = log;
    }

    void begun(Effect.Run run) {
        StepLog.Running row = rows.get(run.id());
        if (row == null) {
            rows.put(run.id(), log.begin(run.id().phase(), run.id().server(), run.describe()));
        }
    }

    void ended(Effect.Run run, StepResult result) {
        StepLog.Running row = rows.get(run.id());
        if (row == null) {
            return;
        }
        switch (result.kind()) {
            case DONE -> {
                row.done("");
                // Told again later, it is another row: the state it was done in is over.
                rows.remove(run.id());
            }
            case NOT_YET -> row.progress(result.words());
            case FAILED, UNKNOWN -> row.failed(result.words());
        }
    }

    void note(Effect.Note note) {
        log.note(note.phase(), note.server(), note.text());
    }
}
