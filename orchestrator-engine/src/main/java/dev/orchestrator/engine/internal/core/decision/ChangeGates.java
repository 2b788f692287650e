package dev.orchestrator.engine.internal.core.decision;

import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What locks mean for a change that its own gates have let through. */
public final class ChangeGates {
    /** How often a change looks and asks for its locks: somebody may lock and unlock the same servers in between. */
    public static final int ATTEMPTS = 3;

    private static final String GATE = "is no lock in the way";

    private ChangeGates() {}

    /**
     * Which lock stands in the way.
     *
     * @param wanted what is to be locked
     * @param active the active locks
     * @return empty when all can be had
     */
    public static Optional<LockInfo> blocker(LockRequest wanted, Collection<LockInfo> active) {
        return active.stream()
                .filter(l -> wanted.isBlockedBy(l.instance(), l.shared()))
                .findFirst();
    }

    /**
     * A decision that a lock, or whoever holds one, refuses.
     *
     * @param decision the decision without it
     * @param reason the reason
     * @param facts who holds it, for people
     * @return the refusal
     */
    public static Decision refused(Decision decision, RefusalReason reason, String facts) {
        List<GateVerdict> verdicts = new ArrayList<>(decision.verdicts());
        verdicts.add(new GateVerdict(GATE, reason, facts));
        return new Decision(decision.analysis(), verdicts, null);
    }

    /**
     * Whether what would be changed by a second look is locked.
     *
     * @param again the second decision
     * @param wanted what it would lock
     * @param locked what was locked after the first
     * @return the refusal, empty when everything is
     */
    public static Optional<Decision> unlocked(Decision again, LockRequest wanted, Collection<InstanceKey> locked) {
        List<InstanceKey> unlocked = new ArrayList<>(wanted.all());
        unlocked.removeAll(locked);
        return unlocked.isEmpty()
                ? Optional.empty()
                : Optional.of(refused(
                        again,
                        RefusalReason.LOCKED,
                        unlocked + " would be changed as well, which was not so when the locks were taken; it is"
                                + " decided again at the next attempt"));
    }
}
