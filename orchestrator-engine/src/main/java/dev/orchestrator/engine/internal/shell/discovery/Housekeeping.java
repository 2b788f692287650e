package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.Backend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes from the backend what nobody needs any more. Only the leader does it. */
final class Housekeeping {
    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration NODES = Duration.ofHours(1);

    private final Backend backend;
    private final OrchestratorConfig config;
    private final Consumer<Collection<InstanceKey>> gone;
    /** The chores that failed the last time; each is told once. Only one thread keeps house. */
    private final Set<String> failing = new HashSet<>();

    /**
     * Makes one.
     *
     * @param gone told which servers were removed because they have not been seen for long
     */
    Housekeeping(Backend backend, OrchestratorConfig config, Consumer<Collection<InstanceKey>> gone) {
        this.backend = backend;
        this.config = config;
        this.gone = gone;
    }

    void run() {
        chore("unseen instances", () -> {
            List<InstanceKey> removed = new ArrayList<>(backend.instances().purge(config.unseenForget()));
            if (!removed.isEmpty()) {
                log.atInfo().addKeyValue("instances", removed).log("servers not seen for long were forgotten");
                gone.accept(removed);
            }
        });
        chore("old recoveries", () -> backend.recoveries().purge(config.auditRetention()));
        chore("old audit entries", () -> backend.audit().purge(config.auditRetention()));
        chore("old locks", () -> backend.locks().purge(config.auditRetention()));
        chore("old pools", () -> backend.pools().purge(config.poolExpiry().multipliedBy(2)));
        chore("silent nodes", () -> backend.nodes().purge(NODES));
        chore("changes of vanished nodes", () -> backend.runs().purge());
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
