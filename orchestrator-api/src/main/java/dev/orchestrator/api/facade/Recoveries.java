package dev.orchestrator.api.facade;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import java.util.List;

/** The recoveries that are remembered. Thread-safe; all methods ask the backend. */
public interface Recoveries {
    /**
     * Reads recoveries, the newest first.
     *
     * @param filter which
     */
    List<RecoveryRecord> find(RecoveryFilter filter);

    /**
     * Reads the steps of a recovery, in order.
     *
     * @param uid the recovery
     */
    List<RecoveryStepRecord> steps(String uid);

    /**
     * The recoveries that, by the anti-flapping period, keep a finding from being recovered automatically.
     *
     * @param finding what is wrong
     * @return the newest first
     */
    List<RecoveryRecord> blocking(FailureAnalysis finding);

    /**
     * Acknowledges recoveries, which lifts their block.
     *
     * @param filter which; only those not yet acknowledged are
     * @param by who
     * @param comment why; must say something
     * @return how many
     */
    int acknowledge(RecoveryFilter filter, Actor by, String comment);
}
