package dev.orchestrator.engine.internal.core.selfhosted;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one recovery wrote while there was no backend, and what of it the backend is still to be given: the record first,
 * as all the rest is taken under it, then its fences, then the steps. Not thread-safe.
 */
public final class OfflineLedger {
    /** Its end and its completions come late: the first write, the former primary's return. */
    private static final Duration COMPLETED_WITHIN = Duration.ofMinutes(10);

    private @Nullable RecoveryRecord record;
    private @Nullable RecoveryRecord brought;
    private final List<Delivery.FenceChange> fences = new ArrayList<>();
    private final List<Delivery.Enforce> enforced = new ArrayList<>();
    private final Map<Integer, RecoveryStepRecord> steps = new TreeMap<>();

    /**
     * The recovery as it stands.
     *
     * @return empty when none was registered
     */
    public Optional<RecoveryRecord> record() {
        return Optional.ofNullable(record);
    }

    /**
     * Takes a state of the record.
     *
     * @param next the latest one
     */
    public void take(RecoveryRecord next) {
        record = next;
    }

    /**
     * Takes a state of a step.
     *
     * @param row the latest one
     */
    public void take(RecoveryStepRecord row) {
        steps.put(row.number(), row);
    }

    /**
     * Takes a change of a fence.
     *
     * @param fence as it is then
     * @param added whether it is new
     */
    public void take(Fence fence, boolean added) {
        fences.add(new Delivery.FenceChange(fence, added));
    }

    /**
     * A fence is to be enforced, from the moment on when the backend has it.
     *
     * @param fence which
     */
    public void enforce(Fence fence) {
        enforced.add(new Delivery.Enforce(fence));
    }

    /**
     * A fence is not to be enforced any more.
     *
     * @param fence which
     */
    public void leave(Fence fence) {
        enforced.remove(new Delivery.Enforce(fence));
    }

    /**
     * By whose name it is brought: no lease stands behind it, as that of the recovery ended with the backend that it was
     * granted in.
     *
     * @param otherwise when nothing was registered
     * @return the token of the node whose journal this is
     */
    public String token(String otherwise) {
        return record().map(RecoveryRecord::nodeToken).orElse(otherwise);
    }

    /**
     * What is to be brought next.
     *
     * @return empty when the backend has all of it
     */
    public Optional<Delivery> next() {
        // As long as the same state is there, whatever it says.
        if (record != null && record != brought) {
            return Optional.of(new Delivery.Record(record, brought == null));
        }
        if (!fences.isEmpty()) {
            return Optional.of(fences.get(0));
        }
        if (!enforced.isEmpty()) {
            return Optional.of(enforced.get(0));
        }
        return steps.values().stream().findFirst().map(Delivery.Step::new);
    }

    /**
     * The backend has taken it, or will never take it.
     *
     * @param delivery what was brought
     */
    public void delivered(Delivery delivery) {
        delivery.match(new Delivery.Cases() {
            @Override
            public void record(Delivery.Record it) {
                brought = it.now();
            }

            @Override
            public void fence(Delivery.FenceChange it) {
                fences.remove(it);
            }

            @Override
            public void enforce(Delivery.Enforce it) {
                enforced.remove(it);
            }

            @Override
            public void step(Delivery.Step it) {
                steps.remove(it.row().number(), it.row());
            }
        });
    }

    /**
     * Whether the recovery has ended, so that nothing but completions can come.
     *
     * @return false also before it was registered
     */
    public boolean hasEnded() {
        return record().filter(r -> !r.isActive()).isPresent();
    }

    /**
     * Whether nothing more can come of it.
     *
     * @param now the time of day
     * @return true some minutes after its end
     */
    public boolean isOver(Instant now) {
        return record().map(RecoveryRecord::endedAt)
                .filter(end -> end.isBefore(now.minus(COMPLETED_WITHIN)))
                .isPresent();
    }
}
