package dev.orchestrator.engine.internal.core.decision;

import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells which findings have stood long enough for people to want to know why nothing is done about them: each once, and
 * again only after it was gone for as long, or was another one meanwhile. What comes and goes within that time, as
 * while a death is being confirmed, is no matter. Owned by one thread.
 */
public final class StandingFindings {
    private final long settled;
    private final Map<InstanceKey, Standing> standing = new HashMap<>();

    private record Standing(AnalysisCode code, long since, long lastSeen, boolean told) {}

    /**
     * What a look showed.
     *
     * @param due findings that nothing is done about, and that have stood long enough
     * @param over servers whose finding has been gone for long enough
     */
    public record Look(List<FailureAnalysis> due, Set<InstanceKey> over) {
        /** Copies both. */
        public Look {
            due = List.copyOf(due);
            over = Set.copyOf(over);
        }
    }

    /**
     * Findings of which none was seen yet.
     *
     * @param settled how long a finding must stand, or be gone
     */
    public StandingFindings(Duration settled) {
        this.settled = settled.toNanos();
    }

    /**
     * Looks at all that is found now.
     *
     * @param found all findings, at most one for a server
     * @param now monotonic time
     * @return what is to be told now
     */
    public Look look(List<FailureAnalysis> found, long now) {
        List<FailureAnalysis> due = new ArrayList<>();
        for (FailureAnalysis finding : found) {
            if (finding.code() != AnalysisCode.NO_PROBLEM) {
                Standing seen = seen(finding, now);
                boolean tell = !finding.actionable() && !seen.told && now - seen.since >= settled;
                if (tell) {
                    due.add(finding);
                }
                standing.put(finding.instance(), new Standing(seen.code, seen.since, now, seen.told || tell));
            }
        }
        return new Look(due, forgetGone(now));
    }

    private Standing seen(FailureAnalysis finding, long now) {
        Standing before = standing.get(finding.instance());
        return before != null && before.code == finding.code() ? before : new Standing(finding.code(), now, now, false);
    }

    private Set<InstanceKey> forgetGone(long now) {
        Set<InstanceKey> over = new HashSet<>();
        standing.forEach((key, seen) -> {
            if (now - seen.lastSeen >= settled) {
                over.add(key);
            }
        });
        standing.keySet().removeAll(over);
        return over;
    }

    /** Forgets all, as when this node leads no more. */
    public void clear() {
        standing.clear();
    }
}
