package dev.orchestrator.engine.internal.core.recovery;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.recovery.RecoveryRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The record of one recovery as it grows, by what its procedure comes to and by what others find out meanwhile. Each state
 * that is sent to the backend has a number of its own: an earlier one that is carried out late changes nothing any more.
 * Not thread-safe.
 */
public final class GrowingRecord {
    private RecoveryRecord current;
    private final List<UnaryOperator<RecoveryRecord>> completions = new ArrayList<>();
    private long version;

    /**
     * A record that is in the backend.
     *
     * @param registered as it stands there
     */
    public GrowingRecord(RecoveryRecord registered) {
        this.current = registered;
        this.version = registered.version();
    }

    /**
     * The record.
     *
     * @return its latest state, sent or not
     */
    public RecoveryRecord current() {
        return current;
    }

    /**
     * Completes the record by what its procedure does not know.
     *
     * @param completion what is known more; applied now and to every state that comes later
     */
    public void complete(UnaryOperator<RecoveryRecord> completion) {
        completions.add(completion);
        current = completion.apply(current);
    }

    /**
     * Takes the state that its procedure has come to; what others completed meanwhile stays.
     *
     * @param next the state
     * @return the state with that
     */
    public RecoveryRecord take(RecoveryRecord next) {
        current = next;
        for (UnaryOperator<RecoveryRecord> completion : completions) {
            current = completion.apply(current);
        }
        return current;
    }

    /**
     * What is to be registered anew where a backend has lost it: the slot first, so that its fences can be written, and its
     * end as the next state.
     *
     * @return the latest state, under way
     */
    public RecoveryRecord underWay() {
        return current.toBuilder().endedAt(null).build();
    }

    /**
     * The state to be sent now.
     *
     * @return the latest one, under the next number
     */
    public RecoveryRecord numbered() {
        version++;
        current = current.toBuilder().version(version).build();
        return current;
    }

    /**
     * The backend did not take the state that was sent. A leader that completed what the former primary holds alone may
     * have been quicker: ours is the later state, with that in it.
     *
     * @param stored what stands there
     * @return whether that was so, and it can be sent again
     */
    public boolean isPassedBy(RecoveryRecord stored) {
        if (stored.version() < version) {
            return false;
        }
        version = stored.version();
        GtidSet found = stored.lostGtids();
        if (found != null) {
            complete(r -> r.toBuilder()
                    .lostGtids(r.lostGtids() == null ? found : r.lostGtids().union(found))
                    .build());
        }
        return true;
    }
}
