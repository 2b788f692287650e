package dev.orchestrator.bench.drill;

import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.event.OrchestratorEvent.AnalysisChanged;
import dev.orchestrator.api.event.OrchestratorEvent.DecisionMade;
import dev.orchestrator.api.event.OrchestratorEvent.InstanceLost;
import dev.orchestrator.api.event.OrchestratorEvent.InstanceSuspected;
import dev.orchestrator.api.event.OrchestratorEvent.PrimaryPromoted;
import dev.orchestrator.api.event.OrchestratorEvent.RecoveryEnded;
import dev.orchestrator.api.event.OrchestratorEvent.RecoveryStepped;
import dev.orchestrator.api.event.OrchestratorListener;
import dev.orchestrator.api.event.SomeEvents;
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
        event.match(lines(event.at())).run();
    }

    /** What is written down of each kind of event. */
    private SomeEvents<Runnable> lines(Instant at) {
        return new SomeEvents<>() {
            @Override
            public Runnable instanceSuspected(InstanceSuspected it) {
                return () -> line(at, "suspected   " + it.instance() + ": " + it.sign());
            }

            @Override
            public Runnable instanceLost(InstanceLost it) {
                return about(
                        it.instance(),
                        () -> line(
                                at,
                                "detected    " + it.instance() + ": "
                                        + it.failure().message()));
            }

            @Override
            public Runnable analysisChanged(AnalysisChanged it) {
                return about(it.analysis().instance(), () -> analysed(at, it.analysis()));
            }

            @Override
            public Runnable decisionMade(DecisionMade it) {
                String refused = it.decision()
                        .refusal()
                        .map(v -> "refused     " + v.gate() + ": " + v.facts())
                        .orElse("decided     recover");
                return about(it.instance(), () -> line(at, refused));
            }

            @Override
            public Runnable recoveryStepped(RecoveryStepped it) {
                return () -> step(it.step());
            }

            @Override
            public Runnable primaryPromoted(PrimaryPromoted it) {
                return about(it.recovery().failed(), () -> promoted(it.recovery()));
            }

            @Override
            public Runnable recoveryEnded(RecoveryEnded it) {
                return about(it.recovery().failed(), () -> ended(at, it.recovery()));
            }

            @Override
            public Runnable otherwise(OrchestratorEvent other) {
                return () -> {};
            }
        };
    }

    private Runnable about(InstanceKey instance, Runnable line) {
        return instance.equals(injured) ? line : () -> {};
    }

    private void analysed(Instant at, FailureAnalysis finding) {
        if (finding.code() != AnalysisCode.NO_PROBLEM) {
            line(at, "analysed    " + finding.code().compatibleName() + ": " + String.join("; ", finding.evidence()));
        }
    }

    private void promoted(RecoveryRecord recovery) {
        if (recovery.successor() != null) {
            promoted.complete(recovery.successor());
        }
    }

    /** Where a node lost the right to act, another one goes on, and tells the end. */
    private void ended(Instant at, RecoveryRecord recovery) {
        if (!recovery.isActive()) {
            line(at, "ended       " + (recovery.successful() ? "successfully" : "without success"));
            ended.complete(recovery);
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
