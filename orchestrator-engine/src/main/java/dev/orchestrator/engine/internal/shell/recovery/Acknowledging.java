package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.spi.RecoveryStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Acknowledges what has ended; how it ended does not depend on whether that can be written. */
final class Acknowledging {
    private static final Logger log = LoggerFactory.getLogger(Acknowledging.class);

    private Acknowledging() {}

    /** Returns what people are to do when it cannot be written, empty text when it was. */
    static String byHandElse(RecoveryStore recoveries, String uid, Actor by, String comment) {
        try {
            recoveries.acknowledge(RecoveryFilter.byUid(uid), by, comment);
            return "";
        } catch (OrchestratorException e) {
            String what = "recovery " + uid + " could not be acknowledged: ack-recovery, when the backend answers";
            log.atWarn().setCause(e).log(what);
            return what;
        }
    }
}
