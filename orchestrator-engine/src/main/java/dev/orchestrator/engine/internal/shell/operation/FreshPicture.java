package dev.orchestrator.engine.internal.shell.operation;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.shell.discovery.FleetView;
import dev.orchestrator.spi.InstanceStore;
import dev.orchestrator.spi.InstanceStore.MemberWrite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has everybody see at once what an order changed. The leader writes its picture by itself; where another process acted,
 * the backend would show what was before until the leader's next poll, or for ever where nobody leads.
 */
public final class FreshPicture {
    private static final Logger log = LoggerFactory.getLogger(FreshPicture.class);
    private static final Duration READ = Duration.ofSeconds(2);

    private final FleetView fleet;
    private final InstanceStore store;
    private final BooleanSupplier leads;

    /**
     * A way to show.
     *
     * @param fleet reads servers anew
     * @param store where everybody looks
     * @param leads whether this process writes its picture anyway
     */
    public FreshPicture(FleetView fleet, InstanceStore store, BooleanSupplier leads) {
        this.fleet = fleet;
        this.store = store;
        this.leads = leads;
    }

    /**
     * Reads servers anew and shows them. What cannot be shown is logged: the order itself was carried out.
     *
     * @param keys the servers
     */
    public void show(Collection<InstanceKey> keys) {
        Fleet fresh = fleet.refresh(keys, READ);
        if (leads.getAsBoolean()) {
            return;
        }
        List<MemberWrite> writes = keys.stream()
                .map(fresh::canonical)
                .distinct()
                .flatMap(k -> fresh.member(k).stream())
                .map(m -> new MemberWrite(m, true))
                .toList();
        List<Cluster> clusters = writes.stream()
                .map(w -> w.member().cluster())
                .distinct()
                .flatMap(id -> fresh.cluster(id).stream())
                .toList();
        try {
            if (!clusters.isEmpty()) {
                store.saveClusters(clusters);
            }
            if (!writes.isEmpty()) {
                store.save(writes);
            }
        } catch (OrchestratorException e) {
            log.atWarn()
                    .addKeyValue("instances", keys)
                    .setCause(e)
                    .log("what an order changed is not shown to others before the next poll");
        }
    }

    /**
     * Shows everybody who took part in a recovery or takeover.
     *
     * @param recovery its record
     */
    public void show(RecoveryRecord recovery) {
        List<InstanceKey> keys = new ArrayList<>(recovery.replicas());
        keys.add(recovery.failed());
        show(keys);
    }
}
