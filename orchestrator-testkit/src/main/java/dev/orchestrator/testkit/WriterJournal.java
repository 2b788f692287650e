package dev.orchestrator.testkit;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.testkit.ContinuousWriter.Outcome;
import dev.orchestrator.testkit.ContinuousWriter.Write;
import dev.orchestrator.testkit.server.TestkitException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What became of every write. Thread-safe. */
final class WriterJournal {
    private final Instant startedAt = Instant.now();
    private final long startedNanos = System.nanoTime();
    private final List<Write> writes = new ArrayList<>();
    private long lastId;
    private int acknowledged;
    private String lastError = "none";

    /** An id that no other write has. */
    synchronized long nextId() {
        return ++lastId;
    }

    /** Notes the end of a write. */
    synchronized void ended(
            long id, InstanceKey server, Outcome outcome, @Nullable String gtid, @Nullable String error) {
        // The monotonic clock, so that differences between writes are true even when the wall clock is set.
        Instant now = startedAt.plusNanos(System.nanoTime() - startedNanos);
        writes.add(new Write(id, server, outcome, now, gtid, error));
        if (outcome == Outcome.ACKNOWLEDGED) {
            acknowledged++;
        }
        if (error != null) {
            lastError = error;
        }
        notifyAll();
    }

    /** Notes why no connection could be made. */
    synchronized void cannotConnect(String error) {
        lastError = error;
    }

    /** All writes so far. */
    public synchronized List<Write> writes() {
        return List.copyOf(writes);
    }

    /** How many were acknowledged so far. */
    public synchronized int acknowledgedCount() {
        return acknowledged;
    }

    /** Waits for a condition on this journal. */
    public synchronized void await(BooleanSupplier condition, String what, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            while (!condition.getAsBoolean()) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new TestkitException("no " + what + " within " + limit.toMillis() + " ms; " + acknowledged
                            + " acknowledged, last error: " + lastError);
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TestkitException("interrupted while waiting for " + what, e);
        }
    }
}
