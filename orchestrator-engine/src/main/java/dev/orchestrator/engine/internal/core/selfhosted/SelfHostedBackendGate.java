package dev.orchestrator.engine.internal.core.selfhosted;

import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.engine.internal.core.decision.RecoveryAttempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the primary that the backend itself lives on may be replaced, without the backend. */
public final class SelfHostedBackendGate {
    private static final String GATE = "can the backend's own primary be replaced";

    /** A promotion takes some tenths of a second; what cannot be finished is not begun. */
    private static final Duration ENOUGH = Duration.ofMillis(700);

    private SelfHostedBackendGate() {}

    /**
     * The lease cannot be renewed any more, and what is not known cannot be asked.
     *
     * @param attempt what is attempted
     * @param leads whether this node leads
     * @param remembered whether what operators want was ever read
     * @param crashed whether the server refuses connections
     * @param left how long the lease is certain
     * @return the refusal, empty when nothing stands in the way
     */
    public static Optional<Decision> refusal(
            RecoveryAttempt attempt, boolean leads, boolean remembered, boolean crashed, Duration left) {
        if (!leads) {
            return refused(attempt, "this node does not lead, or its lease ran out meanwhile");
        }
        if (!remembered) {
            return refused(attempt, "what operators want was never read by this leader");
        }
        if (!crashed) {
            return refused(
                    attempt,
                    "the backend's server " + attempt.failed() + " does not answer, but does not refuse connections"
                            + " either: it may be frozen or cut off, and hold the backend still");
        }
        return left.compareTo(ENOUGH) < 0
                ? refused(attempt, "the lease is certain for " + left.toMillis() + " ms more, which is not enough")
                : Optional.empty();
    }

    private static Optional<Decision> refused(RecoveryAttempt attempt, String why) {
        return Optional.of(
                attempt.refusedBy(List.of(), GATE, RefusalReason.BACKEND_UNAVAILABLE, why + "; nothing is done"));
    }

    /**
     * By what it is decided.
     *
     * @param age how old what was remembered is
     * @param journal where it is written down what is done
     * @return for people
     */
    public static String remark(Duration age, Object journal) {
        return "the backend is gone with this server: intents, locks and former recoveries are those that were read "
                + age.toMillis() + " ms before; the journal is " + journal;
    }

    /**
     * A decision that was made without the backend.
     *
     * @param decision the decision
     * @param remark by what it was decided
     * @return with that before all other verdicts
     */
    public static Decision explained(Decision decision, String remark) {
        List<GateVerdict> verdicts = new ArrayList<>(List.of(new GateVerdict(GATE, null, remark)));
        verdicts.addAll(decision.verdicts());
        return new Decision(decision.analysis(), verdicts, decision.plan());
    }
}
