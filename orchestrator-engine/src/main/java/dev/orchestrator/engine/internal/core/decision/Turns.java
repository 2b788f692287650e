package dev.orchestrator.engine.internal.core.decision;

import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whose turn it is. Each finding has its own, so that one that is refused for good does not keep another of its cluster
 * from being decided; but in a cluster only one is worked on at a time. Of several that are due, the one whose last turn
 * is longest ago goes first, and of those that had none the first, which is the gravest. Not thread-safe.
 */
public final class Turns {
    /** After a refusal by something that only time or an operator changes. */
    public static final Duration AFTER_REFUSAL = Duration.ofSeconds(1);

    /** After a refusal by something that changes from one reading to the next. */
    private static final Duration AFTER_DOUBT = Duration.ofMillis(100);

    private record Finding(ClusterId cluster, InstanceKey instance, Optional<RecoveryType> type) {
        static Finding of(FailureAnalysis analysis) {
            return new Finding(analysis.cluster(), analysis.instance(), RecoveryType.about(analysis.code()));
        }
    }

    private record Turn(long order, boolean working, long notBefore) {}

    private final Map<Finding, Turn> turns = new HashMap<>();
    private long given;

    /**
     * Takes a turn for one finding of each cluster, where one is due.
     *
     * @param findings what stands, the gravest first
     * @param now the ticker's reading
     * @return those whose turn it is
     */
    public List<FailureAnalysis> take(List<FailureAnalysis> findings, long now) {
        List<FailureAnalysis> taken = new ArrayList<>();
        Set<ClusterId> busy = new HashSet<>();
        turns.forEach((finding, turn) -> {
            if (turn.working()) {
                busy.add(finding.cluster());
            }
        });
        for (FailureAnalysis finding : findings) {
            if (!busy.contains(finding.cluster())) {
                findings.stream()
                        .filter(f -> f.cluster().equals(finding.cluster()) && isDue(f, now))
                        .min((a, b) -> Long.compare(lastTurn(a), lastTurn(b)))
                        .ifPresent(f -> {
                            turns.put(Finding.of(f), new Turn(++given, true, 0));
                            taken.add(f);
                        });
                busy.add(finding.cluster());
            }
        }
        return taken;
    }

    private boolean isDue(FailureAnalysis finding, long now) {
        Turn turn = turns.get(Finding.of(finding));
        return turn == null || now - turn.notBefore() >= 0;
    }

    private long lastTurn(FailureAnalysis finding) {
        Turn turn = turns.get(Finding.of(finding));
        return turn == null ? 0 : turn.order();
    }

    /**
     * Ends a finding's turn.
     *
     * @param finding the finding
     * @param notBefore by the ticker, when its next turn is due
     */
    public void giveBack(FailureAnalysis finding, long notBefore) {
        turns.computeIfPresent(Finding.of(finding), (f, turn) -> new Turn(turn.order(), false, notBefore));
    }

    /** All that are not worked on are due at once. */
    public void forgetPauses() {
        turns.values().removeIf(t -> !t.working());
    }

    /**
     * Whether any finding has its turn now.
     *
     * @return true when one is worked on
     */
    public boolean anyWorking() {
        return turns.values().stream().anyMatch(Turn::working);
    }

    /**
     * How long a finding waits for its next turn.
     *
     * @param refusal what its last turn was refused by, empty when it was acted on
     * @return the pause
     */
    public static Duration pauseAfter(Optional<GateVerdict> refusal) {
        return refusal.map(GateVerdict::refusal)
                .filter(r -> r == RefusalReason.NOT_CONFIRMED || r == RefusalReason.NO_PROBLEM)
                .map(r -> AFTER_DOUBT)
                .orElse(AFTER_REFUSAL);
    }
}
