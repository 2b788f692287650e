package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.spi.RecoveryStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Acknowledges what has ended; how it ended does not depend on whether that can be written. */
final class Acknowledging {
    private static final Logger log = LoggerFactory.getLogger(Acknowledging.class);

    private static final int RECENTLY = 100;

    private Acknowledging() {}

    /** Returns what people are to do when it cannot be written, empty text when it was. */
    static String byHandElse(RecoveryStore recoveries, String uid, Actor by, String comment) {
        String notDone = "recovery " + uid + " could not be acknowledged: ack-recovery, when the backend answers";
        return acknowledge(recoveries, RecoveryFilter.byUid(uid), by, comment, notDone) ? "" : notDone;
    }

    /** An operator who orders a recovery of a server knows of the ones before. */
    static void former(RecoveryStore recoveries, RecoveryRecord ordered) {
        acknowledge(
                recoveries,
                new RecoveryFilter(null, null, null, null, ordered.failed(), false, true, 0, RECENTLY),
                ordered.actor(),
                "a recovery was ordered by hand: " + ordered.uid(),
                "former recoveries of " + ordered.failed() + " cannot be acknowledged");
    }

    private static boolean acknowledge(
            RecoveryStore recoveries, RecoveryFilter which, Actor by, String comment, String notDone) {
        try {
            recoveries.acknowledge(which, by, comment);
            return true;
        } catch (OrchestratorException e) {
            log.atWarn().setCause(e).log(notDone);
            return false;
        }
    }
}
