package dev.orchestrator.engine.internal.shell.detection;

import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.analysis.StructureWarning;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log which servers refuse our account, and when one does no longer. Owned by the detection thread. */
final class Refusals {
    private static final Logger log = LoggerFactory.getLogger(Refusals.class);

    private final Set<InstanceKey> refusing = new HashSet<>();

    void tell(Fleet fleet, List<FailureAnalysis> found) {
        found.stream()
                .filter(f -> f.warnings().contains(StructureWarning.ACCOUNT_REFUSED))
                .filter(f -> refusing.add(f.instance()))
                .forEach(f -> log.atWarn()
                        .addKeyValue("cluster", f.cluster())
                        .addKeyValue("instance", f.instance())
                        .addKeyValue("evidence", f.evidence())
                        .log("a server refuses our account: it can be neither watched nor recovered until the account"
                                + " is made there, or the right one is configured"));
        refusing.removeIf(key -> isOver(fleet, key));
    }

    private static boolean isOver(Fleet fleet, InstanceKey key) {
        ProbeFailure failure = fleet.member(key).map(m -> m.failure()).orElse(null);
        boolean over = failure == null;
        if (over) {
            log.atInfo().addKeyValue("instance", key).log("a server refuses our account no longer");
        }
        return over;
    }
}
