package dev.orchestrator.simulation.backend;

import dev.orchestrator.api.recovery.RecoveryRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The rows that statements meet, and what a replica of the backend had of them at any moment of the last seconds. When it
 * takes over, some service may still reach the former one for a while, which is read-only then. Not thread-safe.
 */
final class Copies {
    private static final long KEPT = Duration.ofSeconds(3).toNanos();

    private final Deque<Kept> kept = new ArrayDeque<>();
    private final Map<String, Rows> former = new HashMap<>();
    private Rows current;

    /** What was there from then on, until the next. */
    private record Kept(long since, Rows rows) {}

    Copies(Rows first) {
        current = first;
        kept.add(new Kept(0, first.copy()));
    }

    Rows current() {
        return current;
    }

    /** Those that a service reaches. */
    Rows of(String service) {
        return former.isEmpty() ? current : former.getOrDefault(service, current);
    }

    /** Something was written. */
    void keep(long now) {
        kept.addLast(new Kept(now, current.copy()));
        while (kept.size() > 1 && kept.peekFirst().since() < now - KEPT) {
            kept.removeFirst();
        }
    }

    /** A replica takes over, which has what it must not lack, whenever that was written. */
    void failOver(long asOf, Predicate<RecoveryRecord> had) {
        Rows before = kept.getFirst().rows();
        for (Kept one : kept) {
            before = one.since() <= asOf ? one.rows() : before;
        }
        Rows former = current;
        former.writes().refuse(true);
        current = before.copy();
        current.complete(former, had);
        kept.clear();
        kept.add(new Kept(asOf, current.copy()));
    }

    /** One service still reaches what is the present one now, whatever takes over. */
    void stay(String service) {
        former.put(service, current);
    }

    void allMove() {
        former.clear();
    }
}
