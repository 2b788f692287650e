package dev.orchestrator.standalone.engine;

import dev.orchestrator.api.LeaderElection;
import dev.orchestrator.engine.Elections;
import dev.orchestrator.jooq.JooqBackend;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Stands for election and says every few milliseconds what it believes, until it is killed. */
final class ElectionProcess {
    private ElectionProcess() {}

    public static void main(String[] args) {
        Duration ttl = Duration.ofMillis(Long.parseLong(args[1]));
        ElectionPlace place = new ElectionPlace(List.of(args).subList(2, args.length));
        try (JooqBackend backend = place.open();
                LeaderElection election = Elections.join(backend, "leader", args[0], ttl, ttl.dividedBy(4))) {
            while (!System.out.checkError()) {
                System.out.println(election.standing() + " " + election.epoch().orElse(0));
                LockSupport.parkNanos(5_000_000);
            }
        }
    }
}
