package dev.orchestrator.simulation.node;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.engine.internal.core.decision.ChangeGates;
import dev.orchestrator.engine.internal.core.decision.LockWords;
import dev.orchestrator.spi.LockStore;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes a change through what stands before and around it, in the order in which the engine's runner does: gates, locks,
 * a fresh reading, the gates again, the run, and the release of the locks. Not thread-safe.
 *
 * @param <R> what its run is told
 */
final class ChangeRun<R> {
    private final SimulatedService node;
    private final Change<R> change;
    private String holder = "";

    /**
     * A change that was decided.
     *
     * @param decision the gates it went through
     * @param locks what is to be locked
     * @param ready what its run is told, null when it was refused
     * @param <R> its kind
     */
    record Prepared<R>(
            Decision decision, LockRequest locks, @Nullable R ready) {
        static <R> Prepared<R> refused(Decision decision) {
            return new Prepared<>(decision, LockRequest.of(List.of(), List.of()), null);
        }

        boolean isAllowed() {
            return decision.refusal().isEmpty();
        }

        R what() {
            return Objects.requireNonNull(ready, "it was refused, or not looked at again");
        }
    }

    /**
     * Something that somebody wants changed.
     *
     * @param <R> what its run is told
     */
    interface Change<R> {
        Actor actor();

        String lockReason();

        /** Looks whether it may be made; told nothing when the backend did not answer. */
        void look(Consumer<Optional<Prepared<R>>> told);

        /** The same on fresh readings, with the locks in hand. */
        void lookAgain(SimulatedLock lock, Consumer<Optional<Prepared<R>>> told);

        void run(Prepared<R> prepared, SimulatedLock lock, Runnable over);

        void refused(Decision decision);

        /** The backend did not answer before anything was done. */
        void unanswered();
    }

    ChangeRun(SimulatedService node, Change<R> change) {
        this.node = node;
        this.change = change;
    }

    void begin() {
        attempt(1);
    }

    private void attempt(int number) {
        change.look(looked -> {
            if (looked.isEmpty()) {
                change.unanswered();
            } else if (!looked.get().isAllowed()) {
                change.refused(looked.get().decision());
            } else if (number > ChangeGates.ATTEMPTS) {
                change.refused(ChangeGates.refused(looked.get().decision(), RefusalReason.LOCKED, holder));
            } else {
                lock(looked.get(), number);
            }
        });
    }

    private void lock(Prepared<R> first, int number) {
        SimulatedLock.acquire(node, first.locks(), change.actor(), change.lockReason(), (lock, answer) -> {
            if (lock != null) {
                underLocks(lock);
            } else if (answer.isEmpty()) {
                change.unanswered();
            } else {
                holder = LockWords.refusal(
                        answer.map(LockStore.Attempt::blockers).orElseThrow());
                attempt(number + 1);
            }
        });
    }

    private void underLocks(SimulatedLock lock) {
        change.lookAgain(lock, looked -> {
            if (looked.isEmpty()) {
                lock.close();
                change.unanswered();
                return;
            }
            Prepared<R> again = looked.get();
            Optional<Decision> refusal = again.isAllowed()
                    ? ChangeGates.unlocked(again.decision(), again.locks(), lock.instances())
                    : Optional.of(again.decision());
            if (refusal.isPresent()) {
                lock.close();
                change.refused(refusal.get());
            } else {
                change.run(again, lock, lock::close);
            }
        });
    }
}
