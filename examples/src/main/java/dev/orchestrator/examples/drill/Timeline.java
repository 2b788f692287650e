package dev.orchestrator.examples.drill;

import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.event.OrchestratorListener;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Listens to the orchestrator and writes down what happened when, counted from the injury. */
final class Timeline implements OrchestratorListener {
    private final Consumer<String> printer;
    private final InstanceKey injured;
    private final CompletableFuture<InstanceKey> promoted = new CompletableFuture<>();
    private final CompletableFuture<RecoveryRecord> ended = new CompletableFuture<>();
    private final List<String> lines = new ArrayList<>();
    private volatile @Nullable Instant zero;

    Timeline(InstanceKey injured, Consumer<String> printer) {
        this.injured = injured;
        this.printer = printer;
    }

    void begin(Instant at, String what) {
        zero = at;
        line(at, what);
    }

    /** The new primary, once it takes writes. */
    CompletableFuture<InstanceKey> promoted() {
        return promoted;
    }

    CompletableFuture<RecoveryRecord> ended() {
        return ended;
    }

    void line(Instant at, String what) {
        Instant start = zero;
        if (start == null) {
            return;
        }
        String line = String.format("%+8.1f ms  %s", Duration.between(start, at).toNanos() / 1e6, what);
        synchronized (lines) {
            lines.add(line);
        }
        printer.accept(line);
    }

    @Override
    public void onEvent(OrchestratorEvent event) {
        if (zero == null) {
            return;
        }
        if (event instanceof OrchestratorEvent.InstanceSuspected suspected) {
            line(event.at(), "suspected   " + suspected.instance() + ": " + suspected.sign());
        } else if (event instanceof OrchestratorEvent.InstanceLost lost
                && lost.instance().equals(injured)) {
            line(
                    event.at(),
                    "detected    " + lost.instance() + ": " + lost.failure().message());
        } else if (event instanceof OrchestratorEvent.AnalysisChanged changed
                && changed.analysis().instance().equals(injured)
                && changed.analysis().code() != AnalysisCode.NO_PROBLEM) {
            line(
                    event.at(),
                    "analysed    " + changed.analysis().code().compatibleName() + ": "
                            + String.join("; ", changed.analysis().evidence()));
        } else if (event instanceof OrchestratorEvent.DecisionMade made
                && made.instance().equals(injured)) {
            line(
                    event.at(),
                    made.decision()
                            .refusal()
                            .map(v -> "refused     " + v.gate() + ": " + v.facts())
                            .orElse("decided     recover"));
        } else if (event instanceof OrchestratorEvent.RecoveryStepped stepped) {
            step(stepped.step());
        } else if (event instanceof OrchestratorEvent.PrimaryPromoted promotion
                && promotion.recovery().failed().equals(injured)
                && promotion.recovery().successor() != null) {
            promoted.complete(promotion.recovery().successor());
        } else if (event instanceof OrchestratorEvent.RecoveryEnded over
                && over.recovery().failed().equals(injured)) {
            line(event.at(), "ended       " + (over.recovery().successful() ? "successfully" : "without success"));
            ended.complete(over.recovery());
        }
    }

    private void step(RecoveryStepRecord step) {
        switch (step.state()) {
            case DONE -> line(step.at().plus(step.duration()), "done        " + text(step));
            case FAILED -> line(step.at().plus(step.duration()), "FAILED      " + text(step));
            case NOTE, SKIPPED -> line(step.at(), "note        " + text(step));
            case RUNNING -> {
                // told again when it is done
            }
        }
    }

    private static String text(RecoveryStepRecord step) {
        String result = step.result().isEmpty() ? "" : " -> " + step.result();
        String instance = step.instance() == null ? "" : step.instance() + ": ";
        return "[" + step.phase() + "] " + instance + step.description() + result;
    }
}
