package dev.orchestrator.standalone.engine;

import dev.orchestrator.api.LeaderElection;
import dev.orchestrator.engine.Elections;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.jooq.JooqBackendOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Stands for election and says every few milliseconds what it believes, until it is killed. */
final class ElectionProcess {
    private ElectionProcess() {}

    public static void main(String[] args) {
        Duration ttl = Duration.ofMillis(Long.parseLong(args[2]));
        try (JooqBackend backend = JooqBackend.sqlite(Path.of(args[0]), JooqBackendOptions.forService());
                LeaderElection election = Elections.join(backend, "leader", args[1], ttl, ttl.dividedBy(4))) {
            while (!System.out.checkError()) {
                System.out.println(election.standing() + " " + election.epoch().orElse(0));
                LockSupport.parkNanos(5_000_000);
            }
        }
    }
}
