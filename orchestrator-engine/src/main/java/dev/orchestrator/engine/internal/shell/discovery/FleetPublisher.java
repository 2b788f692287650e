package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.event.OrchestratorListener;
import dev.orchestrator.api.event.SomeEvents;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.discovery.FreshReadings;
import dev.orchestrator.spi.InstanceStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has everybody see at once what an order changed. The leader writes its snapshot by itself; where another process acted,
 * the backend would show what was before until the leader's next poll, or for ever where nobody leads.
 *
 * @param discovery reads servers anew
 * @param store where everybody looks
 */
public record FleetPublisher(Discovery discovery, InstanceStore store) implements OrchestratorListener {
    private static final Logger log = LoggerFactory.getLogger(FleetPublisher.class);
    private static final Duration READ = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int ATTEMPTS = 60;

    /**
     * Reads servers anew and shows them. That they cannot be shown is no failure: the order itself was carried out.
     *
     * @param keys the servers
     * @return why they are not shown, for people; empty text when they are
     */
    public String show(Collection<InstanceKey> keys) {
        return trying(keys, () -> tryToShow(keys));
    }

    private static String trying(Collection<InstanceKey> keys, Runnable toShow) {
        try {
            toShow.run();
            return "";
        } catch (OrchestratorException e) {
            String what = "what an order changed is not shown to others before the next poll";
            log.atWarn().addKeyValue("instances", keys).setCause(e).log(what);
            return what + ": " + e.getMessage();
        }
    }

    private void tryToShow(Collection<InstanceKey> keys) {
        if (discovery.isLeading()) {
            discovery.refresh(keys, READ);
            discovery.flush();
            return;
        }
        // What clusters are called is said by operators, too; a node that does not lead has not read it.
        discovery.intents().refresh();
        store(keys, discovery.refresh(keys, READ));
    }

    /** The backend may be away: whoever leads then would not know for ever. Said when it begins, and when it is given up. */
    private void store(Collection<InstanceKey> keys, int attempt) {
        try {
            store(keys);
        } catch (OrchestratorException e) {
            boolean last = attempt == ATTEMPTS;
            if (attempt == 1 || last) {
                log.atWarn()
                        .addKeyValue("instances", keys)
                        .setCause(e)
                        .log(
                                "what a promotion changed cannot be shown to others{}",
                                last ? "" : " yet; it is tried again");
            }
            if (!last) {
                discovery.later(PAUSE, () -> store(keys, attempt + 1));
            }
        }
    }

    private void store(Collection<InstanceKey> keys) {
        if (discovery.isLeading()) {
            discovery.settled();
            discovery.flush();
            return;
        }
        discovery.intents().refresh();
        store(keys, discovery.settled());
    }

    private void store(Collection<InstanceKey> keys, Fleet fresh) {
        FreshReadings read = FreshReadings.of(keys, fresh);
        store.saveClusters(read.clusters());
        store.saveForLeader(read.servers());
    }

    /**
     * Shows everybody who took part in a recovery or takeover.
     *
     * @param recovery its record
     * @return why they are not shown, for people; empty text when they are
     */
    public String show(RecoveryRecord recovery) {
        List<InstanceKey> keys = new ArrayList<>(recovery.replicas());
        keys.add(recovery.failed());
        return show(keys);
    }

    /**
     * Shows a server that was promoted here, as that has made it: if it dies in the next moment, nobody who leads
     * elsewhere, or will, has seen that it replicates from nobody any more, and would take it for half of a pair of co-primaries.
     */
    @Override
    public void onEvent(OrchestratorEvent event) {
        event.match(new SomeEvents<Boolean>() {
            @Override
            public Boolean otherwise(OrchestratorEvent other) {
                return false;
            }

            @Override
            public Boolean primaryPromoted(OrchestratorEvent.PrimaryPromoted it) {
                List<InstanceKey> keys =
                        List.of(Objects.requireNonNull(it.recovery().successor()));
                discovery.later(Duration.ZERO, () -> store(keys, 1));
                return true;
            }
        });
    }
}
