package dev.orchestrator.engine.internal.core.event;

import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.event.OrchestratorEvent.LeadershipChanged;
import dev.orchestrator.api.event.OrchestratorEvent.PrimaryChanged;
import dev.orchestrator.api.event.OrchestratorEvent.PrimaryPromoted;
import dev.orchestrator.api.event.OrchestratorEvent.RecoveryEnded;
import dev.orchestrator.api.event.OrchestratorEvent.RecoveryStarted;
import dev.orchestrator.api.event.SomeEvents;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The order in which a change of primary is told. The snapshot of the fleet and the recovery that changes it come from
 * different threads; listeners hear of a change once, and after the promotion that brought it: while a recovery of the
 * primary is under way, what the snapshot shows of it waits for {@link PrimaryPromoted} or the recovery's end. Not
 * thread-safe.
 */
public final class PrimaryOrder {
    private final Map<ClusterId, Told> clusters = new HashMap<>();

    /** What listeners know of one cluster, and what they are to hear yet. */
    private static final class Told {
        /** Whether anything was told of its primary, or shown: before that the next two say nothing. */
        private boolean known;

        private @Nullable InstanceKey told;
        private @Nullable InstanceKey shown;
        private @Nullable RecoveryRecord recovery;
        private boolean promoted;

        void shows(PrimaryChanged change) {
            if (!known) {
                known = true;
                told = change.former();
                forgetOthersRecovery();
            }
            shown = change.primary();
        }

        void begins(RecoveryRecord record) {
            recovery = record;
            promoted = false;
            forgetOthersRecovery();
        }

        /** The recovery of another server than the primary changes no primary. */
        private void forgetOthersRecovery() {
            if (known && recovery != null && !recovery.failed().equals(told) && !mayFallBack(recovery)) {
                recovery = null;
            }
        }

        /** One that was left half done may yet end with the former primary in the place of its successor. */
        private boolean mayFallBack(RecoveryRecord left) {
            return left.type().promotes() && told != null && told.equals(left.successor());
        }

        boolean hasNews() {
            boolean free = recovery == null || (promoted && Objects.equals(shown, recovery.successor()));
            return known && free && !Objects.equals(told, shown);
        }
    }

    /**
     * Takes an event.
     *
     * @param event the event
     * @return what is to be told now, in order
     */
    public List<OrchestratorEvent> admit(OrchestratorEvent event) {
        return event.match(new Admission());
    }

    private final class Admission implements SomeEvents<List<OrchestratorEvent>> {
        private final List<OrchestratorEvent> now = new ArrayList<>(2);

        @Override
        public List<OrchestratorEvent> primaryChanged(PrimaryChanged it) {
            Told cluster = cluster(it.cluster());
            cluster.shows(it);
            tell(it.cluster(), cluster, it.at(), now);
            return now;
        }

        @Override
        public List<OrchestratorEvent> recoveryStarted(RecoveryStarted it) {
            ClusterId id = it.recovery().cluster();
            release(id, cluster(id), it.at(), now);
            cluster(id).begins(it.recovery());
            return otherwise(it);
        }

        @Override
        public List<OrchestratorEvent> primaryPromoted(PrimaryPromoted it) {
            otherwise(it);
            promoted(it, now);
            return now;
        }

        @Override
        public List<OrchestratorEvent> recoveryEnded(RecoveryEnded it) {
            otherwise(it);
            end(it, now);
            return now;
        }

        /** Whoever leads next goes on with recoveries of ours; their end may never be told here. */
        @Override
        public List<OrchestratorEvent> leadershipChanged(LeadershipChanged it) {
            otherwise(it);
            if (!it.leading()) {
                clusters.forEach((id, cluster) -> release(id, cluster, it.at(), now));
            }
            return now;
        }

        @Override
        public List<OrchestratorEvent> otherwise(OrchestratorEvent event) {
            now.add(event);
            return now;
        }
    }

    private Told cluster(ClusterId id) {
        return clusters.computeIfAbsent(id, i -> new Told());
    }

    private void promoted(PrimaryPromoted promotion, List<OrchestratorEvent> now) {
        RecoveryRecord record = promotion.recovery();
        Told cluster = cluster(record.cluster());
        if (cluster.recovery != null) {
            cluster.recovery = record;
            cluster.promoted = true;
            tell(record.cluster(), cluster, promotion.at(), now);
        }
    }

    private void end(RecoveryEnded ended, List<OrchestratorEvent> now) {
        Told cluster = cluster(ended.recovery().cluster());
        RecoveryRecord active = cluster.recovery;
        if (active != null && active.uid().equals(ended.recovery().uid())) {
            release(ended.recovery().cluster(), cluster, ended.at(), now);
        }
    }

    private static void release(ClusterId id, Told cluster, Instant at, List<OrchestratorEvent> now) {
        cluster.recovery = null;
        cluster.promoted = false;
        tell(id, cluster, at, now);
    }

    private static void tell(ClusterId id, Told cluster, Instant at, List<OrchestratorEvent> now) {
        if (cluster.hasNews()) {
            now.add(new PrimaryChanged(at, id, cluster.told, cluster.shown));
            cluster.told = cluster.shown;
        }
    }
}
