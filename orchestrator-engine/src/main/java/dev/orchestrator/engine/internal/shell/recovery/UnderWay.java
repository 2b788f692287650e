package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.engine.internal.core.decision.Turns;
import dev.orchestrator.engine.internal.shell.schedule.MonitorWait;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * What this node is about to do or does about recoveries: findings whose turn it is, persons' orders, and interrupted
 * recoveries that are gone on with. Nothing is begun once it is closed. Thread-safe.
 */
final class UnderWay {
    private final Ticker ticker;
    // Guarded by the monitor.
    private final Turns turns = new Turns();
    // Guarded by the monitor: orders and interrupted recoveries.
    private int others;
    // Guarded by the monitor.
    private boolean closed;

    UnderWay(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Those findings whose turn it is now. */
    synchronized List<FailureAnalysis> take(List<FailureAnalysis> findings) {
        return closed ? List.of() : turns.take(findings, ticker.nanos());
    }

    /** A finding was dealt with; it is not taken again before the pause is over. */
    synchronized void giveBack(FailureAnalysis finding, Duration pause) {
        turns.giveBack(finding, ticker.nanos() + pause.toNanos());
        notifyAll();
    }

    synchronized void forgetPauses() {
        turns.forgetPauses();
    }

    /**
     * Something else is done, on the caller's thread.
     *
     * @throws OrchestratorException with {@code NOT_RUNNING} when it is closed
     */
    <T> T during(String what, Supplier<T> work) {
        if (!tryEnter()) {
            throw new OrchestratorException(ErrorCode.NOT_RUNNING, "cannot " + what + ": the orchestrator is closed");
        }
        try {
            return work.get();
        } finally {
            leave();
        }
    }

    /** Something else begins, on another thread; false when it is closed. */
    synchronized boolean tryEnter() {
        if (!closed) {
            others++;
        }
        return !closed;
    }

    synchronized void leave() {
        others--;
        notifyAll();
    }

    /** Whether no finding is being dealt with. */
    synchronized boolean isIdle() {
        return !turns.anyWorking();
    }

    /** Waits until nothing is under way. Returns whether that is so. */
    boolean awaitNone(Duration limit) {
        return MonitorWait.until(this, () -> others == 0 && !turns.anyWorking(), limit, ticker);
    }

    synchronized void close() {
        closed = true;
    }
}
