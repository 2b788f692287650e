package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.discovery.Unseen;
import dev.orchestrator.spi.Backend;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes from the backend what nobody needs any more. Only the leader does it. */
final class Housekeeping {
    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration NODES = Duration.ofHours(1);

    private final Backend backend;
    private final OrchestratorConfig config;
    private final FleetState keeper;
    private final InstantSource clock;
    private volatile Instant leadingSince = Instant.MAX;
    /** The chores that failed the last time; each is told once. Only one thread keeps house. */
    private final Set<String> failing = new HashSet<>();

    /**
     * Makes one.
     *
     * @param clock the one that readings are stamped by
     */
    Housekeeping(Backend backend, OrchestratorConfig config, FleetState keeper, InstantSource clock) {
        this.backend = backend;
        this.config = config;
        this.keeper = keeper;
        this.clock = clock;
    }

    /** Takes note that this node begins to lead: what it has not polled since is not known to be unseen. */
    void leadingBegins() {
        leadingSince = clock.instant();
    }

    void run() {
        chore("unseen instances", this::forgetUnseen);
        chore("old recoveries", () -> backend.recoveries().purge(config.auditRetention()));
        chore("lifted fences", () -> backend.fences().purge(config.auditRetention()));
        chore("old audit entries", () -> backend.audit().purge(config.auditRetention()));
        chore("old locks", () -> backend.locks().purge(config.auditRetention()));
        chore("old pools", () -> backend.pools().purge(config.poolExpiry().multipliedBy(2)));
        chore("silent nodes", () -> backend.nodes().purge(NODES));
        chore("changes of vanished nodes", () -> backend.runs().purge());
    }

    /** Forgets the servers that have not been seen for long, in the backend and in the snapshot; answers who they were. */
    List<InstanceKey> forgetUnseen() {
        Duration limit = config.unseenForget();
        Set<InstanceKey> spared = Unseen.spared(keeper.settle(), leadingSince, clock.instant(), limit);
        List<InstanceKey> removed = backend.instances().purge(limit, spared);
        if (!removed.isEmpty()) {
            keeper.apply(draft -> {
                removed.forEach(draft::remove);
                return true;
            });
            log.atInfo().addKeyValue("instances", removed).log("servers not seen for long were forgotten");
        }
        return removed;
    }

    private void chore(String what, Runnable task) {
        try {
            task.run();
            failing.remove(what);
        } catch (RuntimeException e) {
            if (failing.add(what)) {
                log.atWarn().addKeyValue("what", what).setCause(e).log("housekeeping failed; it is tried again");
            }
        }
    }
}
