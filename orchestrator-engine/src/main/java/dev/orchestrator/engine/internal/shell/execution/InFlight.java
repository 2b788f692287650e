package dev.orchestrator.engine.internal.shell.execution;

import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run has under way, and until when each of it can take. A command is carried out before its guard's deadline or
 * not at all, so what is still missing a moment after the latest deadline is an answer, not a action. Thread-safe.
 */
final class InFlight {
    private static final Logger log = LoggerFactory.getLogger(InFlight.class);
    /** How much later than its deadline an answer may come. */
    static final Duration LATE = Duration.ofSeconds(2);

    private final Ticker ticker;
    private final Map<Part, Long> parts = new ConcurrentHashMap<>();

    InFlight(Ticker ticker) {
        this.ticker = ticker;
    }

    /** One thing under way. */
    final class Part {
        private final String what;
        private final Duration longest;
        private final Runnable late;
        private final CountDownLatch over = new CountDownLatch(1);
        private final AtomicBoolean answered = new AtomicBoolean();

        private Part(String what, Duration longest, Runnable late) {
            this.what = what;
            this.longest = longest;
            this.late = late;
        }

        /** It begins only now: its time runs from here. */
        void begins() {
            parts.replace(this, ticker.nanos() + longest.toNanos());
        }

        /** Passes its end on, unless it was given up as late. */
        void answer(Runnable end) {
            if (answered.compareAndSet(false, true)) {
                end.run();
            }
        }

        void ends() {
            parts.remove(this);
            over.countDown();
        }

        private void giveUp() {
            answer(() -> {
                log.atError()
                        .addKeyValue("what", what)
                        .addKeyValue("longest", longest)
                        .log("no answer although its time is over: it is not waited for, as the server no longer"
                                + " carries it out");
                late.run();
            });
            ends();
        }

        private void awaitEnd(long nanos) throws InterruptedException {
            if (!over.await(nanos, TimeUnit.NANOSECONDS)) {
                log.atError()
                        .addKeyValue("what", what)
                        .addKeyValue("longest", longest)
                        .log("no answer although its time is over: its locks are released, as the server no longer"
                                + " carries it out");
            }
        }
    }

    /** Something begins; whoever is told {@code late} hears no answer any more. */
    Part add(String what, Duration longest, Runnable late) {
        Part part = new Part(what, longest, late);
        parts.put(part, ticker.nanos() + longest.toNanos());
        return part;
    }

    /** Gives up what has had its time, and a moment for its answer. */
    void giveUpLate() {
        long now = ticker.nanos();
        parts.forEach((part, until) -> {
            if (now - until - LATE.toNanos() > 0) {
                part.giveUp();
            }
        });
    }

    /** How long all of it can take from now on. */
    Duration longest() {
        long now = ticker.nanos();
        long left =
                parts.values().stream().mapToLong(until -> until - now).max().orElse(0);
        return parts.isEmpty()
                ? Duration.ZERO
                : Duration.ofNanos(Math.max(0, left)).plus(LATE);
    }

    /** Waits until nothing is under way, but no longer than it can take. Returns whether this thread was interrupted. */
    boolean await() {
        boolean interrupted = false;
        long end = ticker.nanos() + longest().toNanos();
        for (Part part : parts.keySet()) {
            boolean waited = false;
            while (!waited) {
                try {
                    part.awaitEnd(end - ticker.nanos());
                    waited = true;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        return interrupted;
    }
}
